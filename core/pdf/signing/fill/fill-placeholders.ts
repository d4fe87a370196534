/** Fills the placeholders of a signature in place, reading the signed bytes piece by piece. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../revision/byte-source.ts';
import type { SignatureHash } from '../cms/signature-hash.ts';
import { byteRangeText, roomOf, TooLarge, type Placeholder } from './placeholder.ts';
import type { MakeSignature } from './signed-output.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface FillTarget {
  readonly source: ByteSource;
  readonly placeholder: Placeholder;
  readonly put: (bytes: Uint8Array, at: number) => void;
}

/**
 * The size that the file shall be cut to: what was filled reaches just so far. Errors: TooLarge and what `make` throws, with
 * nothing changed.
 */
export async function fillPlaceholders(
  { source, placeholder, put }: FillTarget,
  hash: SignatureHash,
  make: MakeSignature,
): Promise<number> {
  const { byteRange: at, start, end } = placeholder;
  const size = withoutLineEnd(source);
  const byteRange = Buffer.from(byteRangeText(placeholder, size), 'latin1');
  const digest = createHash(hash);
  for (const piece of pieces(source, 0, at)) digest.update(piece);
  digest.update(byteRange);
  for (const piece of pieces(source, at + byteRange.length, start)) digest.update(piece);
  for (const piece of pieces(source, end, size)) digest.update(piece);
  const cms = await make(digest.digest());
  if (cms.length > roomOf(placeholder)) throw new TooLarge(cms.length);
  put(byteRange, at);
  put(Buffer.from(Buffer.from(cms).toString('hex'), 'latin1'), start + 1);
  return size;
}

function* pieces(source: ByteSource, from: number, to: number): Generator<Uint8Array> {
  for (let at = from; at < to; at += CHUNK_BYTES) yield source.read(at, Math.min(CHUNK_BYTES, to - at));
}

/** The size without one line end. */
function withoutLineEnd(source: ByteSource): number {
  const [before, last] = source.read(source.size - 2, 2);
  if (last !== 0x0a) return last === 0x0d ? source.size - 1 : source.size;
  return before === 0x0d ? source.size - 2 : source.size - 1;
}
