/** Where the bytes of a stream are, and how the words around them stand (ISO 19005-1 §6.1.7). */
import type { ByteSource } from '../../../revision/byte-source.ts';
import { isWhite } from '../../../revision/lexer.ts';

export interface StreamForm {
  /** `stream` is followed by LF or CR LF. */
  readonly startLine: boolean;
  /** `endstream` is preceded by an end of line. */
  readonly endLine: boolean;
  readonly statedLength: number | undefined;
  /** Bytes between the line of `stream` and the end of line before `endstream`. */
  readonly actualLength: number;
}

export interface StreamSpan {
  readonly form: StreamForm;
  readonly offset: number;
  readonly length: number;
  /** Offset behind `endstream`. */
  readonly end: number;
}

const WORD = 'endstream';
const CHUNK_BYTES = 64 * 1024;
const MOST_WHITE = 64;

export const isLineEnd = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

/**
 * `after`: offset behind the word `stream`. `stated`: what /Length says. Undefined when there is no `endstream`. `search` is told
 * how many bytes were searched because of a wrong length.
 */
export function streamSpan(
  source: ByteSource,
  after: number,
  stated: number | undefined,
  search: (bytes: number) => void,
): StreamSpan | undefined {
  const [first, second] = source.read(after, 2);
  const isCrLf = first === 0x0d && second === 0x0a;
  const startLine = isCrLf || first === 0x0a;
  const offset = after + (isCrLf ? 2 : isLineEnd(first) ? 1 : 0);
  const isStated =
    stated !== undefined && stated >= 0 && Number.isInteger(stated) && offset + stated <= source.size;
  const wordAt = isStated ? wordBehind(source, offset + stated) : undefined;
  if (wordAt !== undefined && isStated) {
    return spanTo(source, { offset, startLine, stated, length: stated, wordAt });
  }
  const found = findWord(source, offset, search);
  if (found === undefined) return undefined;
  const length = found - offset - lineEndBytes(source, found, offset);
  return spanTo(source, { offset, startLine, stated, length, wordAt: found });
}

function spanTo(
  source: ByteSource,
  span: {
    readonly offset: number;
    readonly startLine: boolean;
    readonly stated: number | undefined;
    readonly length: number;
    readonly wordAt: number;
  },
): StreamSpan {
  const { offset, startLine, stated, length, wordAt } = span;
  const whole = wordAt - offset;
  const [first, last] = whole > 1 ? source.read(wordAt - 2, 2) : [undefined, ...source.read(wordAt - 1, 1)];
  const isPair = last === 0x0a && first === 0x0d && whole - (stated ?? 0) > 1;
  const ends = isPair ? 2 : isLineEnd(last) ? 1 : 0;
  return {
    form: { startLine, endLine: ends > 0, statedLength: stated, actualLength: whole - ends },
    offset,
    length,
    end: wordAt + WORD.length,
  };
}

/** Where `endstream` stands when only white space is before it. */
function wordBehind(source: ByteSource, offset: number): number | undefined {
  const bytes = source.read(offset, MOST_WHITE + WORD.length);
  let at = 0;
  while (isWhite(bytes[at])) at += 1;
  for (let index = 0; index < WORD.length; index += 1) {
    if (bytes[at + index] !== WORD.charCodeAt(index)) return undefined;
  }
  return offset + at;
}

function findWord(source: ByteSource, from: number, search: (bytes: number) => void): number | undefined {
  for (let offset = from; offset < source.size; offset += CHUNK_BYTES) {
    const chunk = source.read(offset, CHUNK_BYTES + WORD.length);
    search(chunk.length);
    const at = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).indexOf(WORD, 0, 'latin1');
    if (at >= 0) return offset + at;
  }
  return undefined;
}

function lineEndBytes(source: ByteSource, wordAt: number, offset: number): number {
  const [first, last] = source.read(Math.max(0, wordAt - 2), 2);
  if (wordAt - offset >= 2 && first === 0x0d && last === 0x0a) return 2;
  return wordAt > offset && isLineEnd(last) ? 1 : 0;
}
