import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** What a reader finds on the pages of a PDF. */
export interface PdfPages {
  /** The text of each page, runs of white space as one space. */
  readonly texts: readonly string[];
  /** Width and height of each page in points. */
  readonly sizes: readonly (readonly [number, number])[];
  readonly title: string;
}

export async function readPdfPages(pdf: Uint8Array): Promise<PdfPages> {
  // pdf.js takes the buffer over, so it gets a copy; 0 is "errors only".
  const task = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  try {
    const document = await task.promise;
    const texts: string[] = [];
    const sizes: [number, number][] = [];
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
      sizes.push([right - left, top - bottom]);
      const content = await page.getTextContent();
      const pieces = content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''));
      texts.push(pieces.join('').replaceAll(/\s+/g, ' '));
    }
    const { info } = await document.getMetadata();
    const title = 'Title' in info && typeof info.Title === 'string' ? info.Title : '';
    return { texts, sizes, title };
  } finally {
    await task.destroy();
  }
}
