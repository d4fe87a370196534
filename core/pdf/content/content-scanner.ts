/**
 * Walks the operations of a content stream (ISO 32000-2 §7.8.2) at the speed of its bytes: nothing is parsed until it is asked
 * for. The long documents of Chromium have millions of operations, of which a repair looks at few.
 */
import { isWhite, PdfSyntaxError } from '../revision/lexer.ts';

/** An operator as a number, which compares faster than text: its bytes, the first one lowest. */
export function operator(word: string): number {
  let code = 0;
  for (let at = 0; at < word.length; at += 1) code |= word.charCodeAt(at) << (8 * at);
  return code;
}

const BI = operator('BI');
const EI = operator('EI');

const WHITE = 1;
const DELIMITER = 2;
const NUMERIC = 3;
/** 0 letters and other regular characters. */
const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITE;
for (const character of '()<>[]{}/%') CLASS[character.charCodeAt(0)] = DELIMITER;
for (const character of '0123456789+-.') CLASS[character.charCodeAt(0)] = NUMERIC;

export class ContentScanner {
  readonly bytes: Uint8Array;
  /** Of the operation, as `operator` packs it; longer words than four bytes are 0. An inline image is one `EI`. */
  code = 0;
  /** Offset of the first operand, or of the operator when there is none. */
  start = 0;
  /** Offset of the operator. */
  operatorStart = 0;
  /** Offset behind the operator. */
  end = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next operation, false behind the last one. Throws PdfSyntaxError for a string or an image without end. */
  next(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    let at = this.end;
    let start = -1;
    while (at < length) {
      const byte = bytes[at] as number;
      const kind = CLASS[byte];
      if (kind === WHITE) {
        at += 1;
        continue;
      }
      if (byte === 0x25) {
        at = this.#lineEnd(at);
        continue;
      }
      if (start < 0) start = at;
      if (kind === NUMERIC) at = this.#regularEnd(at + 1);
      else if (kind === DELIMITER) at = this.#past(at, byte);
      else {
        const end = this.#regularEnd(at + 1);
        const code = this.#word(at, end);
        if (code !== TRUE && code !== FALSE && code !== NULL) {
          this.code = code;
          this.start = start;
          this.operatorStart = at;
          this.end = code === BI ? this.#inlineImage(end) : end;
          return true;
        }
        at = end;
      }
    }
    this.end = length;
    return false;
  }

  /** The numbers before the operator, in their order. Anything else among them is left out. */
  numbers(): number[] {
    const text = Buffer.from(
      this.bytes.buffer,
      this.bytes.byteOffset + this.start,
      this.operatorStart - this.start,
    );
    return text
      .toString('latin1')
      .split(/[\s[\]]+/)
      .filter((word) => /^[-+.\d]/.test(word))
      .map(Number);
  }

  /** The name that is the first operand, without its slash; empty when the first operand is no name. */
  name(): string {
    if (this.bytes[this.start] !== 0x2f) return '';
    const end = this.#regularEnd(this.start + 1);
    return Buffer.from(this.bytes.subarray(this.start + 1, end)).toString('latin1');
  }

  /** The /MCID in the operands of `BDC`; -1 when there is none, as when the properties are a named resource. */
  markedContentId(): number {
    const { bytes } = this;
    for (let at = this.start; at + 5 < this.operatorStart; at += 1) {
      if (bytes[at] !== 0x2f || bytes[at + 1] !== 0x4d || bytes[at + 2] !== 0x43 || bytes[at + 3] !== 0x49)
        continue;
      if (bytes[at + 4] !== 0x44) continue;
      let digit = at + 5;
      while (isWhite(bytes[digit])) digit += 1;
      let id = -1;
      for (; ; digit += 1) {
        const value = (bytes[digit] ?? 0) - 0x30;
        if (value < 0 || value > 9) return id;
        id = (id < 0 ? 0 : id * 10) + value;
      }
    }
    return -1;
  }

  #word(start: number, end: number): number {
    if (end - start > 4) return 0;
    let code = 0;
    for (let at = start; at < end; at += 1) code |= (this.bytes[at] as number) << (8 * (at - start));
    return code;
  }

  #regularEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    while (at < bytes.length) {
      const kind = CLASS[bytes[at] as number];
      if (kind === WHITE || kind === DELIMITER) return at;
      at += 1;
    }
    return at;
  }

  #lineEnd(from: number): number {
    let at = from;
    while (at < this.bytes.length && this.bytes[at] !== 0x0a && this.bytes[at] !== 0x0d) at += 1;
    return at;
  }

  /** Behind the name, string or mark that begins at a delimiter. */
  #past(at: number, byte: number): number {
    if (byte === 0x2f) return this.#regularEnd(at + 1);
    if (byte === 0x28) return this.#stringEnd(at);
    if (byte !== 0x3c) return at + 1;
    if (this.bytes[at + 1] === 0x3c) return at + 2;
    const end = this.bytes.indexOf(0x3e, at);
    if (end < 0) throw new PdfSyntaxError('A hexadecimal string does not end', at);
    return end + 1;
  }

  #stringEnd(from: number): number {
    const { bytes } = this;
    let depth = 0;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === 0x5c) at += 1;
      else if (byte === 0x28) depth += 1;
      else if (byte === 0x29) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    throw new PdfSyntaxError('A string does not end', from);
  }

  /** Behind the `EI` that stands between white space; its data begin behind `ID` and one byte. */
  #inlineImage(from: number): number {
    this.code = EI;
    const { bytes } = this;
    let at = from;
    while (
      at + 2 < bytes.length &&
      !(bytes[at] === 0x49 && bytes[at + 1] === 0x44 && isWhite(bytes[at + 2]))
    ) {
      const byte = bytes[at] as number;
      at = CLASS[byte] === DELIMITER ? this.#past(at, byte) : at + 1;
    }
    for (at += 3; at + 1 < bytes.length; at += 1) {
      if (bytes[at] !== 0x45 || bytes[at + 1] !== 0x49) continue;
      if (isWhite(bytes[at - 1]) && (at + 2 === bytes.length || isWhite(bytes[at + 2]))) return at + 2;
    }
    throw new PdfSyntaxError('An inline image does not end', from);
  }
}

const TRUE = operator('true');
/** Longer than four bytes, as no operator is. */
const FALSE = 0;
const NULL = operator('null');
