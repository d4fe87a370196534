/** Operations of a content stream (ISO 32000-2 §7.8.2), with their places, so that it can be changed without being written anew. */
import { Keyword, Lexer, isWhite, PdfSyntaxError } from '../revision/lexer.ts';
import { PdfDict, PdfName, type PdfObject } from '../revision/objects.ts';
import { parseObject } from '../revision/parser.ts';

/** Operands that no operation needs; a stream of numbers alone must not fill the memory. */
const MOST_OPERANDS = 10_000;

/**
 * Walks the operations: `while (reader.next())` sets the fields. An inline image is one operation `EI` whose operand is its
 * dictionary. Throws PdfSyntaxError.
 */
export class ContentReader {
  readonly bytes: Uint8Array;
  operator = '';
  /** Valid until the next call. */
  operands: PdfObject[] = [];
  /** Offset of the first operand. */
  start = 0;
  /** Offset behind the operator. */
  end = 0;
  readonly #lexer: Lexer;

  /** `lenient`: see Lexer. */
  constructor(bytes: Uint8Array, options: { readonly lenient?: boolean } = {}) {
    this.bytes = bytes;
    this.#lexer = new Lexer(bytes, options);
  }

  /** The next operation is that at an offset. */
  seek(offset: number): void {
    this.#lexer.position = offset;
  }

  next(): boolean {
    const lexer = this.#lexer;
    this.operands = [];
    lexer.skipWhite();
    this.start = lexer.position;
    for (;;) {
      const back = lexer.position;
      const token = lexer.next();
      if (token === 'end') return false;
      if (token instanceof Keyword && !CONSTANTS.has(token.word)) {
        this.operator = token.word;
        if (token.word === 'BI') this.#inlineImage();
        this.end = lexer.position;
        return true;
      }
      if (typeof token === 'string' || token instanceof Keyword) {
        lexer.position = back;
        this.operands.push(parseObject(lexer));
      } else this.operands.push(token);
      if (this.operands.length > MOST_OPERANDS) throw lexer.fail('An operation has too many operands');
    }
  }

  #inlineImage(): void {
    const lexer = this.#lexer;
    const dict = new PdfDict();
    for (;;) {
      const key = lexer.next();
      if (key instanceof Keyword && key.word === 'ID') break;
      if (!(key instanceof PdfName)) throw lexer.fail('An inline image is broken');
      dict.set(key.name, parseObject(lexer));
    }
    lexer.position = endOfImage(this.bytes, lexer.position);
    this.operator = 'EI';
    this.operands = [dict];
  }
}

const CONSTANTS = new Set(['true', 'false', 'null']);

/** Behind the `EI` that stands between white space. */
function endOfImage(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0x45 || bytes[at + 1] !== 0x49) continue;
    if (isWhite(bytes[at - 1]) && (at + 2 === bytes.length || isWhite(bytes[at + 2]))) return at + 2;
  }
  throw new PdfSyntaxError('An inline image does not end', from);
}
