/** Which bytes a signature is over (ISO 32000-2 §12.8.1): all of a revision but the signature itself, or it proves nothing. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../revision/byte-source.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { numberOf, PdfString, type PdfDict } from '../../revision/objects.ts';

export interface SignedRange {
  /** Offsets of the gap for /Contents, and of the end of the signed bytes. */
  readonly gapStart: number;
  readonly gapEnd: number;
  readonly end: number;
  readonly contents: Uint8Array;
}

/** Larger ones are no signatures. */
const MOST_GAP_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Why a range is none, in words; what it covers is then anybody's guess. */
export class BadRange extends Error {}

/** Throws BadRange. */
export function readRange(document: PdfDocument, dict: PdfDict, source: ByteSource): SignedRange {
  const contents = document.resolve(dict.get('Contents'));
  if (!(contents instanceof PdfString)) throw new BadRange('The signature is empty.');
  const numbers = (document.arrayAt(dict, 'ByteRange') ?? []).map((one) => numberOf(document.resolve(one)));
  const [first, gapStart, gapEnd, length] = numbers;
  if (numbers.length !== 4 || first !== 0 || !numbers.every(Number.isSafeInteger)) {
    throw new BadRange('The signature does not say which bytes it is over (ByteRange).');
  }
  const [start = 0, stop = 0, rest = 0] = [gapStart, gapEnd, length];
  if (start <= 0 || stop <= start || rest < 0 || stop + rest > source.size) {
    throw new BadRange('The signature is over bytes that the file does not have (ByteRange).');
  }
  if (stop - start > MOST_GAP_BYTES || !isString(source.read(start, stop - start), contents.bytes)) {
    throw new BadRange('The signature leaves out more of the file than itself (ByteRange).');
  }
  return { gapStart: start, gapEnd: stop, end: stop + rest, contents: contents.bytes };
}

function isString(gap: Uint8Array, contents: Uint8Array): boolean {
  const text = Buffer.from(gap).toString('latin1');
  if (!/^<[\da-fA-F\s]*>$/.test(text)) return false;
  const digits = text.slice(1, -1).replaceAll(/\s/g, '');
  return digits.toLowerCase() === Buffer.from(contents).toString('hex');
}

/** The hash of the signed bytes; with `algorithm` a hash as Node names it. */
export function digestOf(
  source: ByteSource,
  { gapStart, gapEnd, end }: SignedRange,
  algorithm: string,
): Buffer {
  const hash = createHash(algorithm);
  for (const piece of signedPieces(source, { gapStart, gapEnd, end })) hash.update(piece);
  return hash.digest();
}

function* signedPieces(
  source: ByteSource,
  { gapStart, gapEnd, end }: Pick<SignedRange, 'gapStart' | 'gapEnd' | 'end'>,
): Generator<Uint8Array> {
  for (const [from, to] of [
    [0, gapStart],
    [gapEnd, end],
  ] as const) {
    for (let at = from; at < to; at += CHUNK_BYTES) yield source.read(at, Math.min(CHUNK_BYTES, to - at));
  }
}

/** Whether nothing but white space stands behind an offset. */
export function isEnd(source: ByteSource, offset: number): boolean {
  if (source.size - offset > MOST_WHITE_BYTES) return false;
  return source.read(offset, source.size - offset).every((byte) => byte <= 0x20);
}

const MOST_WHITE_BYTES = 64;

/** The file as it was when it ended at `size`. */
export const firstBytes = (source: ByteSource, size: number): ByteSource => ({
  size,
  read: (offset, length) => source.read(offset, Math.max(0, Math.min(length, size - offset))),
});
