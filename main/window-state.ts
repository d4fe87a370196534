/** Where the window was, kept in a small file in the app's own folder. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Absent: the system places it. */
  readonly bounds: Rectangle | { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

const DEFAULT: WindowState = { bounds: { width: 1280, height: 820 }, maximized: false };
const LEAST = { width: 480, height: 360 };

function isRectangle(value: unknown): value is Rectangle {
  return (
    typeof value === 'object' &&
    value !== null &&
    (['x', 'y', 'width', 'height'] as const).every((key) =>
      Number.isInteger((value as Partial<Rectangle>)[key]),
    )
  );
}

/** True when enough of the window can be seen and dragged on some display. */
function isReachable(window: Rectangle, displays: readonly Rectangle[]): boolean {
  return displays.some((display) => {
    const across =
      Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x);
    const down =
      Math.min(window.y + window.height, display.y + display.height) - Math.max(window.y, display.y);
    return across >= 120 && down >= 80 && window.y >= display.y - 10;
  });
}

/** The kept state; the default when there is none, it cannot be read, or its display is gone. */
export function readWindowState(file: string, displays: readonly Rectangle[]): WindowState {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return DEFAULT;
  }
  if (typeof kept !== 'object' || kept === null || !('bounds' in kept) || !isRectangle(kept.bounds))
    return DEFAULT;
  const { bounds } = kept;
  if (bounds.width < LEAST.width || bounds.height < LEAST.height || !isReachable(bounds, displays))
    return DEFAULT;
  return { bounds, maximized: 'maximized' in kept && kept.maximized === true };
}

/** Losing the place of a window is no reason to disturb anyone: a failure is reported to `onError` only. */
export function writeWindowState(file: string, state: WindowState, onError: (error: unknown) => void): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch (error) {
    onError(error);
  }
}
