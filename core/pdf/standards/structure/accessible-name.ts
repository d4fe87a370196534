/** What an element says in words: its replacement or alternative text, else the text that it shows. */
import { markedText, type MarkedText } from '../../content/marked-text.ts';
import { ToUnicode } from '../../content/to-unicode.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfStream, PdfString } from '../../revision/objects.ts';
import { textOf } from '../../revision/text-string.ts';
import { MarkedContent, StructureElement } from './element.ts';
import { pageContent, readingContent } from '../../content/page-content.ts';

/** Texts of pages are kept for as many as a link or heading usually spans. */
const KEPT_STREAMS = 4;

export class AccessibleNames {
  readonly #document: PdfDocument;
  readonly #texts = new Map<number, Map<number, MarkedText>>();
  readonly #fonts = new Map<PdfDict, ToUnicode>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** White space is folded. Empty when the element says nothing. Throws PDF_DAMAGED. */
  of(element: StructureElement): string {
    return this.#raw(element).replaceAll(/\s+/g, ' ').trim();
  }

  /** Where content begins on its page, or in its form XObject; undefined when it shows neither text nor image. */
  placeOf(content: MarkedContent): MarkedText['place'] {
    return this.#textsOf(content.holder).get(content.mcid)?.place;
  }

  #raw(element: StructureElement): string {
    for (const key of ['ActualText', 'Alt']) {
      const value = this.#document.resolve(element.entries?.get(key));
      if (value instanceof PdfString) return textOf(value);
    }
    let text = '';
    for (const kid of element.kids) {
      if (kid instanceof MarkedContent) text += this.#textsOf(kid.holder).get(kid.mcid)?.text ?? '';
      else if (kid instanceof StructureElement) text += this.#raw(kid);
    }
    return text;
  }

  #textsOf(holder: number): Map<number, MarkedText> {
    const known = this.#texts.get(holder);
    if (known !== undefined) return known;
    const texts = this.#read(holder);
    this.#texts.set(holder, texts);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > KEPT_STREAMS && oldest !== undefined) this.#texts.delete(oldest);
    return texts;
  }

  #read(holder: number): Map<number, MarkedText> {
    const object = this.#document.get(holder);
    const dict = object instanceof PdfStream ? object.dict : object;
    if (!(dict instanceof PdfDict)) return new Map();
    const bytes =
      object instanceof PdfStream ? this.#document.decodedBytes(object) : pageContent(this.#document, dict);
    const fonts = this.#document.dictAt(this.#document.dictAt(dict, 'Resources'), 'Font');
    return readingContent(() => markedText(bytes, (name) => this.#font(this.#document.dictAt(fonts, name))));
  }

  #font(font: PdfDict | undefined): ToUnicode | undefined {
    if (font === undefined) return undefined;
    const known = this.#fonts.get(font);
    if (known !== undefined) return known;
    const cmap = this.#document.streamAt(font, 'ToUnicode');
    const width = this.#document.nameAt(font, 'Subtype') === 'Type0' ? 2 : 1;
    const read = readingContent(() => new ToUnicode(cmap && this.#document.decodedBytes(cmap), width));
    this.#fonts.set(font, read);
    return read;
  }
}
