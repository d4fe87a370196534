/** What a font's character codes stand for, by its ToUnicode CMap (ISO 32000-2 §9.10.3). */
import { Keyword, Lexer } from '../revision/lexer.ts';
import { PdfString } from '../revision/objects.ts';

export class ToUnicode {
  readonly #texts = new Map<number, string>();
  /** Bytes of a code. */
  readonly #width: number;

  /** `cmap`: decoded; undefined for a font without one, whose codes are then Latin-1. `width`: bytes of a code. */
  constructor(cmap: Uint8Array | undefined, width: number) {
    this.#width = width;
    if (cmap !== undefined) this.#read(new Lexer(cmap));
    else if (width === 1)
      for (let code = 32; code < 256; code += 1) this.#texts.set(code, String.fromCharCode(code));
  }

  /** The text of a shown string; codes without meaning are left out. */
  textOf(bytes: Uint8Array): string {
    let text = '';
    for (let at = 0; at + this.#width <= bytes.length; at += this.#width) {
      text += this.#texts.get(codeAt(bytes, at, this.#width)) ?? '';
    }
    return text;
  }

  #read(lexer: Lexer): void {
    let section = '';
    let operands: PdfString[] = [];
    let list: PdfString[] | undefined;
    for (let token = lexer.next(); token !== 'end'; token = lexer.next()) {
      if (token instanceof Keyword) {
        section = token.word;
        operands = [];
      } else if (token === '[') list = [];
      else if (token === ']') {
        if (section === 'beginbfrange') this.#list(operands, list ?? []);
        [operands, list] = [[], undefined];
      } else if (token instanceof PdfString) {
        (list ?? operands).push(token);
        if (list === undefined && operands.length === (section === 'beginbfchar' ? 2 : 3)) {
          if (section === 'beginbfchar' || section === 'beginbfrange') this.#range(operands);
          operands = [];
        }
      }
    }
  }

  /** `<from> <to> <text>`, or `<code> <text>`. */
  #range(operands: readonly PdfString[]): void {
    const [first, second, third] = operands;
    if (first === undefined || second === undefined) return;
    const from = codeAt(first.bytes, 0, first.bytes.length);
    const to = third === undefined ? from : codeAt(second.bytes, 0, second.bytes.length);
    const start = utf16((third ?? second).bytes);
    for (let code = from; code <= Math.min(to, from + MOST_IN_RANGE); code += 1) {
      const last = start.charCodeAt(start.length - 1) + code - from;
      this.#texts.set(code, start.slice(0, -1) + String.fromCharCode(last));
    }
  }

  /** `<from> <to> [<text> …]`. */
  #list([first]: readonly PdfString[], texts: readonly PdfString[]): void {
    if (first === undefined) return;
    const from = codeAt(first.bytes, 0, first.bytes.length);
    texts.forEach(({ bytes }, index) => this.#texts.set(from + index, utf16(bytes)));
  }
}

const MOST_IN_RANGE = 0xffff;

function codeAt(bytes: Uint8Array, at: number, width: number): number {
  let code = 0;
  for (let index = 0; index < width; index += 1) code = code * 256 + (bytes[at + index] ?? 0);
  return code;
}

const utf16 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
