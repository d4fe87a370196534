/**
 * Reads one structure element. A long document has a hundred thousand, nearly all in the one form in which Chromium writes them;
 * that form is read straight from the bytes, every other one through the parser.
 */
import type { PdfDocument } from '../../revision/document.ts';
import { isWhite, Lexer } from '../../revision/lexer.ts';
import { PdfDict, PdfRef, type PdfObject } from '../../revision/objects.ts';
import { parseObject } from '../../revision/parser.ts';
import { Attributes } from './attributes.ts';

/** What an element says; kids are not followed. */
export interface RawElement {
  type: string;
  /** Object number of its page, 0 for none. */
  page: number;
  /** Each a number (MCID), the reference of an element, or a dictionary of another kind. */
  kids: PdfObject[];
  attributes: Attributes | undefined;
  entries: PdfDict | undefined;
}

/** Elements stand close to each other in the file. */
const WINDOW_BYTES = 64 * 1024;
/** Longer ones, with thousands of kids, are left to the parser. */
const MOST_ELEMENT_BYTES = 4_096;

export class ElementReader {
  readonly #document: PdfDocument;
  readonly #attributes = new Map<string, Attributes | undefined>();
  /** The one that `read` gives again and again. */
  readonly #element: RawElement = { type: '', page: 0, kids: [], attributes: undefined, entries: undefined };
  #bytes: Buffer = Buffer.alloc(0);
  #base = 0;
  #at = 0;

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** Valid until the next call; undefined when the object is no element. Throws PDF_DAMAGED. */
  read(number: number): RawElement | undefined {
    return this.#fromBytes(number) ?? this.#fromObject(number);
  }

