/** One object of the file with the facts about its bytes that a parsed object no longer shows. */
import type { ByteSource } from '../../../revision/byte-source.ts';
import { isWhite, Keyword, Lexer, PdfSyntaxError, WindowTooSmall } from '../../../revision/lexer.ts';
import { PdfDict, PdfStream, type PdfObject } from '../../../revision/objects.ts';
import { parseObject } from '../../../revision/parser.ts';
import { isLineEnd, streamSpan, type StreamForm } from './stream-span.ts';

export interface ScannedObject {
  readonly number: number;
  readonly object: PdfObject;
  /** White space and line ends are where ISO 19005-1 §6.1.8 wants them. */
  readonly isSpaced: boolean;
  readonly stream: StreamForm | undefined;
}

const FIRST_WINDOW = 4_096;
const TAIL_BYTES = 128;

/**
 * The object at an offset. A stream whose /Length is wrong ends at the next `endstream`. Throws PdfSyntaxError.
 * `lengthOf` resolves an indirect /Length; `search` is told how many bytes were looked at, as for streamSpan.
 */
export function scanObject(
  source: ByteSource,
  offset: number,
  lengthOf: (length: PdfObject) => number | undefined,
  search: (bytes: number) => void,
): ScannedObject {
  for (let size = FIRST_WINDOW; ; size *= 4) {
    const bytes = source.read(offset, size);
    const hasMore = offset + bytes.length < source.size;
    if (size > FIRST_WINDOW) search(bytes.length);
    try {
      return scan(
        source,
        offset,
        new Lexer(bytes, { base: offset, hasMore, lenient: true }),
        lengthOf,
        search,
      );
    } catch (error) {
      if (!(error instanceof WindowTooSmall)) throw error;
    }
  }
}

function scan(
  source: ByteSource,
  offset: number,
  lexer: Lexer,
  lengthOf: (length: PdfObject) => number | undefined,
  search: (bytes: number) => void,
): ScannedObject {
  const [number, generation, word] = [lexer.next(), lexer.next(), lexer.next()];
  if (typeof number !== 'number' || typeof generation !== 'number' || !isWord(word, 'obj')) {
    throw lexer.fail('There is no object where one should be');
  }
  const object = parseObject(lexer);
  const behind = lexer.offset;
  if (object instanceof PdfDict && isWord(peek(lexer), 'stream')) {
    const stated = lengthOf(object.get('Length') ?? null);
    const span = streamSpan(source, lexer.offset, stated, search);
    if (span === undefined) throw new PdfSyntaxError('A stream does not end', lexer.offset);
    return {
      number,
      object: new PdfStream(object, { kind: 'source', offset: span.offset, length: span.length }),
      isSpaced: isHeadSpaced(source, offset) && isTailSpaced(source, span.end, true),
      stream: span.form,
    };
  }
  // Behind a number its reader has looked ahead, past the line end.
  const mustEndLine = typeof object !== 'number';
  return {
    number,
    object,
    isSpaced: isHeadSpaced(source, offset) && isTailSpaced(source, behind, mustEndLine),
    stream: undefined,
  };
}

/** The next word; nothing when what follows is no token. */
function peek(lexer: Lexer): unknown {
  try {
    return lexer.next();
  } catch (error) {
    if (error instanceof PdfSyntaxError) return undefined;
    throw error;
  }
}

const isWord = (token: unknown, word: string): boolean => token instanceof Keyword && token.word === word;

const HEAD = /^\d+[\0\t\n\f\r ]\d+[\0\t\n\f\r ]obj[\r\n]/;

/** An end of line, `12 0 obj` with single spaces, and an end of line. */
function isHeadSpaced(source: ByteSource, offset: number): boolean {
  const start = Math.max(0, offset - 1);
  const bytes = source.read(start, 64);
  let at = offset - start;
  while (isWhite(bytes[at])) at += 1;
  if (!isLineEnd(bytes[at - 1])) return false;
  return HEAD.test(Buffer.from(bytes.buffer, bytes.byteOffset + at, bytes.length - at).toString('latin1'));
}

/** An end of line, `endobj`, and an end of line. */
function isTailSpaced(source: ByteSource, offset: number, mustEndLine: boolean): boolean {
  const bytes = source.read(offset, TAIL_BYTES);
  let at = 0;
  while (isWhite(bytes[at])) at += 1;
  if (mustEndLine && !(at > 0 && isLineEnd(bytes[at - 1]))) return false;
  const isEnd = Buffer.from(bytes.buffer, bytes.byteOffset + at, 6).toString('latin1') === 'endobj';
  return isEnd && isLineEnd(bytes[at + 6]);
}
