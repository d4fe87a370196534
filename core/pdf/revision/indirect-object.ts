/** One object `n g obj … endobj` where it stands in the file (ISO 32000-2 §7.3.10). */
import type { ByteSource } from './byte-source.ts';
import { Keyword, Lexer, WindowTooSmall } from './lexer.ts';
import { numberOf, PdfDict, PdfStream, type PdfObject } from './objects.ts';
import { parseObject } from './parser.ts';
import { damaged } from './pdf-error.ts';

export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly object: PdfObject;
  /** Offset behind `endobj`, or behind the object when that word is missing. */
  readonly end: number;
}

const FIRST_WINDOW = 4_096;

/** Parses at an offset with as large a window as it takes. */
export function parseAt<Result>(source: ByteSource, offset: number, parse: (lexer: Lexer) => Result): Result {
  for (let length = FIRST_WINDOW; ; length *= 4) {
    const bytes = source.read(offset, length);
    const hasMore = offset + bytes.length < source.size;
    try {
      return parse(new Lexer(bytes, { base: offset, hasMore }));
    } catch (error) {
      if (!(error instanceof WindowTooSmall)) throw error;
    }
  }
}

/** `lengthOf` resolves an indirect /Length. Throws PdfSyntaxError, PDF_DAMAGED. */
export function parseIndirect(
  source: ByteSource,
  offset: number,
  lengthOf: (length: PdfObject) => number | undefined,
): IndirectObject {
  return parseAt(source, offset, (lexer) => {
    const [number, generation, word] = [lexer.next(), lexer.next(), lexer.next()];
    if (typeof number !== 'number' || typeof generation !== 'number' || !isWord(word, 'obj')) {
      throw lexer.fail('There is no object where one should be');
    }
    const object = parseObject(lexer);
    if (isWord(lexer.next(), 'stream') && object instanceof PdfDict) {
      const stream = streamAt(source, lexer, object, lengthOf);
      return { number, generation, ...stream };
    }
    return { number, generation, object, end: lexer.offset };
  });
}

const isWord = (token: unknown, word: string): boolean => token instanceof Keyword && token.word === word;

function streamAt(
  source: ByteSource,
  lexer: Lexer,
  dict: PdfDict,
  lengthOf: (length: PdfObject) => number | undefined,
): { object: PdfStream; end: number } {
  const start = lexer.offset + lineEnd(source, lexer.offset);
  const length = numberOf(dict.get('Length')) ?? lengthOf(dict.get('Length') ?? null);
  const stated =
    length !== undefined && Number.isInteger(length) && length >= 0 && start + length <= source.size;
  const after = stated ? /^\s*endstream\s*(endobj)?/.exec(textAt(source, start + length, 40)) : null;
  if (!stated || after === null) throw damaged('the length of a stream is wrong', start);
  const end = start + length + after[0].length;
  return { object: new PdfStream(dict, { kind: 'source', offset: start, length }), end };
}

/** Bytes of the end of the line behind `stream` (ISO 32000-2 §7.3.8.1). */
function lineEnd(source: ByteSource, offset: number): number {
  const [first, second] = source.read(offset, 2);
  if (first === 0x0d) return second === 0x0a ? 2 : 1;
  return first === 0x0a ? 1 : 0;
}

/** Latin-1. */
export const textAt = (source: ByteSource, offset: number, length: number): string =>
  Buffer.from(source.read(offset, length)).toString('latin1');
