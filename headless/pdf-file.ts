/** Where a rendered document goes: a file that appears whole or not at all, or stdout. */
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InfluxionError } from '../core/error.ts';
import { writeResult } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export type Bytes = Uint8Array | AsyncIterable<Uint8Array>;

const STDOUT = '-';

async function* chunksOf(bytes: Bytes): AsyncIterable<Uint8Array> {
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Refuses before any work is done: a terminal shows a PDF as rubbish and may obey what is in it. */
export function refuseTerminal(target: string): void {
  if (target !== STDOUT || !process.stdout.isTTY) return;
  throw new UsageError(
    'A PDF is not written to a terminal.',
    'Name a file with -o OUT.pdf, or send it on: … -o - > out.pdf',
  );
}

/** Finds out before any work is done that the file could not be written. Errors: BAD_REQUEST, NOT_FOUND. */
export async function assertWritable(target: string): Promise<void> {
  if (target === STDOUT) return;
  const folder = dirname(resolve(target));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const message = isMissing(error)
      ? `There is no folder ${dirname(target)} to write ${basename(target)} to.`
      : `${target} cannot be written: access to its folder is denied.`;
    throw new InfluxionError('NOT_FOUND', message, {}, error);
  }
  const present = await stat(target).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (present?.isDirectory()) {
    throw new InfluxionError('BAD_REQUEST', `${target} is a folder; name a file in it.`);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its rename is durable by the journal.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Where the bytes must really go: the file behind a symbolic link, or a device or pipe that is written as it is. */
async function resolveTarget(target: string): Promise<{ path: string; replaceable: boolean }> {
  try {
    const path = await realpath(target);
    return { path, replaceable: (await stat(path)).isFile() };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { path: resolve(target), replaceable: true };
  }
}

async function writeChunks(path: string, flags: string, bytes: Bytes, durable: boolean): Promise<number> {
  const handle = await open(path, flags, 0o666);
  let size = 0;
  try {
    for await (const chunk of chunksOf(bytes)) {
      await handle.writeFile(chunk);
      size += chunk.byteLength;
    }
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
  return size;
}

async function writeFileWhole(target: string, bytes: Bytes): Promise<number> {
  const { path, replaceable } = await resolveTarget(target);
  if (!replaceable) return writeChunks(path, 'w', bytes, false);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  let size: number;
  try {
    size = await writeChunks(temporary, 'wx', bytes, true);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  return size;
}

/** Writes the document to `target` (`-`: stdout) and returns its size in bytes. */
export async function writePdf(target: string, bytes: Bytes): Promise<number> {
  if (target !== STDOUT) return writeFileWhole(target, bytes);
  let size = 0;
  for await (const chunk of chunksOf(bytes)) {
    await writeResult(chunk);
    size += chunk.byteLength;
  }
  return size;
}

/** Bytes as people read them: `12 kB`, `3.4 MB`. */
export function readableSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${String(Math.round(bytes / 1000))} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
