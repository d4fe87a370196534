/**
 * Tokens of PDF syntax (ISO 32000-2 §7.2, §7.3), for files and for content streams. Works on a window of bytes; reading past its
 * end gives the token `end`, or throws `WindowTooSmall` when more bytes exist behind the window.
 */
import { HEX } from './hexadecimal.ts';
import { Interned } from './interned.ts';
import { PdfName, PdfReal, PdfString } from './objects.ts';

/** The window ended within an object; try again with a larger one. */
export class WindowTooSmall extends Error {}

/** The bytes are not PDF syntax. `offset` is in the file (or the content stream). */
export class PdfSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A word such as `obj`, `R`, `true` or an operator. */
export class Keyword {
  static readonly #known = new Map<string, Keyword>();
  readonly word: string;

  private constructor(word: string) {
    this.word = word;
  }

  static of(word: string): Keyword {
    let known = Keyword.#known.get(word);
    if (known === undefined) {
      known = new Keyword(word);
      if (Keyword.#known.size < 1_000) Keyword.#known.set(word, known);
    }
    return known;
  }
}

export type Mark = '[' | ']' | '<<' | '>>' | '{' | '}' | 'end';
export type Token = number | PdfReal | PdfName | PdfString | Keyword | Mark;

const WHITE = 1;
const DELIMITER = 2;
/** 0 regular, 1 white space, 2 delimiter (ISO 32000-2 tables 1 and 2). */
const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITE;
for (const character of '()<>[]{}/%') CLASS[character.charCodeAt(0)] = DELIMITER;

export const isWhite = (byte: number | undefined): boolean => byte !== undefined && CLASS[byte] === WHITE;
const isRegular = (byte: number | undefined): boolean => byte !== undefined && CLASS[byte] === 0;

const KEYWORDS = new Interned((word) => Keyword.of(word));
const NAMES = new Interned((text) =>
  PdfName.of(
    text.includes('#')
      ? text.replaceAll(/#([\da-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : text,
  ),
);

const POWERS = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

export class Lexer {
  readonly bytes: Uint8Array;
  position: number;
  /** Offset of the window in the file. */
  readonly #base: number;
  readonly #hasMore: boolean;
  /** Takes hexadecimal strings with other characters in them, as readers do. */
  readonly #lenient: boolean;

  constructor(
    bytes: Uint8Array,
    options: { position?: number; base?: number; hasMore?: boolean; lenient?: boolean } = {},
  ) {
    this.bytes = bytes;
    this.position = options.position ?? 0;
    this.#base = options.base ?? 0;
    this.#hasMore = options.hasMore ?? false;
    this.#lenient = options.lenient ?? false;
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.#base + this.position;
  }

  fail(message: string): PdfSyntaxError {
    return new PdfSyntaxError(message, this.offset);
  }

  /** Past white space and comments. */
  skipWhite(): void {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.position];
      if (byte === undefined) return;
      if (byte === 0x25) {
        while (
          this.position < bytes.length &&
          bytes[this.position] !== 0x0a &&
          bytes[this.position] !== 0x0d
        ) {
          this.position += 1;
        }
      } else if (CLASS[byte] === WHITE) this.position += 1;
      else return;
    }
  }

  next(): Token {
    this.skipWhite();
    const { bytes } = this;
    const byte = bytes[this.position];
    if (byte === undefined) return this.#atEnd();
    switch (byte) {
      case 0x2f:
        return this.#name();
      case 0x28:
        return this.#literalString();
      case 0x3c:
        if (this.#peek(1) === 0x3c) return this.#mark('<<');
        return this.#hexString();
      case 0x3e:
        if (this.#peek(1) === 0x3e) return this.#mark('>>');
        throw this.fail('A ">" stands alone');
      case 0x5b:
        return this.#mark('[');
      case 0x5d:
        return this.#mark(']');
      case 0x7b:
        return this.#mark('{');
      case 0x7d:
        return this.#mark('}');
      case 0x29:
        throw this.fail('A ")" stands alone');
    }
    return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e
      ? this.#number()
      : this.#keyword();
  }

  #atEnd(): 'end' {
    if (this.#hasMore) throw new WindowTooSmall();
    return 'end';
  }

  #peek(ahead: number): number | undefined {
    const byte = this.bytes[this.position + ahead];
    if (byte === undefined && this.#hasMore) throw new WindowTooSmall();
    return byte;
  }

  #mark(mark: Mark): Mark {
    this.position += mark.length;
    return mark;
  }

  /** The end of the run of regular characters that begins at `from`. */
  #regularEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    while (isRegular(bytes[at])) at += 1;
    if (at === bytes.length && this.#hasMore) throw new WindowTooSmall();
    return at;
  }

  #number(): Token {
    const { bytes } = this;
    const start = this.position;
    let at = start;
    let sign = 1;
    let whole = 0;
    let decimals = -1;
    let digits = 0;
    for (; ; at += 1) {
      const byte = bytes[at];
      if (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
        // Digits that a double cannot hold change nothing.
        if (digits < 17) {
          whole = whole * 10 + (byte - 0x30);
          if (whole > 0) digits += 1;
          if (decimals >= 0) decimals += 1;
        } else if (decimals < 0) whole *= 10;
      } else if (byte === 0x2e && decimals < 0) decimals = 0;
      else if ((byte === 0x2d || byte === 0x2b) && at === start) sign = byte === 0x2d ? -1 : 1;
      else break;
    }
    if (at === bytes.length && this.#hasMore) throw new WindowTooSmall();
    // `--5` and `1e5` are no numbers.
    if (isRegular(bytes[at])) return this.#keyword();
    this.position = at;
    if (decimals < 0) return sign * whole;
    const value = (sign * whole) / (POWERS[decimals] ?? 10 ** decimals);
    return Number.isInteger(value) ? new PdfReal(value) : value;
  }

  #keyword(): Keyword {
    const start = this.position;
    this.position = this.#regularEnd(start);
    return KEYWORDS.at(this.bytes, start, this.position);
  }

