/**
 * markdown-it and bwip-js, which the first template that needs them loads: an idle worker should stay small. Helpers
 * are synchronous, so the first call throws LibraryMissing, and the rendering is repeated once the library is there.
 */
import type createMarkdown from 'markdown-it';

type Markdown = ReturnType<typeof createMarkdown>;
type Barcodes = typeof import('bwip-js/generic');

let markdown: Markdown | undefined;
let barcodes: Barcodes | undefined;

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
