/** Files of documents that are too large for the memory, while they are being finished. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Scratch {
  /** A path that nobody has. */
  path(): string;
  /** Writes a stream into a new file; its path. */
  spool(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string>;
  remove(path: string): Promise<void>;
}

/** `folder` belongs to one process: what a dead one left in it is removed. */
export async function openScratch(folder: string): Promise<Scratch> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (): string => join(folder, `${randomUUID()}.pdf`);
  const remove = (file: string): Promise<void> => rm(file, { force: true });
  return {
    path,
    remove,
    async spool(chunks, signal) {
      const file = path();
      try {
        await using handle = await open(file, 'wx', 0o600);
        for await (const chunk of chunks) {
          signal.throwIfAborted();
          await handle.writeFile(chunk);
        }
      } catch (error) {
        await remove(file);
        throw error;
      }
      return file;
    },
  };
}

/** The bytes of a file; it is removed once they are read or given up. */
export async function* readOnce(path: string, scratch: Scratch): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1024 * 1024 });
  } finally {
    await scratch.remove(path);
  }
}
