/**
 * The files of one template as they are edited. A file is whole or not there: it is written beside the templates, synced,
 * and gets its name in one step. No path leads out of the template's folder, not through a symbolic link either.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import { createFolderSync, writeDurably, type DiskCalls, type FolderSync } from '../../store/durable-file.ts';
import { FileDigests } from './file-digests.ts';
import { fileKind, maxBytes } from './file-kinds.ts';
import {
  fingerprintOf,
  isSame,
  tooLarge,
  type Fingerprint,
  type FoundFile,
  type LibraryFolder,
} from './library-folder.ts';
import { unfinished } from './template-install.ts';
import { safeSegments, templateNotFound } from './template-names.ts';

export interface CurrentFile {
  readonly bytes: Buffer;
  readonly revision: string;
  readonly fingerprint: Fingerprint;
}

const HASH_CHUNK_BYTES = 1024 * 1024;
/** As other programs make files; the umask takes from it. */
const NEW_FILE_MODE = 0o666;

/** Of a file's content: its SHA-256. Lets others have a turn while it goes over a large one. */
export async function revisionOf(bytes: Uint8Array): Promise<string> {
  const digest = createHash('sha256');
  for (let at = 0; at < bytes.length; at += HASH_CHUNK_BYTES) {
    if (at > 0) await nextTurn();
    digest.update(bytes.subarray(at, at + HASH_CHUNK_BYTES));
  }
  return digest.digest('hex');
}

export class TemplateFiles {
  readonly #folder: LibraryFolder;
  readonly #disk: DiskCalls;
  readonly #digests: FileDigests;
  readonly #syncFolder: FolderSync;

  constructor(folder: LibraryFolder, disk: DiskCalls, logger: Logger) {
    this.#folder = folder;
    this.#disk = disk;
    this.#digests = new FileDigests(folder);
    const sync = createFolderSync(disk);
    this.#syncFolder = (path) =>
      sync(path).catch((error: unknown) => {
        // The file has its name and its content is on the disk; taking it back would lose both.
        logger.warn({ err: error }, 'The folder of a template could not be synced');
      });
  }

  /** Errors: TEMPLATE_NOT_FOUND. */
  async list(id: string): Promise<FoundFile[]> {
    await this.root(id);
    return this.#folder.files([id]);
  }

  /** The real folder of a template. Errors: TEMPLATE_NOT_FOUND. */
  async root(id: string): Promise<string> {
    const isName = safeSegments(id)?.length === 1;
    const root = isName ? await this.#folder.resolve([id]) : undefined;
    const facts = root === undefined ? undefined : await lstat(root).catch(() => undefined);
    if (root !== undefined && facts?.isDirectory() === true) return root;
    throw templateNotFound(
      `template "${shown(id)}" in the library`,
      'It was renamed or deleted, perhaps by another program.',
    );
  }

  /** Undefined when there is none. Errors: TEMPLATE_INVALID for a path that leads out or a file that is too large. */
  async read(id: string, path: string): Promise<CurrentFile | undefined> {
    const segments = segmentsOf(path);
    const root = await this.root(id);
    await refuseLinks(root, segments);
    const found = await this.#folder.read([id, ...segments], maxBytes(fileKind(path)));
    if (!found) return undefined;
    return { bytes: found.bytes, revision: await revisionOf(found.bytes), fingerprint: found.fingerprint };
  }

  /** The bytes alone. Errors: TEMPLATE_NOT_FOUND, also when there is no such file; TEMPLATE_INVALID. */
  async bytes(id: string, path: string): Promise<Buffer> {
    const segments = segmentsOf(path);
    await refuseLinks(await this.root(id), segments);
    const found = await this.#folder.read([id, ...segments], maxBytes(fileKind(path)));
    if (found) return found.bytes;
    throw fileNotFound(id, path);
  }

  /** Without reading a large file into memory. Undefined when there is none. */
  async revision(id: string, path: string): Promise<string | undefined> {
    const segments = segmentsOf(path);
    await refuseLinks(await this.root(id), segments);
    return this.#digests.of([id, ...segments]);
  }

  /** Undefined when there is none. */
  async fingerprint(id: string, path: string): Promise<Fingerprint | undefined> {
    const real = await this.#folder.resolve([id, ...segmentsOf(path)]);
    return real === undefined ? undefined : fingerprintOf(real);
  }