  #name(): PdfName {
    const start = this.position + 1;
    this.position = this.#regularEnd(start);
    return NAMES.at(this.bytes, start, this.position);
  }

  #hexString(): PdfString {
    const { bytes } = this;
    const start = this.position + 1;
    const end = bytes.indexOf(0x3e, start);
    if (end < 0) throw this.#unended('A hexadecimal string');
    const text = new Uint8Array((end - start + 1) >> 1);
    let count = 0;
    let isClean = true;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      const value = HEX[byte] as number;
      if (value >= 0) {
        // A missing last digit is 0.
        text[count >> 1] = count % 2 === 0 ? value << 4 : (text[count >> 1] as number) | value;
        count += 1;
      } else if (CLASS[byte] !== WHITE) isClean = false;
    }
    if (!isClean && !this.#lenient) throw this.fail('A hexadecimal string holds other characters');
    this.position = end + 1;
    const fault = isClean ? (count % 2 === 0 ? undefined : 'odd') : 'character';
    const length = (count + 1) >> 1;
    return new PdfString(length === text.length ? text : text.subarray(0, length), true, fault);
  }

  #literalString(): PdfString {
    const { bytes } = this;
    const start = this.position + 1;
    let depth = 1;
    let at = start;
    let isPlain = true;
    for (; depth > 0; at += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw this.#unended('A string');
      if (byte === 0x28) depth += 1;
      else if (byte === 0x29) depth -= 1;
      else if (byte === 0x5c) {
        isPlain = false;
        at += 1;
      } else if (byte === 0x0d) isPlain = false;
    }
    this.position = at;
    return new PdfString(isPlain ? copied(bytes, start, at - 1) : unescape(bytes.subarray(start, at - 1)));
  }

  #unended(what: string): Error {
    return this.#hasMore ? new WindowTooSmall() : this.fail(`${what} does not end`);
  }
}

/** Byte by byte, which is quicker for the few that a string mostly has. */
function copied(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  for (let at = start; at < end; at += 1) copy[at - start] = bytes[at] as number;
  return copy;
}

const ESCAPES = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

/** ISO 32000-2 table 3. */
function unescape(raw: Uint8Array): Uint8Array {
  const out = new Uint8Array(raw.length);
  let length = 0;
  for (let at = 0; at < raw.length; at += 1) {
    let byte = raw[at] ?? 0;
    if (byte === 0x0d) {
      byte = 0x0a;
      if (raw[at + 1] === 0x0a) at += 1;
    } else if (byte === 0x5c) {
      at += 1;
      const escaped = raw[at] ?? 0x5c;
      if (escaped === 0x0d || escaped === 0x0a) {
        if (escaped === 0x0d && raw[at + 1] === 0x0a) at += 1;
        continue;
      }
      if (escaped >= 0x30 && escaped <= 0x37) {
        byte = escaped - 0x30;
        for (let more = 0; more < 2; more += 1) {
          const digit = raw[at + 1];
          if (digit === undefined || digit < 0x30 || digit > 0x37) break;
          byte = byte * 8 + (digit - 0x30);
          at += 1;
        }
        byte &= 0xff;
      } else byte = ESCAPES.get(escaped) ?? escaped;
    }
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}
