/// <reference lib="webworker" />
/**
 * Draws pages of PDFs away from the thread that the person types in: with each font that a document brings Chromium lays out
 * the page again that the font is added to, and drawing a page takes longer than a frame.
 */
import { getDocument, PDFWorker, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import ParsingWorker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker';
import { nextTask } from './next-task.ts';
import type { PageSize } from './page-layout.ts';

/** `number` is the sender's, and comes back in the answer; `pdf` is the number under which a document was opened. */
export type PaintRequest =
  | { readonly kind: 'open'; readonly number: number; readonly bytes: Uint8Array }
  | { readonly kind: 'size'; readonly number: number; readonly pdf: number; readonly page: number }
  | {
      readonly kind: 'draw';
      readonly number: number;
      readonly pdf: number;
      readonly page: number;
      /** Device pixels. */
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'cancel'; readonly number: number }
  | { readonly kind: 'close'; readonly pdf: number };

export type PaintReply =
  | { readonly kind: 'opened'; readonly number: number; readonly pages: number }
  | { readonly kind: 'size'; readonly number: number; readonly size: PageSize }
  | { readonly kind: 'drawn'; readonly number: number; readonly bitmap: ImageBitmap }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string };

/** Where pdf.js makes its canvases and looks for fonts. */
const surroundings = {
  fonts: globalThis.fonts,
  createElement: (): OffscreenCanvas => new OffscreenCanvas(1, 1),
} as unknown as Document;

/** Filters are elements of a page, which a worker has not; pdf.js then computes the pixels itself. */
class NoFilters {
  addFilter = none;
  addHCMFilter = none;
  addAlphaFilter = none;
  addLuminosityFilter = none;
  addKnockoutFilter = none;
  addHighlightHCMFilter = none;
  destroy(): void {
    // There is nothing to remove.
  }
}

function none(): 'none' {
  return 'none';
}

const parser = PDFWorker.create({ port: new ParsingWorker(), verbosity: VerbosityLevel.ERRORS });
const documents = new Map<number, PDFDocumentProxy>();
const drawing = new Map<number, RenderTask>();

async function open(number: number, bytes: Uint8Array): Promise<PaintReply> {
  const document = await getDocument({
    data: bytes,
    worker: parser,
    ownerDocument: surroundings,
    FilterFactory: NoFilters,
    // Chromium embeds every font and uses neither of the image formats that need WebAssembly.
    useWasm: false,
    useSystemFonts: false,
    // Chromium keeps what its decoder made: a hundred edits of pages with pictures left half a gigabyte behind.
    isImageDecoderSupported: false,
    verbosity: VerbosityLevel.ERRORS,
  }).promise;
  documents.set(number, document);
  return { kind: 'opened', number, pages: document.numPages };
}

async function pageOf(pdf: number, page: number) {
  const document = documents.get(pdf);
  if (document === undefined) throw new Error('The document was closed');
  return document.getPage(page + 1);
}

async function draw(request: PaintRequest & { kind: 'draw' }): Promise<PaintReply> {
  const { number, pdf, page: index, width, height } = request;
  const page = await pageOf(pdf, index);
  const canvas = new OffscreenCanvas(width, height);
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  // For the screen pdf.js would wait for a frame before it begins; the pixels then come a frame later.
  const task = page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport, intent: 'print' });
  // Between the parts of a page that takes long, whoever cancels it is heard.
  task.onContinue = (go: () => void) => nextTask(go);
  drawing.set(number, task);
  try {
    await task.promise;
  } catch (error) {
    // Its pixels go at once, not when the collector comes.
    canvas.width = canvas.height = 0;
    throw error;
  } finally {
    drawing.delete(number);
  }
  return { kind: 'drawn', number, bitmap: canvas.transferToImageBitmap() };
}

async function answer(request: Exclude<PaintRequest, { kind: 'cancel' | 'close' }>): Promise<PaintReply> {
  switch (request.kind) {
    case 'open':
      return open(request.number, request.bytes);
    case 'size': {
      const { width, height } = (await pageOf(request.pdf, request.page)).getViewport({ scale: 1 });
      return { kind: 'size', number: request.number, size: { width, height } };
    }
    case 'draw':
      return draw(request);
  }
}

globalThis.addEventListener('message', ({ data }: MessageEvent<PaintRequest>) => {
  if (data.kind === 'cancel') drawing.get(data.number)?.cancel();
  else if (data.kind === 'close') {
    void documents.get(data.pdf)?.loadingTask.destroy();
    documents.delete(data.pdf);
  } else {
    answer(data).then(
      (reply) => postMessage(reply, { transfer: reply.kind === 'drawn' ? [reply.bitmap] : [] }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        postMessage({ kind: 'failed', number: data.number, message } satisfies PaintReply);
      },
    );
  }
});
