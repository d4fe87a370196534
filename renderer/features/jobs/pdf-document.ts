/** Pages of a PDF as pictures. pdf.js is loaded with the first document. */
import type * as PdfLibrary from 'pdfjs-dist';
import type { PDFDocumentProxy } from 'pdfjs-dist';

export interface OpenDocument {
  readonly pages: number;
  /** Points. */
  readonly first: { readonly width: number; readonly height: number };
  /** Draws page `index`, from 0, into an element, as wide as it is. */
  draw(index: number, into: HTMLElement): { remove(): void };
  close(): void;
}

let loaded: Promise<typeof PdfLibrary> | undefined;

async function load(): Promise<typeof PdfLibrary> {
  const [library, { default: Worker }] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker'),
  ]);
  library.GlobalWorkerOptions.workerPort = new Worker();
  return library;
}

/** Takes the bytes over. Rejects when pdf.js cannot be loaded or cannot read them. */
export async function openDocument(bytes: Uint8Array): Promise<OpenDocument> {
  loaded ??= load().catch((error: unknown) => {
    // The host may have been away; the next document asks anew.
    loaded = undefined;
    throw error;
  });
  const library = await loaded;
  const task = library.getDocument({
    data: bytes,
    // Chromium embeds every font and writes no image that needs WebAssembly.
    useWasm: false,
    useSystemFonts: false,
    verbosity: library.VerbosityLevel.ERRORS,
  });
  const document = await task.promise;
  const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
  return {
    pages: document.numPages,
    first: { width, height },
    draw: (index, into) => draw(document, index, into),
    close: () => void task.destroy(),
  };
}

function draw(document: PDFDocumentProxy, index: number, into: HTMLElement): { remove(): void } {
  let removed = false;
  const isRemoved = (): boolean => removed;
  let canvas: HTMLCanvasElement | undefined;
  const paint = async (): Promise<void> => {
    const page = await document.getPage(index + 1);
    const { width, height } = page.getViewport({ scale: 1 });
    if (isRemoved()) return;
    into.style.aspectRatio = `${width} / ${height}`;
    const scale = (into.clientWidth * devicePixelRatio) / width;
    const drawn = into.ownerDocument.createElement('canvas');
    drawn.width = Math.max(1, Math.round(width * scale));
    drawn.height = Math.max(1, Math.round(height * scale));
    await page.render({ canvas: drawn, viewport: page.getViewport({ scale }) }).promise;
    if (isRemoved()) return;
    canvas = drawn;
    into.replaceChildren(drawn);
  };
  // A document that is closed while it is drawn rejects; nobody looks at it any more.
  paint().catch(() => undefined);
  return {
    remove: () => {
      removed = true;
      canvas?.remove();
    },
  };
}
