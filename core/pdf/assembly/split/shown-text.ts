/** Which characters pages show, counted, so that what belongs to another document cannot stand among them unnoticed. */
import { ToUnicode } from '../../content/to-unicode.ts';
import { pageContent } from '../../content/page-content.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfRef, type PdfObject } from '../../revision/objects.ts';

/** As Chromium writes them: the font, then strings in hexadecimal. */
const OPERATION = /\/([^\s/[\]<>()]+) -?[\d.]+ Tf\b|<([\dA-Fa-f]+)>|\bDo\b/g;
/** Laid out anew each time: spaces, hyphens at the end of a line, what has no width. */
const UNSTEADY = /[\s\p{Cf}\p{Cc}\p{Mn}\-\u2010]/u;

interface PageFont {
  readonly texts: ToUnicode;
}

export class ShownText {
  readonly #document: PdfDocument;
  readonly #fonts = new Map<number, PageFont>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** Of one page: its text in the order of painting, and how many images and drawings it places. */
  of(page: number): { readonly text: string; readonly placed: number } {
    const dict = this.#document.get(page);
    if (!(dict instanceof PdfDict)) return { text: '', placed: 0 };
    const fonts = this.#document.dictAt(this.#document.dictAt(dict, 'Resources'), 'Font');
    const content = Buffer.from(pageContent(this.#document, dict)).toString('latin1');
    let font: PageFont | undefined;
    let text = '';
    let placed = 0;
    for (const [, name, hex] of content.matchAll(OPERATION)) {
      if (name !== undefined) font = this.#font(fonts?.get(name));
      else if (hex === undefined) placed += 1;
      else text += font?.texts.textOf(Buffer.from(hex, 'hex')) ?? '';
    }
    return { text, placed };
  }

  #font(object: PdfObject | undefined): PageFont | undefined {
    if (!(object instanceof PdfRef)) return undefined;
    const known = this.#fonts.get(object.number);
    if (known !== undefined) return known;
    const dict = this.#document.get(object.number);
    if (!(dict instanceof PdfDict)) return undefined;
    const map = this.#document.streamAt(dict, 'ToUnicode');
    const width = dict.nameAt('Subtype') === 'Type0' ? 2 : 1;
    const texts = new ToUnicode(map && this.#document.decodedBytes(map), width);
    const font = { texts };
    this.#fonts.set(object.number, font);
    return font;
  }
}

/** How the characters of the pages differ from those of a text, as a line that is equal for equal differences. */
export function inkOf(shown: ShownText, pages: readonly number[], text: string): string {
  const counts = new Map<string, number>();
  let placed = 0;
  for (const page of pages) {
    const { text: own, placed: more } = shown.of(page);
    count(counts, own, 1);
    placed += more;
  }
  count(counts, text, -1);
  const entries = [...counts].filter(([, number]) => number !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${placed} ${entries.map(([character, number]) => `${character}${number}`).join(' ')}`;
}

function count(counts: Map<string, number>, text: string, by: number): void {
  for (const character of text.normalize('NFKD').toLowerCase()) {
    if (UNSTEADY.test(character)) continue;
    counts.set(character, (counts.get(character) ?? 0) + by);
  }
}
