/**
 * The workers that draw pages. One is exchanged for a new one after some documents: with it goes what Chromium keeps of fonts
 * and pictures, which after an hour of edits was hundreds of megabytes.
 */
import type { PageSize } from './page-layout.ts';
import PaintWorker from './paint-worker.ts?worker';
import type { PaintReply, PaintRequest } from './paint-worker.ts';

/** A document that a worker has open. Pages count from 0. */
export interface PaintedPdf {
  readonly pages: number;
  /** Points. */
  size(page: number): Promise<PageSize>;
  /** `pixels` of the device. Rejects when it is cancelled by `signal`. */
  draw(page: number, pixels: PageSize, signal: AbortSignal): Promise<ImageBitmap>;
  close(): void;
}

const DOCUMENTS_OF_A_WORKER = 200;

type Question<Kind extends PaintRequest['kind']> = Omit<PaintRequest & { kind: Kind }, 'number'>;
type Answer<Kind extends PaintReply['kind']> = PaintReply & { kind: Kind };

interface Waiting {
  readonly pdf: number;
  readonly resolve: (reply: PaintReply) => void;
  readonly reject: (error: Error) => void;
}

let newest: Painter | undefined;

/** The worker takes `bytes` over. Rejects for a file that pdf.js cannot read. */
export function openPainted(bytes: Uint8Array): Promise<PaintedPdf> {
  if (newest === undefined || newest.isWorn) {
    newest?.retire();
    newest = new Painter();
  }
  return newest.open(bytes);
}

class Painter {
  readonly #worker = new PaintWorker();
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = new Set<number>();
  #asked = 0;
  #opened = 0;
  #isRetired = false;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<PaintReply>) => {
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if (data.kind === 'failed') waiting?.reject(new Error(data.message));
      else if (waiting !== undefined) waiting.resolve(data);
      else if (data.kind === 'drawn') data.bitmap.close();
    });
    this.#worker.addEventListener('error', () => {
      if (newest === this) newest = undefined;
      for (const { reject } of this.#waiting.values()) reject(new Error('The drawing of pages stopped'));
      this.#waiting.clear();
      this.#worker.terminate();
    });
  }

  get isWorn(): boolean {
    return this.#opened >= DOCUMENTS_OF_A_WORKER;
  }

  /** It ends with its last document. */
  retire(): void {
    this.#isRetired = true;
    if (this.#open.size === 0) this.#worker.terminate();
  }

  async open(bytes: Uint8Array): Promise<PaintedPdf> {
    this.#opened += 1;
    const opening = this.#ask<'opened'>({ kind: 'open', bytes }, [bytes.buffer as ArrayBuffer]);
    const pdf = opening.number;
    this.#open.add(pdf);
    const close = (): void => {
      this.#tell({ kind: 'close', pdf });
      this.#open.delete(pdf);
      // A worker that is ended with its last document answers nobody.
      for (const [number, waiting] of this.#waiting) {
        if (waiting.pdf !== pdf) continue;
        this.#waiting.delete(number);
        waiting.reject(new Error('The document was closed'));
      }
      if (this.#isRetired) this.retire();
    };
    try {
      const { pages } = await opening.answer;
      return {
        pages,
        size: async (page) => (await this.#ask<'size'>({ kind: 'size', pdf, page }).answer).size,
        draw: (page, { width, height }, signal) =>
          this.#draw({ kind: 'draw', pdf, page, width, height }, signal),
        close,
      };
    } catch (error) {
      close();
      throw error;
    }
  }

  async #draw(question: Question<'draw'>, signal: AbortSignal): Promise<ImageBitmap> {
    signal.throwIfAborted();
    const { number, answer } = this.#ask<'drawn'>(question);
    const cancel = (): void => this.#tell({ kind: 'cancel', number });
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const { bitmap } = await answer;
      if (signal.aborted) bitmap.close();
      signal.throwIfAborted();
      return bitmap;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  #ask<Kind extends PaintReply['kind']>(
    question: Question<'open'> | Question<'size'> | Question<'draw'>,
    transfer: Transferable[] = [],
  ): { readonly number: number; readonly answer: Promise<Answer<Kind>> } {
    this.#asked += 1;
    const number = this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<PaintReply>();
    this.#waiting.set(number, { pdf: 'pdf' in question ? question.pdf : number, resolve, reject });
    this.#tell({ ...question, number }, transfer);
    return { number, answer: promise as Promise<Answer<Kind>> };
  }

  #tell(request: PaintRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}
