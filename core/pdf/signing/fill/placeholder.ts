/** Where a written file has room for a signature, and what goes there (ISO 32000-2 §12.8.1, ByteRange). */
import type { ByteSource } from '../../revision/byte-source.ts';
import { PdfReader } from '../../revision/reader.ts';
import { BYTE_RANGE_MARK } from '../field/signature-dictionary.ts';

export interface Placeholder {
  /** Offset of `/ByteRange`. */
  readonly byteRange: number;
  /** Offset of the `<` of /Contents, which no byte range covers, and the offset behind its `>`. */
  readonly start: number;
  readonly end: number;
}

const HEAD_BYTES = 4096;

/** Of the signature dictionary of this number. Throws Error when it is not one that was just written. */
export function findPlaceholder(source: ByteSource, number: number): Placeholder {
  const entry = PdfReader.open(source).entry(number);
  if (entry?.kind !== 'offset') throw new Error('The signature dictionary does not stand by itself');
  const head = Buffer.from(source.read(entry.offset, HEAD_BYTES)).toString('latin1');
  const mark = head.indexOf(BYTE_RANGE_MARK);
  const opening = head.indexOf('/Contents <', mark);
  if (mark < 0 || opening < 0) throw new Error('The signature dictionary has no placeholder');
  const start = entry.offset + opening + '/Contents '.length;
  return { byteRange: entry.offset + mark, start, end: endOfString(source, start) };
}

function endOfString(source: ByteSource, start: number): number {
  for (let at = start; at < source.size; at += HEAD_BYTES) {
    const close = source.read(at, HEAD_BYTES).indexOf(0x3e);
    if (close >= 0) return at + close + 1;
  }
  throw new Error('The signature dictionary does not end');
}

/** `/ByteRange [0 a b c]`, as wide as its placeholder. `size`: of the file. */
export function byteRangeText({ start, end }: Placeholder, size: number): string {
  return `/ByteRange [0 ${start} ${end} ${size - end}]`.padEnd(BYTE_RANGE_MARK.length);
}

/** Bytes that the placeholder has room for. */
export const roomOf = ({ start, end }: Placeholder): number => (end - start - 2) / 2;

/** The signature is larger than its room; the file has to be written anew with more. */
export class TooLarge extends Error {
  readonly size: number;

  constructor(size: number) {
    super('The signature does not fit into its place');
    this.size = size;
  }
}
