/** Draws one page on a canvas of its own, so that what is on the screen stays until the new one is whole. */
import { createCanvas } from './drawing-document.ts';
import { nextTask } from './next-task.ts';
import type { PdfPage } from './pdf-reader.ts';

/** 16 million pixels are 64 MB; beyond that a page is drawn less sharp. */
const MOST_PIXELS = 16_000_000;

/**
 * Canvases that were released. They are drawn on again: with each font that comes or goes Chromium looks at every canvas
 * that was made and not yet collected, which after some edits took longer than the drawing.
 */
const spare: HTMLCanvasElement[] = [];
const MOST_SPARE = 8;

export interface Painting {
  readonly canvas: HTMLCanvasElement;
  /** Rejects when cancelled. */
  readonly done: Promise<void>;
  cancel(): void;
}

/** `scale` in CSS pixels a point; `pixelRatio` in device pixels a CSS pixel. */
export function paintPage(page: PdfPage, scale: number, pixelRatio: number): Painting {
  const { width, height } = page.getViewport({ scale });
  const ratio = Math.min(pixelRatio, Math.sqrt(MOST_PIXELS / (width * height)));
  const canvas = spare.pop() ?? createCanvas();
  // As the frame of the page is rounded, so that no pixel is stretched.
  canvas.width = Math.max(1, Math.round(Math.round(width) * ratio));
  canvas.height = Math.max(1, Math.round(Math.round(height) * ratio));
  canvas.className = 'page-canvas';
  canvas.setAttribute('aria-hidden', 'true');
  const viewport = page.getViewport({ scale: canvas.width / (width / scale) });
  // For the screen pdf.js would wait for a frame before it begins; the pixels then come a frame later.
  const task = page.render({ canvas, viewport, intent: 'print' });
  let begun = false;
  task.onContinue = (go: () => void) => {
    // Between the parts of a page that takes long, keys come first.
    if (begun) nextTask(go);
    else go();
    begun = true;
  };
  return { canvas, done: task.promise, cancel: () => task.cancel() };
}

/** Frees the pixels at once instead of when the collector gets to it. */
export function releaseCanvas(canvas: HTMLCanvasElement | undefined): void {
  if (canvas === undefined) return;
  canvas.remove();
  canvas.width = 0;
  canvas.height = 0;
  if (spare.length < MOST_SPARE && !spare.includes(canvas)) spare.push(canvas);
}
