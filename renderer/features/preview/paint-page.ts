/** Draws one page on a canvas of its own, so that what is on the screen stays until the new one is whole. */
import type { PageSize } from './page-layout.ts';
import type { OpenPdf } from './pdf-reader.ts';

/** 16 million pixels are 64 MB; beyond that a page is drawn less sharp. */
const MOST_PIXELS = 16_000_000;

export interface Painting {
  readonly canvas: HTMLCanvasElement;
  /** Rejects when cancelled. */
  readonly done: Promise<void>;
  /** Ends the drawing and frees the pixels, also of one that is done and is not shown. */
  cancel(): void;
}

/** `scale` in CSS pixels a point; `pixelRatio` in device pixels a CSS pixel. */
export function paintPage(
  pdf: OpenPdf,
  index: number,
  size: PageSize,
  { scale, pixelRatio }: { readonly scale: number; readonly pixelRatio: number },
): Painting {
  const cancelling = new AbortController();
  const canvas = document.createElement('canvas');
  const pixels = pixelsOf(size, scale, pixelRatio);
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.className = 'page-canvas';
  canvas.setAttribute('aria-hidden', 'true');
  const done = pdf.draw(index, pixels, cancelling.signal).then((bitmap) => {
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  });
  const cancel = (): void => {
    cancelling.abort();
    releaseCanvas(canvas);
  };
  return { canvas, done, cancel };
}

/** Of the device, for a page of `size` points. */
export function pixelsOf({ width, height }: PageSize, scale: number, pixelRatio: number): PageSize {
  const ratio = Math.min(pixelRatio, Math.sqrt(MOST_PIXELS / (width * scale * height * scale)));
  // As the frame of the page is rounded, so that no pixel is stretched.
  const pixels = (points: number): number => Math.max(1, Math.round(Math.round(points * scale) * ratio));
  return { width: pixels(width), height: pixels(height) };
}

/** Frees the pixels at once instead of when the collector gets to it. */
export function releaseCanvas(canvas: HTMLCanvasElement | undefined): void {
  if (canvas === undefined) return;
  canvas.remove();
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(null);
  canvas.width = 0;
  canvas.height = 0;
}
