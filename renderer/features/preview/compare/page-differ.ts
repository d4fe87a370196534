/** Two versions of a document, page by page: which pages differ, and where. */
import type { OpenPdf } from '../pdf-reader.ts';
import { pixelsOf } from '../paint-page.ts';
import type { DiffReply, DiffRequest } from './diff-worker.ts';

export interface PageDiff {
  /** From 0. */
  readonly page: number;
  /** Part of the pixels, 0 to 1; a page that only one version has is 1. */
  readonly changed: number;
}

export interface DiffPictures {
  readonly width: number;
  readonly height: number;
  /** Undefined where this version has no such page. */
  readonly before: ImageData | undefined;
  readonly after: ImageData | undefined;
  readonly mask: ImageData | undefined;
  readonly changed: number;
}

/** CSS pixels a point: 108 dots an inch, enough for a letter that changed. */
const COMPARE_SCALE = 1.5;

export interface PageDiffer {
  /** Pages of the longer version. */
  readonly pages: number;
  compare(page: number): Promise<DiffPictures>;
  close(): void;
}

async function picture(pdf: OpenPdf, index: number): Promise<ImageData | undefined> {
  if (index >= pdf.pages) return undefined;
  const { width, height } = pixelsOf(await pdf.size(index), COMPARE_SCALE, 1);
  const bitmap = await pdf.draw(index, { width, height }, new AbortController().signal);
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context?.getImageData(0, 0, width, height);
}

const isSameSize = (a: ImageData, b: ImageData): boolean => a.width === b.width && a.height === b.height;

export function createPageDiffer(before: OpenPdf, after: OpenPdf, worker: Worker): PageDiffer {
  const waiting = new Map<number, (reply: DiffReply) => void>();
  let asked = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<DiffReply>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  const diff = (a: ImageData, b: ImageData): Promise<DiffReply> =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      const copies = [a, b].map(({ data }) => data.slice().buffer);
      const request: DiffRequest = {
        id: asked,
        width: a.width,
        height: a.height,
        before: copies[0] ?? new ArrayBuffer(),
        after: copies[1] ?? new ArrayBuffer(),
      };
      worker.postMessage(request, copies);
    });

  return {
    pages: Math.max(before.pages, after.pages),
    async compare(page) {
      const [a, b] = await Promise.all([picture(before, page), picture(after, page)]);
      const width = Math.max(a?.width ?? 0, b?.width ?? 0);
      const height = Math.max(a?.height ?? 0, b?.height ?? 0);
      if (a === undefined || b === undefined || !isSameSize(a, b))
        return { width, height, before: a, after: b, mask: undefined, changed: 1 };
      const { mask, changed } = await diff(a, b);
      const pixels = new ImageData(new Uint8ClampedArray(mask), width, height);
      return { width, height, before: a, after: b, mask: pixels, changed: changed / (width * height) };
    },
    close() {
      worker.terminate();
    },
  };
}
