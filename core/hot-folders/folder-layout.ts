/** What lies where in a hot folder, and how files move within it: always by a rename, which is whole or not at all. */
import { access, lstat, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderSync, diskCalls } from '../store/durable-file.ts';

/** Out of sight: data files that are being worked on. */
const WORK = '.influxion';
const TEMPORARY = '.temporary';

export type Shelf = 'out' | 'done' | 'failed';

export interface FolderLayout {
  readonly folder: string;
  /** Makes what is missing of `out`, `done`, `failed` and the work folder. */
  prepare(): Promise<void>;
  /** Of one data file. */
  workFolder(fileId: number): string;
  /** Only when it is empty: nothing that a person put in goes with it. */
  removeWorkFolder(fileId: number): Promise<void>;
  /** A document or text of a data file while it is written. */
  temporary(fileId: number): string;
  /** Errors: ENOENT where nothing of that is there, as under a drive that is gone. */
  assertPrepared(): Promise<void>;
  /**
   * Whether a file is there. Errors: ENOENT where the whole drive is gone, of which nothing can be said; one that comes back
   * while it is looked at had the file all along.
   */
  has(path: string): Promise<boolean>;
  input(fileId: number, name: string): string;
  /** `invoice.pdf`, or `invoice (2).pdf` when there is one: a path below the folder that is free now and not `promised`. */
  freeName(shelf: Shelf, name: string, promised: ReadonlySet<string>): Promise<string>;
  /** One after the other, so that no two choose the same name. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Durable when it resolves. `to`: below the folder. */
  move(from: string, to: string): Promise<void>;
}

export function createFolderLayout(folder: string): FolderLayout {
  const syncFolder = createFolderSync(diskCalls);
  const assertPrepared = (): Promise<void> => access(join(folder, WORK));
  const has = async (path: string): Promise<boolean> => {
    if (await exists(path)) return true;
    await assertPrepared();
    return exists(path);
  };
  let last: Promise<unknown> = Promise.resolve();
  const workFolder = (fileId: number): string => join(folder, WORK, String(fileId));
  const temporary = (fileId: number): string => join(workFolder(fileId), TEMPORARY);
  return {
    folder,
    async prepare() {
      // Not with what is above: where a drive is gone, its folder would be made anew on another one.
      for (const name of ['out', 'done', 'failed', WORK]) await makeFolder(join(folder, name));
    },
    workFolder,
    async removeWorkFolder(fileId) {
      await rm(temporary(fileId), { force: true });
      await rmdir(workFolder(fileId)).catch((error: unknown) => {
        const code = String((error as NodeJS.ErrnoException).code);
        if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
      });
    },
    temporary,
    assertPrepared,
    has,
    input: (fileId, name) => join(workFolder(fileId), name),
    async freeName(shelf, name, promised) {
      for (let number = 1; ; number += 1) {
        const path = join(shelf, numbered(name, number));
        if (!promised.has(path) && !(await has(join(folder, path)))) return path;
      }
    },
    alone(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    async move(from, to) {
      await rename(from, join(folder, to));
      await syncFolder(join(folder, to, '..'));
    },
  };
}

/** `invoice (2).pdf`; the ending is what comes after the last dot. */
function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return `${stem} (${number})${dot > 0 ? name.slice(dot) : ''}`;
}

/** That it is there already is no failure. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Errors: what the file system says, but for a file that is not there. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
