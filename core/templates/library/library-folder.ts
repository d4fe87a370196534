/**
 * Safe access to the library folder. Only regular files whose real path lies inside are read, so a symbolic link that
 * points elsewhere is as good as not there, and on file systems that ignore letter case a name must still be exact.
 */
import { createHash } from 'node:crypto';
import { constants, type Stats, stat as statWithCallback } from 'node:fs';
import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { InfluxionError } from '../../error.ts';

/** What changes when a file does. */
export interface Fingerprint {
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
}

/** How a file was when it was read. */
interface FileState {
  readonly fingerprint: Fingerprint;
  /**
   * It was changed so shortly before it was read that a later change could carry the same time stamp; whoever keeps
   * the content must not trust the fingerprint alone.
   */
  readonly isFresh: boolean;
}

export interface LibraryFile extends FileState {
  readonly bytes: Buffer;
  readonly realPath: string;
}

export interface DigestedFile extends FileState {
  readonly sha256: string;
  readonly size: number;
  readonly realPath: string;
}

export interface FoundFile {
  /** Relative to the folder that was listed, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

const MAX_DEPTH = 8;
const MAX_FILES = 5_000;
/** File systems stamp times with the kernel's tick, 10 ms at the coarsest. */
const TICK_MS = 25;
const DIGEST_CHUNK_BYTES = 256 * 1024;

export class LibraryFolder {
  readonly path: string;
  #root: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Undefined when there is no such regular file inside the library; TEMPLATE_INVALID when it is too large. */
  async read(segments: readonly string[], maxBytes: number): Promise<LibraryFile | undefined> {
    return this.#withFile(segments, async (file, facts, realPath) => {
      if (facts.size > maxBytes) throw tooLarge(segments.join('/'), maxBytes);
      const bytes = await file.readFile();
      return { bytes, realPath, ...states(facts) };
    });
  }

  /** The same for a file of any size, of which only the SHA-256 is wanted (lower case hexadecimal). */
  async digest(segments: readonly string[]): Promise<DigestedFile | undefined> {
    return this.#withFile(segments, async (file, facts, realPath) => {
      const digest = createHash('sha256');
      const chunk = Buffer.allocUnsafe(DIGEST_CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) break;
        digest.update(chunk.subarray(0, bytesRead));
      }
      return { sha256: digest.digest('hex'), size: facts.size, realPath, ...states(facts) };
    });
  }

  async #withFile<Result>(
    segments: readonly string[],
    work: (file: FileHandle, facts: Stats, realPath: string) => Promise<Result>,
  ): Promise<Result | undefined> {
    const realPath = await this.resolve(segments);
    if (realPath === undefined) return undefined;
    const before = await fingerprintOf(realPath);
    if (!before?.isFile) return undefined;
    // Never waits for the other end of a pipe that took the file's place.
    const file = await open(
      realPath,
      constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0),
    );
    try {
      const facts = await file.stat();
      return facts.isFile() ? await work(file, facts, realPath) : undefined;
    } finally {
      await file.close();
    }
  }

  /** The real path when it lies inside the library. */
  async resolve(segments: readonly string[]): Promise<string | undefined> {
    this.#root ??= await realpath(this.path);
    const root = this.#root;
    const wanted = join(root, ...segments);
    const real = await realpath(wanted).catch(ignoreAbsence);
    if (real === undefined || !(real === root || real.startsWith(root + sep))) return undefined;
    return real !== wanted && real.toLowerCase() === wanted.toLowerCase() ? undefined : real;
  }

  /** Names of what lies directly in the library, hidden things left out. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.path, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      .map((entry) => entry.name)
      .sort();
  }

  /** The regular files below a folder, sorted by path; hidden ones and symbolic links are left out. */
  async files(segments: readonly string[]): Promise<FoundFile[]> {
    const base = await this.resolve(segments);
    const found: FoundFile[] = [];
    if (base !== undefined) await collect(base, '', 0, found);
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

async function collect(folder: string, prefix: string, depth: number, found: FoundFile[]): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreAbsence)) ?? [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || found.length >= MAX_FILES) continue;
    const full = join(folder, entry.name);
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) await collect(full, `${path}/`, depth + 1, found);
    } else if (entry.isFile()) {
      const facts = await stat(full).catch(ignoreAbsence);
      if (facts) found.push({ path, size: facts.size, modified: facts.mtimeMs });
    }
  }
}

/** Undefined when there is nothing at the path. On the way of every job, so without the cost of fs.promises. */
export function fingerprintOf(
  realPath: string,
): Promise<(Fingerprint & { readonly isFile: boolean }) | undefined> {
  return new Promise((resolve, reject) => {
    statWithCallback(realPath, (error, facts) => {
      if (!error) resolve({ ...fingerprint(facts), isFile: facts.isFile() });
      else if (isAbsence(error)) resolve(undefined);
      else reject(error);
    });
  });
}

const states = (facts: Stats): FileState => ({
  fingerprint: fingerprint(facts),
  isFresh: Date.now() - facts.ctimeMs < TICK_MS,
});

function fingerprint(facts: Stats): Fingerprint {
  return { inode: facts.ino, size: facts.size, modified: facts.mtimeMs, changed: facts.ctimeMs };
}

export function isSame(a: Fingerprint | undefined, b: Fingerprint | undefined): boolean {
  if (!a || !b) return a === b;
  return a.inode === b.inode && a.size === b.size && a.modified === b.modified && a.changed === b.changed;
}

/** UTF-8 without a byte order mark. */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InfluxionError(
      'TEMPLATE_INVALID',
      `"${name}" is not UTF-8 text.`,
      { hint: 'Save it as UTF-8.' },
      error,
    );
  }
}

export function tooLarge(name: string, maxBytes: number): InfluxionError {
  return new InfluxionError(
    'TEMPLATE_INVALID',
    `"${name}" is larger than ${Math.floor(maxBytes / 1_000_000)} MB.`,
  );
}

const ABSENCE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM']);

/** What cannot be reached is not there; any other fault of the disk is thrown. */
function ignoreAbsence(error: unknown): undefined {
  if (isAbsence(error)) return undefined;
  throw error;
}

const isAbsence = (error: unknown): boolean => ABSENCE.has(String((error as { code?: unknown }).code));
