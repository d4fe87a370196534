/**
 * Files that are whole and durable once they have their name: temporary file → fsync → rename → fsync of the folder.
 */
import { createHash, hash } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

type Awaitable<T> = T | Promise<T>;

/** The calls that touch the disk, so that a test can make each of them fail. */
export interface DiskCalls {
  open(path: string, flags: string, mode?: number): Awaitable<number>;
  write(fd: number, bytes: Uint8Array): Awaitable<number>;
  sync(fd: number): Awaitable<void>;
  close(fd: number): Awaitable<void>;
  rename(from: string, to: string): Awaitable<void>;
  remove(path: string): Awaitable<void>;
}

const write = promisify(fs.write);
const LONG_WRITE_BYTES = 256 * 1024;

/**
 * What only touches the page cache takes microseconds, less than its way to another thread and back; what waits for the
 * disk goes there.
 */
export const diskCalls: DiskCalls = {
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  write: (fd, bytes) =>
    bytes.byteLength < LONG_WRITE_BYTES
      ? fs.writeSync(fd, bytes)
      : write(fd, bytes).then(({ bytesWritten }) => bytesWritten),
  sync: promisify(fs.fsync),
  close: (fd) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  remove: promisify(fs.unlink),
};

export interface WrittenFile {
  readonly size: number;
  /** Lower case hexadecimal. */
  readonly sha256: string;
}

export interface DurableFileOptions {
  readonly disk: DiskCalls;
  readonly syncFolder: FolderSync;
  /** Where the bytes go until they are all there; in the folder of the final name. */
  readonly temporary: string;
  readonly signal?: AbortSignal;
}

/** Writes `content` to `path`. When it fails or is aborted, neither file is left and `content` has been returned. */
export async function writeDurably(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: DurableFileOptions,
): Promise<WrittenFile> {
  const { disk, temporary } = options;
  let written: WrittenFile;
  try {
    const fd = await openOrReturn(content, disk, temporary);
    try {
      written = await writeContent(disk, fd, content, options.signal);
      await disk.sync(fd);
    } finally {
      await disk.close(fd);
    }
    options.signal?.throwIfAborted();
    await disk.rename(temporary, path);
  } catch (error) {
    await removeIfThere(disk, temporary);
    throw error;
  }
  try {
    await options.syncFolder(dirname(path));
  } catch (error) {
    await removeIfThere(disk, path);
    throw error;
  }
  return written;
}

/** Removes a file; that it is gone already is no failure. */
export async function removeIfThere(disk: DiskCalls, path: string): Promise<void> {
  try {
    await disk.remove(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function openOrReturn(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  disk: DiskCalls,
  temporary: string,
): Promise<number> {
  try {
    return await disk.open(temporary, 'wx', 0o600);
  } catch (error) {
    await discard(content);
    throw error;
  }
}

/** Tells a stream that nobody will read it. */
export async function discard(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  if (!(content instanceof Uint8Array)) await content[Symbol.asyncIterator]().return?.();
}

async function writeContent(
  disk: DiskCalls,
  fd: number,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<WrittenFile> {
  if (content instanceof Uint8Array) {
    await writeAll(disk, fd, content);
    return {
      size: content.byteLength,
      // Not everybody wants it, and it takes the caller's thread half a millisecond a megabyte.
      get sha256() {
        return hash('sha256', content, 'hex');
      },
    };
  }
  const digest = createHash('sha256');
  let size = 0;
  const chunks = content[Symbol.asyncIterator]();
  const aborted = abortion(signal);
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted.promise]);
      if (next.done === true) return { size, sha256: digest.digest('hex') };
      digest.update(next.value);
      size += next.value.byteLength;
      await writeAll(disk, fd, next.value);
    }
  } catch (error) {
    // A source that hangs does not answer this either, so nobody waits for it.
    chunks.return?.().catch(() => undefined);
    throw error;
  } finally {
    aborted.dispose();
  }
}

/** Rejects with the signal's reason once it is aborted, never otherwise. */
function abortion(signal: AbortSignal | undefined): {
  readonly promise: Promise<never>;
  dispose(): void;
} {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onAbort = (): void => {
    reject(signal?.reason as Error);
  };
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, dispose: () => signal?.removeEventListener('abort', onAbort) };
}

async function writeAll(disk: DiskCalls, fd: number, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.byteLength > 0) rest = rest.subarray(await disk.write(fd, rest));
}

/** Makes the names in a folder durable. */
export type FolderSync = (folder: string) => Promise<void>;

/**
 * Calls that come while a folder is being synced share the next sync: it began after their rename, so it covers it.
 * Windows knows no sync of a folder; NTFS journals its names.
 */
export function createFolderSync(disk: DiskCalls): FolderSync {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  const sync = (folder: string): Promise<void> => {
    const started = syncOnce(disk, folder).finally(() => {
      if (running.get(folder) === started) running.delete(folder);
    });
    running.set(folder, started);
    return started;
  };

  return (folder) => {
    if (process.platform === 'win32') return Promise.resolve();
    const current = running.get(folder);
    if (current === undefined) return sync(folder);
    let next = waiting.get(folder);
    if (next === undefined) {
      next = current
        .catch(() => undefined)
        .then(() => {
          waiting.delete(folder);
          return sync(folder);
        });
      waiting.set(folder, next);
    }
    return next;
  };
}

async function syncOnce(disk: DiskCalls, folder: string): Promise<void> {
  const fd = await disk.open(folder, 'r');
  try {
    await disk.sync(fd);
  } finally {
    await disk.close(fd);
  }
}

/** The name under which a file waits for its final one, told apart by who writes it. */
export function temporaryName(path: string, instance: string): string {
  return `${dirname(path)}/${basename(path)}.${instance}.tmp`;
}
