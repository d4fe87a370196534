/** Draws one page on a canvas of its own, so that what is on the screen stays until the new one is whole. */
import type { PdfPage } from './pdf-reader.ts';

/** 16 million pixels are 64 MB; beyond that a page is drawn less sharp. */
const MOST_PIXELS = 16_000_000;

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
  const canvas = document.createElement('canvas');
  // As the frame of the page is rounded, so that no pixel is stretched.
  canvas.width = Math.max(1, Math.round(Math.round(width) * ratio));
  canvas.height = Math.max(1, Math.round(Math.round(height) * ratio));
  canvas.className = 'page-canvas';
  canvas.setAttribute('aria-hidden', 'true');
  const task = page.render({ canvas, viewport: page.getViewport({ scale: canvas.width / (width / scale) }) });
  return { canvas, done: task.promise, cancel: () => task.cancel() };
}

/** Frees the pixels at once instead of when the collector gets to it. */
export function releaseCanvas(canvas: HTMLCanvasElement | undefined): void {
  if (canvas === undefined) return;
  canvas.remove();
  canvas.width = 0;
  canvas.height = 0;
}
