/** What a font's character codes stand for, by its ToUnicode CMap (ISO 32000-2 §9.10.3, Adobe technical note 5411). */
import { Keyword, Lexer, PdfSyntaxError, type Token } from '../revision/lexer.ts';
import type { PdfDocument } from '../revision/document.ts';
import { PdfName, PdfString, type PdfStream } from '../revision/objects.ts';

/** Codes of two bytes are all that PDF writers use; a range of four bytes would be an attack. */
const MOST_CODES = 65_536;

export type PutText = (code: number, text: string) => void;

const READ = new WeakMap<PdfStream, ReadonlyMap<number, string>>();

/** Text by code of the CMap in a stream, which is read once. Throws PDF_DAMAGED. */
export function toUnicodeOf(document: PdfDocument, stream: PdfStream): ReadonlyMap<number, string> {
  const known = READ.get(stream);
  if (known !== undefined) return known;
  const texts = readToUnicode(document.decodedBytes(stream));
  READ.set(stream, texts);
  return texts;
}

/** Text by code. What cannot be read is left out. */
export function readToUnicode(cmap: Uint8Array): Map<number, string> {
  const texts = new Map<number, string>();
  const put: PutText = (code, text) => {
    if (texts.size < MOST_CODES) texts.set(code, text);
  };
  const lexer = new Lexer(cmap, { lenient: true });
  try {
    for (let token = lexer.next(); token !== 'end'; token = lexer.next()) {
      const read = token instanceof Keyword ? TEXT_SECTIONS.get(token.word) : undefined;
      if (read !== undefined) eachEntry(lexer, (first) => read(lexer, first, put));
    }
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
  }
  return texts;
}

/** Goes through a section of a CMap: `read` is given the string that each entry begins with, and takes the rest. */
export function eachEntry(lexer: Lexer, read: (first: Uint8Array) => void): void {
  for (;;) {
    const token = lexer.next();
    if (token === 'end' || token instanceof Keyword) return;
    if (token instanceof PdfString) read(token.bytes);
  }
}

/** By the keyword that begins the section: reads one entry, behind its first code. */
export const TEXT_SECTIONS: ReadonlyMap<string, (lexer: Lexer, first: Uint8Array, put: PutText) => void> =
  new Map([
    ['beginbfchar', readCharacter],
    ['beginbfrange', readRange],
  ]);

function readCharacter(lexer: Lexer, first: Uint8Array, put: PutText): void {
  const text = textOfToken(lexer.next());
  if (text !== undefined) put(numberFrom(first), text);
}

/** Only the last byte of a range counts up. */
function readRange(lexer: Lexer, firstBytes: Uint8Array, put: PutText): void {
  const end = lexer.next();
  const lastByte = end instanceof PdfString ? (end.bytes.at(-1) ?? 0) : 0;
  const first = numberFrom(firstBytes);
  const last = first - (firstBytes.at(-1) ?? 0) + lastByte;
  const target = lexer.next();
  if (target === '[') {
    for (let code = first; ; code += 1) {
      const item = lexer.next();
      if (item === ']' || item === 'end') return;
      const text = textOfToken(item);
      if (text !== undefined && code <= last) put(code, text);
    }
  }
  if (!(target instanceof PdfString) || target.bytes.length === 0) return;
  const bytes = Uint8Array.from(target.bytes);
  const lowest = bytes.at(-1) ?? 0;
  for (let code = first; code <= last; code += 1) {
    bytes[bytes.length - 1] = lowest + (code - first);
    put(code, utf16(bytes));
  }
}

/** A code of any length. */
export function numberFrom(bytes: Uint8Array): number {
  let value = 0;
  for (let at = 0; at < bytes.length; at += 1) value = value * 256 + (bytes[at] as number);
  return value;
}

function textOfToken(token: Token): string | undefined {
  if (token instanceof PdfName) return token.name;
  return token instanceof PdfString ? utf16(token.bytes) : undefined;
}

function utf16(bytes: Uint8Array): string {
  if (bytes.length === 1) return String.fromCharCode(bytes[0] as number);
  if (bytes.length === 2) return String.fromCharCode(numberFrom(bytes));
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return even.swap16().toString('utf16le');
}

/** What strings that are shown say. */
export class ToUnicode {
  readonly #texts: ReadonlyMap<number, string>;
  /** Bytes of a code. */
  readonly #width: number;

  /** `cmap`: decoded; undefined for a font without one, whose codes are then Latin-1. `width`: bytes of a code. */
  constructor(cmap: Uint8Array | undefined, width: number) {
    this.#width = width;
    this.#texts = cmap !== undefined ? readToUnicode(cmap) : width === 1 ? LATIN_1 : new Map();
  }

  /** The text of a shown string; codes without meaning are left out. */
  textOf(bytes: Uint8Array): string {
    let text = '';
    for (let at = 0; at + this.#width <= bytes.length; at += this.#width) {
      text += this.#texts.get(numberFrom(bytes.subarray(at, at + this.#width))) ?? '';
    }
    return text;
  }
}

const LATIN_1: ReadonlyMap<number, string> = new Map(
  Array.from({ length: 224 }, (_, index) => [index + 32, String.fromCharCode(index + 32)]),
);
