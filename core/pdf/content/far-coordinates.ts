/**
 * Brings the coordinates of long documents near: PDF/A-1 allows no real number beyond 32,767 (ISO 19005-1 §6.1.12). Chromium draws
 * all pages in one tall space and moves each into view, so that the numbers grow with every page.
 */
import type { ContentEdits } from './content-edits.ts';
import { ContentScanner, operator } from './content-scanner.ts';

const MOST = 32_767;
const STEP = 30_000;

export function nearCoordinates(bytes: Uint8Array, edits: ContentEdits): void {
  const scanner = new ContentScanner(bytes);
  while (scanner.next()) {
    if (scanner.code !== CM) continue;
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = scanner.numbers();
    if (Math.abs(e) <= MOST && Math.abs(f) <= MOST) continue;
    let text = '';
    let [x, y] = [e, f];
    while (Math.abs(x) > STEP || Math.abs(y) > STEP) {
      const [stepX, stepY] = [step(x), step(y)];
      text += `1 0 0 1 ${stepX} ${stepY} cm\n`;
      x -= stepX;
      y -= stepY;
    }
    edits.replace(scanner.start, scanner.end, `${text}${[a, b, c, d, x, y].map(numeral).join(' ')} cm`);
  }
}

const step = (value: number): number => Math.max(-STEP, Math.min(STEP, Math.trunc(value)));
const numeral = (value: number): string => value.toFixed(7).replace(/\.?0+$/, '') || '0';
const CM = operator('cm');
