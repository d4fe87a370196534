/** pdf.js, loaded when the first document is shown: one worker reads the text and links of all documents, others draw (page-painter.ts). */
import type * as pdfjs from 'pdfjs-dist';
import type {
  PDFDocumentLoadingTask,
  PDFDocumentProxy,
  PDFPageProxy,
  PDFWorker,
  TextLayer,
} from 'pdfjs-dist';
import type { PageSize } from './page-layout.ts';
import { openPainted } from './page-painter.ts';
import type { TextPiece } from './search-text.ts';

type PdfLibrary = Pick<typeof pdfjs, 'getDocument' | 'PDFWorker' | 'TextLayer' | 'VerbosityLevel'>;
export type TextContent = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;
export type PdfPage = PDFPageProxy;

export interface OutlineEntry {
  readonly title: string;
  readonly dest: string | readonly unknown[] | null;
  readonly items: readonly OutlineEntry[];
}

/** Page from 0, points from its top. */
export interface Target {
  readonly page: number;
  readonly y: number;
}

export interface PageLink {
  /** Points from the top left of the page: left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
  readonly url: string | undefined;
  readonly dest: string | readonly unknown[] | undefined;
}

/** An open document. Pages count from 0. */
export interface OpenPdf {
  readonly pages: number;
  page(index: number): Promise<PdfPage>;
  /** Points. */
  size(index: number): Promise<PageSize>;
  /** `pixels` of the device. Rejects when it is cancelled by `signal`, and when the document was closed. */
  draw(index: number, pixels: PageSize, signal: AbortSignal): Promise<ImageBitmap>;
  text(index: number): Promise<TextContent>;
  links(index: number): Promise<readonly PageLink[]>;
  outline(): Promise<readonly OutlineEntry[]>;
  /** Undefined when the destination leads nowhere. */
  target(dest: string | readonly unknown[]): Promise<Target | undefined>;
  destroy(): void;
}

export interface PdfReader {
  /** Takes the bytes over: they are gone for the caller. */
  open(bytes: Uint8Array): Promise<OpenPdf>;
  readonly TextLayer: typeof TextLayer;
}

let reader: Promise<PdfReader> | undefined;

export function loadPdfReader(): Promise<PdfReader> {
  reader ??= load().catch((error: unknown) => {
    // The next document tries anew: the page may have been offline.
    reader = undefined;
    throw error;
  });
  return reader;
}

async function load(): Promise<PdfReader> {
  const [library, { default: Worker }] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker'),
  ]);
  const worker = library.PDFWorker.create({ port: new Worker(), verbosity: library.VerbosityLevel.ERRORS });
  return {
    open: (bytes) => openDocument(library, worker, bytes),
    TextLayer: library.TextLayer,
  };
}

export const isPiece = (item: TextContent['items'][number]): item is Extract<typeof item, TextPiece> =>
  'str' in item;

interface LinkAnnotation {
  readonly subtype: string;
  readonly rect: readonly [number, number, number, number];
  readonly url?: string;
  readonly dest?: string | readonly unknown[];
}

/** Points; what is smaller is no link that a person could click. */
const LEAST_LINK = 2;

async function readLinks(page: PdfPage): Promise<PageLink[]> {
  const annotations = (await page.getAnnotations()) as LinkAnnotation[];
  const viewport = page.getViewport({ scale: 1 });
  const links: PageLink[] = [];
  for (const { subtype, rect, url, dest } of annotations) {
    if (subtype !== 'Link' || (url === undefined && dest === undefined)) continue;
    const [x1, y1] = viewport.convertToViewportPoint(rect[0], rect[1]) as [number, number];
    const [x2, y2] = viewport.convertToViewportPoint(rect[2], rect[3]) as [number, number];
    const box = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)] as const;
    if (box[2] - box[0] >= LEAST_LINK && box[3] - box[1] >= LEAST_LINK) links.push({ box, url, dest });
  }
  return links;
}

async function readTarget(
  document: PDFDocumentProxy,
  dest: string | readonly unknown[],
): Promise<Target | undefined> {
  const explicit: readonly unknown[] | null =
    typeof dest === 'string' ? await document.getDestination(dest) : dest;
  const [ref, , , y] = explicit ?? [];
  if (typeof ref !== 'object' || ref === null) return undefined;
  const index = await document.getPageIndex(ref as { num: number; gen: number });
  const page = await document.getPage(index + 1);
  const [, top] = page.getViewport({ scale: 1 }).convertToViewportPoint(0, Number(y ?? 0)) as [
    number,
    number,
  ];
  return { page: index, y: y == null ? 0 : top };
}

async function openDocument(library: PdfLibrary, worker: PDFWorker, bytes: Uint8Array): Promise<OpenPdf> {
  const painted = await openPainted(bytes.slice());
  // Read when its text or its links are asked for: most prints are followed by another before.
  let reading: PDFDocumentLoadingTask | undefined;
  let isClosed = false;
  const read = (): Promise<PDFDocumentProxy> => {
    if (isClosed) return Promise.reject(new Error('The document was closed'));
    reading ??= library.getDocument({
      data: bytes,
      worker,
      useWasm: false,
      useSystemFonts: false,
      verbosity: library.VerbosityLevel.ERRORS,
    });
    return reading.promise;
  };
  const texts = new Map<number, Promise<TextContent>>();
  const page = async (index: number): Promise<PdfPage> => (await read()).getPage(index + 1);
  return {
    pages: painted.pages,
    page,
    size: (index) => painted.size(index),
    draw: (index, pixels, signal) => painted.draw(index, pixels, signal),
    text: (index) => {
      const known = texts.get(index) ?? page(index).then((open) => open.getTextContent());
      texts.set(index, known);
      return known;
    },
    links: async (index) => readLinks(await page(index)),
    outline: async () => {
      // None is null, whatever the types say.
      const entries: unknown = await (await read()).getOutline();
      return Array.isArray(entries) ? (entries as OutlineEntry[]) : [];
    },
    target: async (dest) => readTarget(await read(), dest).catch(() => undefined),
    destroy: () => {
      isClosed = true;
      painted.close();
      void reading?.destroy();
    },
  };
}
