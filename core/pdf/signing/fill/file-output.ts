/** Signs in a file without reading it into memory: the twin of memory-output.ts, byte for byte. */
import { ftruncateSync, writeSync } from 'node:fs';
import { fileSource } from '../../revision/byte-source.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { findPlaceholder } from './placeholder.ts';
import type { SignedOutput } from './signed-output.ts';

/** `fd`: open for reading and writing; it stays the caller's. Calls block, so this belongs into a worker thread. */
export function fileOutput(fd: number): SignedOutput {
  let size = 0;
  const put = (bytes: Uint8Array, at: number): void => {
    for (let done = 0; done < bytes.byteLength;) {
      done += writeSync(fd, bytes, done, bytes.byteLength - done, at + done);
    }
  };
  const append = (chunks: Iterable<Uint8Array>): void => {
    for (const chunk of chunks) {
      put(chunk, size);
      size += chunk.byteLength;
    }
  };
  const cut = (length: number): void => {
    ftruncateSync(fd, length);
    size = length;
  };
  return {
    write(chunks) {
      cut(0);
      append(chunks);
    },
    append,
    cut,
    source: () => fileSource(fd, size),
    async fill(number, hash, make) {
      const source = fileSource(fd, size);
      const placeholder = findPlaceholder(source, number);
      cut(await fillPlaceholders({ source, placeholder, put }, hash, make));
    },
  };
}
