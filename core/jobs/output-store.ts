/** Finished documents on disk: `output/<thousand>/<job>-<attempt>.pdf`, one file an attempt, so no attempt overwrites another's. */
import { mkdir, readdir } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pagesOf, pagesOfFile } from '../pdf/document-pages.ts';
import {
  createFolderSync,
  discard,
  diskCalls,
  removeIfThere,
  temporaryName,
  writeDurably,
  type DiskCalls,
} from '../store/durable-file.ts';
import type { PipelineResult } from './pipeline.ts';

/** The attempt that made a document. */
export interface AttemptKey {
  readonly id: number;
  readonly attempt: number;
}

export interface StoredOutput {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly pages: number | null;
}

export interface OutputStore {
  /** Durable and whole when it resolves; nothing is left when it rejects. */
  write(
    key: AttemptKey,
    document: Pick<PipelineResult, 'pdf' | 'pages'>,
    signal: AbortSignal,
  ): Promise<StoredOutput>;
  path(key: AttemptKey): string;
  /** Bytes of the file, or undefined when there is none. */
  size(key: AttemptKey): number | undefined;
  remove(key: AttemptKey): Promise<void>;
  /** Every thousand jobs' folder, one by one, with the documents in it and the temporary files of other processes. */
  shards(): AsyncIterable<OutputShard>;
}

export interface OutputShard {
  /** Jobs `firstId` … `firstId + 999`. */
  readonly firstId: number;
  readonly documents: readonly AttemptKey[];
  readonly strays: readonly string[];
  /** Removes a stray by its name. */
  removeStray(name: string): Promise<void>;
}

const SHARD_JOBS = 1_000;
const DOCUMENT = /^(\d{1,15})-(\d{1,9})\.pdf$/;
const TEMPORARY = /^\d{1,15}-\d{1,9}\.pdf\.([\w-]+)\.tmp$/;

/** `instance` tells this process's temporary files from those that a dead one left. */
export function createOutputStore(
  folder: string,
  instance: string,
  disk: DiskCalls = diskCalls,
): OutputStore {
  const syncFolder = createFolderSync(disk);
  const made = new Map<string, Promise<void>>();

  const path = ({ id, attempt }: AttemptKey): string =>
    join(folder, String(Math.floor(id / SHARD_JOBS)).padStart(6, '0'), `${id}-${attempt}.pdf`);

  const makeShard = (shard: string): Promise<void> => {
    let making = made.get(shard);
    // Somebody may clear the folder while Influxion runs.
    if (making === undefined || !existsSync(shard)) {
      making = mkdir(shard, { recursive: true, mode: 0o700 }).then(() => syncFolder(folder));
      made.set(shard, making);
      making.catch(() => made.delete(shard));
    }
    return making;
  };

  return {
    path,
    async write(key, { pdf, pages: known }, signal) {
      const file = path(key);
      try {
        await makeShard(dirname(file));
      } catch (error) {
        await discard(pdf);
        throw error;
      }
      const written = await writeDurably(file, pdf, {
        disk,
        syncFolder,
        temporary: temporaryName(file, instance),
        signal,
      });
      if (known !== undefined) return { ...written, pages: known };
      // The document is good without the number, so a failing read of it is no failure of the job.
      const counting = pdf instanceof Uint8Array ? pagesOf(pdf) : pagesOfFile(file, written.size);
      const pages = await counting.catch(() => null);
      return { ...written, pages };
    },
    size: (key) => statSync(path(key), { throwIfNoEntry: false })?.size,
    remove: (key) => removeIfThere(disk, path(key)),
    async *shards() {
      for (const name of await readdir(folder)) {
        if (!/^\d{6,12}$/.test(name)) continue;
        const shard = join(folder, name);
        const names = await readdir(shard);
        yield {
          firstId: Number(name) * SHARD_JOBS,
          documents: names.flatMap((entry) => {
            const match = DOCUMENT.exec(entry);
            return match === null ? [] : [{ id: Number(match[1]), attempt: Number(match[2]) }];
          }),
          strays: names.filter((entry) => {
            const match = TEMPORARY.exec(entry);
            return match !== null && match[1] !== instance;
          }),
          removeStray: (entry) => removeIfThere(disk, join(shard, entry)),
        };
      }
    },
  };
}
