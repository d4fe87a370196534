/** Frames for a page that draws none by itself. */
import { setTimeout as sleep } from 'node:timers/promises';

const FRAME_MS = 10;

/**
 * Draws frames until `work` is over: what `<use>` refers to and the controls of sound and video come with them.
 * `drawFrame` undefined: they come by themselves.
 */
export async function withFrames<T>(
  drawFrame: (() => Promise<void>) | undefined,
  work: Promise<T>,
): Promise<T> {
  if (drawFrame === undefined) return work;
  const over = new AbortController();
  const drawing = drawUntil(over.signal, drawFrame);
  try {
    return await work;
  } finally {
    over.abort();
    await drawing;
  }
}

/** Never rejects: a page that cannot draw tells so by `work`. */
async function drawUntil(over: AbortSignal, drawFrame: () => Promise<void>): Promise<void> {
  try {
    for (;;) {
      await sleep(FRAME_MS, undefined, { signal: over });
      await drawFrame();
    }
  } catch {
    return;
  }
}