  /**
   * Writes a file and returns its revision. `replaces` is what the caller has seen there, undefined when nothing.
   * Errors: TEMPLATE_CONFLICT when that is no longer so, TEMPLATE_INVALID (path, size, a name that differs from another
   * one by letter case only), TEMPLATE_NOT_FOUND, and those of the disk.
   */
  async write(
    id: string,
    path: string,
    bytes: Uint8Array,
    replaces: Fingerprint | undefined,
  ): Promise<string> {
    const limit = maxBytes(fileKind(path));
    if (bytes.length > limit) throw tooLarge(path, limit);
    const segments = segmentsOf(path);
    const root = await this.root(id);
    const target = join(root, ...segments);
    const facts = await refuseLinks(root, segments);
    if (!facts) await this.#prepare(root, segments);
    const { sha256 } = await writeDurably(target, inChunks(bytes), {
      disk: {
        ...this.#disk,
        open: (name, flags) => this.#disk.open(name, flags, facts ? facts.mode & 0o777 : NEW_FILE_MODE),
        rename: async (from, to) => {
          if (!isSame(await fingerprintOf(target), replaces)) throw conflict(path);
          await this.#disk.rename(from, to);
        },
      },
      syncFolder: this.#syncFolder,
      temporary: unfinished(this.#folder.path),
    });
    return sha256;
  }

  /** Errors: TEMPLATE_NOT_FOUND, also when there is no such file. */
  async remove(id: string, path: string): Promise<void> {
    const target = await this.#existing(id, path);
    await this.#disk.remove(target);
    await this.#syncFolder(dirname(target));
  }

  /** Errors: TEMPLATE_NOT_FOUND, TEMPLATE_EXISTS when there is a file of the new name. */
  async rename(id: string, path: string, to: string): Promise<void> {
    const from = await this.#existing(id, path);
    const root = await this.root(id);
    const segments = segmentsOf(to);
    if (path === to) return;
    if (await refuseLinks(root, segments)) throw fileExists(to);
    await this.#prepare(root, segments, path);
    const target = join(root, ...segments);
    await this.#disk.rename(from, target);
    await this.#syncFolder(dirname(target));
    if (dirname(from) !== dirname(target)) await this.#syncFolder(dirname(from));
  }

  async #existing(id: string, path: string): Promise<string> {
    const root = await this.root(id);
    const segments = segmentsOf(path);
    if (
      (await refuseLinks(root, segments)) &&
      (await this.#folder.resolve([id, ...segments])) !== undefined
    ) {
      return join(root, ...segments);
    }
    throw fileNotFound(id, path);
  }

  /** Makes the folders of a new file; `renamed` may have the same name but for letter case. */
  async #prepare(root: string, segments: readonly string[], renamed?: string): Promise<void> {
    for (const [depth, segment] of segments.entries()) {
      const parent = segments.slice(0, depth);
      for (const name of await readdir(join(root, ...parent)).catch(() => [])) {
        if (name === segment || folded(name) !== folded(segment)) continue;
        if ([...parent, name].join('/') === renamed) continue;
        throw new InfluxionError(
          'TEMPLATE_INVALID',
          `There is "${name}" already, and "${segment}" would differ from it in letter case only.`,
          { hint: 'Choose another name: to many computers the two are the same.' },
        );
      }
    }
    if (segments.length > 1) await mkdir(join(root, ...segments.slice(0, -1)), { recursive: true });
  }
}

export function conflict(path: string): InfluxionError {
  return new InfluxionError('TEMPLATE_CONFLICT', `"${path}" was changed by someone else meanwhile.`, {
    hint: 'Look at both versions and choose what to keep.',
  });
}

export function fileNotFound(id: string, path: string): InfluxionError {
  return templateNotFound(`file "${shown(path)}" in the template "${id}"`);
}

function fileExists(path: string): InfluxionError {
  return new InfluxionError('TEMPLATE_EXISTS', `There is already a file "${path}".`, {
    hint: 'Choose another name.',
  });
}

/** Errors: TEMPLATE_INVALID. */
export function segmentsOf(path: string): string[] {
  const segments = safeSegments(path);
  if (segments) return segments;
  throw new InfluxionError('TEMPLATE_INVALID', `"${shown(path)}" cannot name a file of a template.`, {
    hint: 'Use names without : * ? " < > | \\ and control characters that begin with no dot, and / between folders.',
  });
}

const shown = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);

const folded = (name: string): string => name.normalize('NFC').toLowerCase();

interface FileFacts {
  readonly mode: number;
}

/** What is at the path; undefined when nothing is. Errors: TEMPLATE_INVALID for a link, a folder, a device. */
async function refuseLinks(root: string, segments: readonly string[]): Promise<FileFacts | undefined> {
  for (let depth = 1; depth <= segments.length; depth++) {
    const facts = await lstat(join(root, ...segments.slice(0, depth))).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
      throw error;
    });
    if (!facts) return undefined;
    const isLast = depth === segments.length;
    if (isLast && facts.isFile()) return facts;
    if (!isLast && facts.isDirectory()) continue;
    const what = facts.isSymbolicLink() ? 'a symbolic link' : isLast ? 'not a file' : 'not a folder';
    throw new InfluxionError(
      'TEMPLATE_INVALID',
      `"${segments.slice(0, depth).join('/')}" is ${what}, so nothing is read or written there.`,
      { hint: 'Put a plain file in its place.' },
    );
  }
  return undefined;
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += HASH_CHUNK_BYTES) {
    if (at > 0) await nextTurn();
    yield bytes.subarray(at, at + HASH_CHUNK_BYTES);
  }
}