  #fromObject(number: number): RawElement | undefined {
    const dict = this.#document.get(number);
    const type = dict instanceof PdfDict ? this.#document.nameAt(dict, 'S') : undefined;
    if (!(dict instanceof PdfDict) || type === undefined) return undefined;
    const k = this.#document.resolve(dict.get('K'));
    const page = dict.get('Pg');
    const attributes = dict.get('A');
    const entries = new PdfDict([...dict].filter(([key]) => !OWN_KEYS.has(key)));
    return {
      type,
      page: page instanceof PdfRef ? page.number : 0,
      kids: Array.isArray(k)
        ? k
        : k === null
          ? []
          : [dict.get('K') instanceof PdfRef ? (dict.get('K') ?? null) : k],
      attributes:
        attributes === undefined
          ? undefined
          : this.#shared(Attributes.from(attributes, (object) => this.#document.resolve(object))),
      entries: entries.size === 0 ? undefined : entries,
    };
  }

  #shared(attributes: Attributes | undefined): Attributes | undefined {
    if (attributes === undefined) return undefined;
    const known = this.#attributes.get(attributes.text);
    if (known !== undefined) return known;
    this.#attributes.set(attributes.text, attributes);
    return attributes;
  }

  /** Undefined when there is anything but the usual keys with direct values. */
  #fromBytes(number: number): RawElement | undefined {
    const { reader, changed, deleted } = this.#document;
    if (changed.has(number) || deleted.has(number)) return undefined;
    const offset = reader.offset(number);
    if (offset < 0) return undefined;
    if (offset < this.#base || offset + MOST_ELEMENT_BYTES > this.#base + this.#bytes.length) {
      // A window reaches back, since kids stand before their parents.
      this.#base = Math.max(0, offset - WINDOW_BYTES / 2);
      const bytes = reader.source.read(this.#base, WINDOW_BYTES);
      this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#at = offset - this.#base;
    if (this.#number() !== number || this.#number() < 0 || !this.#word('obj') || !this.#word('<<'))
      return undefined;
    const element = this.#element;
    element.type = '';
    element.page = 0;
    element.kids = [];
    element.attributes = undefined;
    while (this.#peek() === SLASH) {
      if (!this.#entry(element)) return undefined;
    }
    return this.#word('>>') && this.#word('endobj') && element.type !== '' ? element : undefined;
  }

  /** One key and its value. */
  #entry(element: RawElement): boolean {
    const [bytes, at] = [this.#bytes, this.#at];
    let end = at + 1;
    while (isLetter(bytes[end])) end += 1;
    this.#at = end;
    const first = bytes[at + 1];
    if (end === at + 2) {
      if (first === 0x53) {
        element.type = this.#name();
        return element.type !== '';
      }
      if (first === 0x50) return this.#reference() > 0;
      if (first === 0x4b) return this.#kids(element.kids);
      if (first === 0x41) return this.#attribute(element);
      return false;
    }
    if (end === at + 3 && first === 0x50 && bytes[at + 2] === 0x67) {
      element.page = this.#reference();
      return element.page > 0;
    }
    return end === at + 5 && first === 0x54 && this.#word('/StructElem');
  }

  #kids(kids: PdfObject[]): boolean {
    if (this.#peek() !== 0x5b) {
      const kid = this.#kid();
      if (kid !== undefined) kids.push(kid);
      return kid !== undefined;
    }
    this.#at += 1;
    while (this.#peek() !== 0x5d) {
      const kid = this.#kid();
      if (kid === undefined) return false;
      kids.push(kid);
    }
    this.#at += 1;
    return true;
  }

  /** An MCID or a reference. */
  #kid(): PdfObject | undefined {
    const number = this.#number();
    if (number < 0) return undefined;
    const back = this.#at;
    const generation = this.#number();
    if (generation >= 0 && this.#peek() === 0x52 && !isLetter(this.#bytes[this.#at + 1])) {
      this.#at += 1;
      return new PdfRef(number, generation);
    }
    this.#at = back;
    return number;
  }

  #reference(): number {
    const kid = this.#kid();
    return kid instanceof PdfRef ? kid.number : -1;
  }

  /** Elements share attributes by their bytes: thousands of cells differ in nothing but their column. */
  #attribute(element: RawElement): boolean {
    this.#peek();
    const start = this.#at;
    const end = this.#valueEnd(start);
    if (end < 0) return false;
    const text = this.#latin1(start, end);
    if (!this.#attributes.has(text)) {
      if (/\d\s+\d+\s+R\b/.test(text)) return false;
      this.#attributes.set(text, this.#shared(Attributes.from(parsed(text), direct)));
    }
    element.attributes = this.#attributes.get(text);
    this.#at = end;
    return true;
  }

  /** Behind an array or dictionary without strings that hold brackets; -1 when it is anything else. */
  #valueEnd(start: number): number {
    const bytes = this.#bytes;
    let depth = 0;
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === 0x5b || byte === 0x3c) depth += 1;
      else if (byte === 0x5d || byte === 0x3e) {
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (byte === 0x5c || byte === 0x25 || depth === 0) return -1;
    }
    return -1;
  }

  #peek(): number | undefined {
    while (isWhite(this.#bytes[this.#at])) this.#at += 1;
    return this.#bytes[this.#at];
  }

  /** A whole number without sign; -1 when there is none. */
  #number(): number {
    this.#peek();
    const bytes = this.#bytes;
    let value = -1;
    for (; ; this.#at += 1) {
      const digit = (bytes[this.#at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return value;
      value = (value < 0 ? 0 : value * 10) + digit;
    }
  }

  /** A name of letters and digits; empty when there is none. */
  #name(): string {
    if (this.#peek() !== SLASH) return '';
    const start = this.#at + 1;
    let end = start;
    while (isLetter(this.#bytes[end])) end += 1;
    this.#at = end;
    return this.#latin1(start, end);
  }

  #latin1(start: number, end: number): string {
    return this.#bytes.toString('latin1', start, end);
  }

  #word(word: string): boolean {
    this.#peek();
    for (let index = 0; index < word.length; index += 1) {
      if (this.#bytes[this.#at + index] !== word.charCodeAt(index)) return false;
    }
    this.#at += word.length;
    return true;
  }
}

const SLASH = 0x2f;
const OWN_KEYS = new Set(['Type', 'S', 'P', 'Pg', 'K', 'A']);

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39));

const direct = (object: PdfObject): PdfObject => object;
const parsed = (text: string): PdfObject => parseObject(new Lexer(Buffer.from(text, 'latin1')));
