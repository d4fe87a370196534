/** Where the bytes of a PDF come from: memory, or a file of any size through a few cached blocks. */
import { readSync } from 'node:fs';

/** Reads are synchronous: whoever reads large files does it in a worker thread. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Bytes `offset` … `offset + length`, fewer at the end. Nobody changes them; they may hold a larger block in memory. */
  read(offset: number, length: number): Uint8Array;
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

const BLOCK_BYTES = 256 * 1024;
const CACHED_BLOCKS = 32;

/** `fd` stays the caller's, who closes it. `size`: bytes of the file. Throws what reading the file throws. */
export function fileSource(fd: number, size: number): ByteSource {
  const blocks = new Map<number, Uint8Array>();

  const block = (index: number): Uint8Array => {
    const known = blocks.get(index);
    if (known !== undefined) {
      blocks.delete(index);
      blocks.set(index, known);
      return known;
    }
    const bytes = readFully(fd, index * BLOCK_BYTES, Math.min(BLOCK_BYTES, size - index * BLOCK_BYTES));
    blocks.set(index, bytes);
    const [oldest] = blocks.keys();
    if (blocks.size > CACHED_BLOCKS && oldest !== undefined) blocks.delete(oldest);
    return bytes;
  };

  return {
    size,
    read(offset, length) {
      const end = Math.min(offset + length, size);
      if (end <= offset) return new Uint8Array(0);
      const first = Math.floor(offset / BLOCK_BYTES);
      if (end <= (first + 1) * BLOCK_BYTES) {
        const start = first * BLOCK_BYTES;
        return block(first).subarray(offset - start, end - start);
      }
      return readFully(fd, offset, end - offset);
    },
  };
}

function readFully(fd: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
