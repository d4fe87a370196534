/** Pages as pixels, painted by PDFium. Its WebAssembly is loaded when the first page needs it. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PDFiumLibrary } from '@hyzyla/pdfium';
import type { ByteSource } from '../../revision/byte-source.ts';

export interface PagePicture {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel, opaque, rows from the top. */
  readonly rgba: Uint8Array;
}

/** Sharp enough for small print, as scanners are set for text. */
const DOTS_PER_INCH = 200;
/** Of a page of 14400 points each pixel would be an inch else. */
const MOST_PIXELS = 50_000_000;
/** PDFium wants the whole file in memory, twice. */
const MOST_SOURCE_BYTES = 100 * 1024 * 1024;

let library: ReturnType<typeof loadLibrary> | undefined;

async function loadLibrary(): Promise<Awaited<ReturnType<typeof PDFiumLibrary.init>>> {
  const { PDFiumLibrary: Library } = await import('@hyzyla/pdfium');
  // The build lays the file beside the worker.
  const file = import.meta.url.endsWith('.ts')
    ? import.meta.resolve('@hyzyla/pdfium/pdfium.wasm')
    : new URL('./pdfium.wasm', import.meta.url).href;
  const bytes = await readFile(fileURLToPath(file));
  return Library.init({ wasmBinary: new Uint8Array(bytes).buffer });
}

/**
 * Paints pages of a file; `pages` are numbers from 1 with their sizes in points. Undefined when the file is too large for it.
 */
export async function* pagePictures(
  source: ByteSource,
  pages: readonly { readonly number: number; readonly width: number; readonly height: number }[],
): AsyncGenerator<PagePicture | undefined> {
  if (source.size > MOST_SOURCE_BYTES) return;
  library ??= loadLibrary();
  const document = await (await library).loadDocument(source.read(0, source.size));
  try {
    for (const { number, width, height } of pages) {
      const points = width * height;
      const scale = Math.min(DOTS_PER_INCH / 72, Math.sqrt(MOST_PIXELS / points));
      const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
      const size = { width: across ?? 1, height: down ?? 1 };
      const picture = await document.getPage(number - 1).render({ ...size, scale: 1, render: 'bitmap' });
      yield { ...size, rgba: picture.data };
    }
  } finally {
    document.destroy();
  }
}
