/**
 * The operations of a content stream as a checker reads them (ISO 32000-2 §7.8.2). Nearly all are plain: what is asked of their
 * operands is read where they stand. One that is written in another way, or could break a rule by a number, a name or a string
 * of its own, is parsed. A long document has millions of operations.
 */
import { ContentReader } from '../../../content/content-reader.ts';
import { operator } from '../../../content/content-scanner.ts';
import { HEX } from '../../../revision/hexadecimal.ts';
import { PdfName, PdfString, type PdfObject } from '../../../revision/objects.ts';
import {
  ARRAY,
  ARRAY_END,
  CLASS,
  HEXADECIMAL,
  HEXADECIMAL_END,
  LETTER,
  LITERAL,
  NAME,
  NUMERIC,
  PLAIN,
  WHITE,
  hexadecimalEnd,
  latin1,
  literalEnd,
  nameEnd,
  numberEnd,
  pastWhite,
} from './plain-operand.ts';

const BI = operator('BI');
const BDC = operator('BDC');
const TRUE = operator('true');
const NULL = operator('null');

/** What is told of a string that is shown: its bytes are the first `length`, until the next one. */
export type Shown = (bytes: Uint8Array, length: number) => void;

export class OperationReader {
  /** Of the operator, as `operator` packs it; 0 for a word of more than four bytes. */
  code = 0;
  /** Of an operation that is not plain; undefined for a plain one. */
  operands: readonly PdfObject[] | undefined;
  /** The /MCID of a plain `BDC` that has nothing else; -1 for none. */
  mcid = -1;
  readonly #bytes: Uint8Array;
  readonly #parsed: ContentReader;
  #at = 0;
  #word = '';
  #operatorStart = 0;
  #count = 0;
  #strings = 0;
  #depth = 0;
  /** Of the first and the last operand outside of arrays: where it begins. */
  #first = 0;
  #last = 0;
  #text = new Uint8Array(256);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#parsed = new ContentReader(bytes, { lenient: true });
  }

  /** The next operation, false behind the last one. Throws PdfSyntaxError. */
  next(): boolean {
    const bytes = this.#bytes;
    const { length } = bytes;
    this.operands = undefined;
    this.mcid = -1;
    this.#count = 0;
    this.#strings = 0;
    this.#depth = 0;
    let at = this.#at;
    let start = -1;
    while (at < length) {
      const byte = bytes[at] as number;
      const kind = CLASS[byte];
      if (kind === WHITE) {
        at += 1;
        continue;
      }
      if (start < 0) start = at;
      if (kind === LETTER) return this.#operator(start, at);
      const end = kind === NUMERIC ? numberEnd(bytes, at) : this.#delimited(at, byte);
      if (end < 0) return this.#parse(start);
      if (byte !== ARRAY_END && (this.#depth === 0 || byte === ARRAY)) this.#last = at;
      if (this.#count === 0) this.#first = at;
      this.#count += 1;
      if (this.#count > PLAIN.items) return this.#parse(start);
      at = end;
    }
    if (this.#depth > 0) return this.#parse(start);
    this.#at = length;
    return false;
  }

  /** The operator in letters. */
  get word(): string {
    if (this.operands !== undefined) return this.#word;
    return latin1(this.#bytes, this.#operatorStart, this.#at);
  }

  /** The name that is the first operand. */
  firstName(): string | undefined {
    if (this.operands !== undefined) return nameOf(this.operands[0]);
    return this.#count === 0 ? undefined : this.#nameAt(this.#first);
  }

  /** The name that is the last operand. */
  lastName(): string | undefined {
    if (this.operands !== undefined) return nameOf(this.operands.at(-1));
    return this.#count === 0 ? undefined : this.#nameAt(this.#last);
  }

  /** The whole number that is the first operand. */
  firstInteger(): number | undefined {
    if (this.operands !== undefined) {
      const [first] = this.operands;
      return typeof first === 'number' && Number.isInteger(first) ? first : undefined;
    }
    const bytes = this.#bytes;
    let at = this.#first;
    if (this.#count === 0 || CLASS[bytes[at] as number] !== NUMERIC) return undefined;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative || bytes[at] === 0x2b) at += 1;
    let value = 0;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (bytes[at] === 0x2e) return undefined;
      if (digit < 0 || digit > 9) return isNegative ? -value : value;
      value = value * 10 + digit;
    }
  }

  /** Tells of each string that the operation shows: those of its last operand. Whether there was any. */
  shown(tell: Shown): boolean {
    if (this.operands !== undefined) return shownIn(this.operands.at(-1), tell);
    if (this.#strings === 0) return false;
    const bytes = this.#bytes;
    let any = false;
    for (let at = this.#last; at < this.#operatorStart; at += 1) {
      const byte = bytes[at];
      if (byte === HEXADECIMAL) {
        at = this.#hexadecimal(at + 1, tell);
        any = true;
      } else if (byte === LITERAL) {
        const end = literalEnd(bytes, at);
        tell(bytes.subarray(at + 1, end - 1), end - at - 2);
        at = end - 1;
        any = true;
      }
    }
    return any;
  }

  /** Puts its bytes into `#text`; where it ends. */
  #hexadecimal(from: number, tell: Shown): number {
    const bytes = this.#bytes;
    let text = this.#text;
    let length = 0;
    let high = -1;
    let at = from;
    for (; bytes[at] !== HEXADECIMAL_END; at += 1) {
      const value = HEX[bytes[at] as number] as number;
      if (value < 0) continue;
      if (high < 0) high = value;
      else {
        if (length === text.length) {
          text = new Uint8Array(text.length * 2);
          text.set(this.#text);
          this.#text = text;
        }
        text[length] = high * 16 + value;
        length += 1;
        high = -1;
      }
    }
    tell(text, length);
    return at;
  }

  #operator(start: number, at: number): boolean {
    const bytes = this.#bytes;
    let end = at + 1;
    while (
      end < bytes.length &&
      (CLASS[bytes[end] as number] === LETTER || CLASS[bytes[end] as number] === NUMERIC)
    )
      end += 1;
    if (end - at > 4 || this.#depth > 0) return this.#parse(start);
    let code = 0;
    for (let index = at; index < end; index += 1) code |= (bytes[index] as number) << (8 * (index - at));
    if (code === TRUE || code === NULL || code === BI) return this.#parse(start);
    if (code === BDC ? this.#count !== 2 : this.mcid >= 0) return this.#parse(start);
    this.code = code;
    this.#operatorStart = at;
    this.#at = end;
    return true;
  }

  #parse(start: number): boolean {
    const reader = this.#parsed;
    reader.seek(start);
    this.mcid = -1;
    const isFound = reader.next();
    this.#at = reader.end;
    if (!isFound) return false;
    this.operands = reader.operands;
    this.#word = reader.operator;
    this.code = reader.operator.length <= 4 ? operator(reader.operator) : 0;
    return true;
  }

  /** Behind a name, a string or the mark of an array; -1 for what is to be parsed. */
  #delimited(at: number, byte: number): number {
    const bytes = this.#bytes;
    switch (byte) {
      case NAME:
        return nameEnd(bytes, at);
      case HEXADECIMAL:
        return bytes[at + 1] === HEXADECIMAL ? this.#properties(at) : this.#string(hexadecimalEnd(bytes, at));
      case LITERAL:
        return this.#string(literalEnd(bytes, at));
      case ARRAY:
        this.#depth += 1;
        return this.#depth > 1 ? -1 : at + 1;
      case ARRAY_END:
        this.#depth -= 1;
        return this.#depth < 0 ? -1 : at + 1;
      default:
        return -1;
    }
  }

  /** Several strings side by side are not what an operator takes. */
  #string(end: number): number {
    this.#strings += 1;
    return this.#strings > 1 && this.#depth === 0 ? -1 : end;
  }

  /** `<</MCID 7>>` behind a name. */
  #properties(from: number): number {
    const bytes = this.#bytes;
    if (this.#count !== 1 || bytes[this.#first] !== NAME) return -1;
    let at = pastWhite(bytes, from + 2);
    for (const byte of MCID) {
      if (bytes[at] !== byte) return -1;
      at += 1;
    }
    const start = pastWhite(bytes, at);
    if (start === at) return -1;
    let value = 0;
    for (at = start; ; at += 1) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === start || at > start + 9) return -1;
    at = pastWhite(bytes, at);
    if (bytes[at] !== HEXADECIMAL_END || bytes[at + 1] !== HEXADECIMAL_END) return -1;
    this.mcid = value;
    return at + 2;
  }

  #nameAt(at: number): string | undefined {
    if (this.#bytes[at] !== NAME) return undefined;
    return latin1(this.#bytes, at + 1, nameEnd(this.#bytes, at));
  }
}

const MCID = Buffer.from('/MCID');

const nameOf = (object: PdfObject | undefined): string | undefined =>
  object instanceof PdfName ? object.name : undefined;

function shownIn(object: PdfObject | undefined, tell: Shown): boolean {
  let any = false;
  for (const item of Array.isArray(object) ? object : [object]) {
    if (!(item instanceof PdfString)) continue;
    any = true;
    tell(item.bytes, item.bytes.length);
  }
  return any;
}
