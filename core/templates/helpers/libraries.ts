/**
 * markdown-it, bwip-js and qr, which the first template that needs them loads: an idle worker should stay small. Helpers
 * are synchronous, so the first call throws LibraryMissing, and the rendering is repeated once the library is there.
 */
import type * as bwip from 'bwip-js/generic';
import type createMarkdown from 'markdown-it';
import type { encodeQR } from 'qr';

type Markdown = ReturnType<typeof createMarkdown>;
type Barcodes = typeof bwip;

let markdown: Markdown | undefined;
let barcodes: Barcodes | undefined;
let qr: typeof encodeQR | undefined;

export class LibraryMissing extends Error {
  readonly load: () => Promise<void>;

  constructor(load: () => Promise<void>) {
    super('a library is not loaded yet');
    this.load = load;
  }
}

export function markdownLibrary(): Markdown {
  if (markdown) return markdown;
  throw new LibraryMissing(async () => {
    const { default: create } = await import('markdown-it');
    // Its link check refuses javascript:, vbscript:, file: and data: other than images.
    markdown = create('default', { html: false, linkify: false, typographer: false });
  });
}

export function barcodeLibrary(): Barcodes {
  if (barcodes) return barcodes;
  throw new LibraryMissing(async () => {
    barcodes = await import('bwip-js/generic');
  });
}

/** Sixty times as quick for QR codes as bwip-js, and without its 13 MB. */
export function qrLibrary(): typeof encodeQR {
  if (qr) return qr;
  throw new LibraryMissing(async () => {
    ({ encodeQR: qr } = await import('qr'));
  });
}
