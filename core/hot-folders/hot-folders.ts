/** Hot folders: which there are, what they look like, and the watch over each. */
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type {
  AddHotFolderRequest,
  HotFile,
  HotFileList,
  HotFolder,
  HotFolderList,
} from '../../contract/hot-folder.ts';
import type { GenerateRequest } from '../../contract/job.ts';
import { createNamer } from '../batch/names/document-name.ts';
import { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import {
  createHotFolderRepository,
  type HotFileRow,
  type HotFolderRow,
} from '../store/hot-folder-repository.ts';
import type { HotBatches } from './file-batch.ts';
import { createFolderLayout } from './folder-layout.ts';
import { describeTrouble } from './folder-trouble.ts';
import { DEFAULT_WATCH_TIMES, watchFolder, type FolderWatch, type WatchTimes } from './folder-watch.ts';

export interface HotFoldersDeps {
  readonly db: Db;
  readonly batches: HotBatches;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Not to be watched, nor anything in it. */
  readonly dataFolder: string;
  /** Refuses what could never become a document: missing templates and keys. */
  readonly admit: (request: GenerateRequest) => Promise<unknown>;
  readonly times?: Partial<WatchTimes>;
  /** Data files at once; default 4. */
  readonly atOnce?: number;
}

export interface HotFolders {
  list(): HotFolderList;
  /**
   * Watched from now on. Errors: HOT_FOLDER_UNUSABLE, HOT_FOLDER_EXISTS, VALIDATION_FAILED (the pattern of the names), and those of a
   * job: TEMPLATE_NOT_FOUND, KEY_NOT_FOUND.
   */
  add(request: AddHotFolderRequest): Promise<HotFolder>;
  /** A paused folder takes no files; those that were taken go on. Errors: HOT_FOLDER_NOT_FOUND. */
  change(id: number, change: { readonly paused: boolean }): Promise<HotFolder>;
  /** No longer watched; what was taken and is not done is put back. Errors: HOT_FOLDER_NOT_FOUND. */
  remove(id: number): Promise<void>;
  /** The latest data files. Errors: HOT_FOLDER_NOT_FOUND. */
  files(id: number, limit: number): HotFileList;
  onChange(listener: () => void): () => void;
  /** Begins to watch, and takes up what a host that stopped has left. */
  start(): void;
  close(): Promise<void>;
}

const AT_ONCE = 4;

export function createHotFolders(deps: HotFoldersDeps): HotFolders {
  const { db, clock } = deps;
  const logger = deps.logger.child({ part: 'hot-folders' });
  const repository = createHotFolderRepository(db);
  const watches = new Map<number, FolderWatch>();
  const listeners = new Set<() => void>();
  let isStarted = false;
  let busy = 0;
  const atOnce = deps.atOnce ?? AT_ONCE;
  const slots = {
    take: () => {
      if (busy >= atOnce) return false;
      busy += 1;
      return true;
    },
    free: () => {
      busy -= 1;
      // Others may have waited for it.
      for (const watch of watches.values()) watch.wake();
    },
  };
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const begin = (folder: HotFolderRow): void => {
    const times = { ...DEFAULT_WATCH_TIMES, ...deps.times };
    const watch = watchFolder(folder, { ...deps, logger, repository, times, slots, changed });
    watches.set(folder.id, watch);
  };

  const find = (id: number): HotFolderRow => {
    const row = Number.isSafeInteger(id) ? repository.get(id) : undefined;
    if (row === undefined)
      throw new InfluxionError('HOT_FOLDER_NOT_FOUND', 'There is no hot folder of that number.');
    return row;
  };

  const view = (row: HotFolderRow): HotFolder => {
    const problem = watches.get(row.id)?.problem ?? null;
    const standard = row.pdf_standard === null ? null : (JSON.parse(row.pdf_standard) as string | string[]);
    return {
      id: row.id,
      folder: row.folder,
      template_id: row.template_id,
      name: row.name,
      pdf_standard: typeof standard === 'string' ? standard : (standard?.join(', ') ?? null),
      sign_key_id: row.sign_key_id,
      poll: row.poll === 1,
      state: problem !== null ? 'unreachable' : row.paused === 1 ? 'paused' : 'watching',
      problem,
      counts: repository.counts(row.id),
      created_at: iso(row.created_at),
    };
  };

  return {
    list: () => ({ folders: repository.list().map(view) }),

    async add({ folder: text, template_id, name = null, pdf_standard = null, sign_key_id = null, poll }) {
      if (name !== null) createNamer(name);
      await deps.admit({ html_template: { id: template_id }, pdf_standard, sign_key_id });
      const folder = await usableFolder(text);
      const other = repository.list().find((known) => overlap(known.folder, folder));
      if (other !== undefined) {
        throw new InfluxionError(
          'HOT_FOLDER_EXISTS',
          `${other.folder} is already a hot folder (number ${other.id}).`,
          {
            hint: 'Remove that one first, or choose another folder: hot folders may not lie in one another.',
          },
        );
      }
      if (overlap(await realpath(deps.dataFolder), folder)) {
        throw unusable('The data folder of Influxion cannot be a hot folder.');
      }
      await createFolderLayout(folder)
        .prepare()
        .catch((error: unknown) => {
          throw unusable(describeTrouble(error) ?? 'The folder cannot be used.', error);
        });
      const id = await db.write(() =>
        repository.add({
          folder,
          template_id,
          name,
          pdf_standard: pdf_standard === null ? null : JSON.stringify(pdf_standard),
          sign_key_id,
          poll: Number(poll),
          created_at: clock.now(),
        }),
      );
      const row = find(id);
      if (isStarted) begin(row);
      changed();
      return view(row);
    },

    async change(id, { paused }) {
      find(id);
      await db.write(() => repository.setPaused(id, paused));
      watches.get(id)?.setPaused(paused);
      changed();
      return view(find(id));
    },

    async remove(id) {
      find(id);
      const watch = watches.get(id);
      watches.delete(id);
      await watch?.close({ giveBack: true });
      await db.write(() => repository.remove(id));
      changed();
    },

    files: (id, limit) => ({ files: repository.files(find(id).id, limit).map(toFile) }),

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (isStarted) return;
      isStarted = true;
      for (const folder of repository.list()) begin(folder);
    },
    async close() {
      isStarted = false;
      await Promise.all([...watches.values()].map((watch) => watch.close()));
      watches.clear();
      listeners.clear();
    },
  };
}

/** Where the folder really lies. */
async function usableFolder(text: string): Promise<string> {
  if (!isAbsolute(text)) throw unusable('A hot folder is named by its whole path.');
  try {
    const folder = await realpath(text);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    throw unusable(describeTrouble(error) ?? 'The folder cannot be used.', error);
  }
  throw unusable(`${text} is a file, not a folder.`);
}

function unusable(message: string, cause?: unknown): InfluxionError {
  return new InfluxionError('HOT_FOLDER_UNUSABLE', message, {}, cause);
}

function overlap(one: string, other: string): boolean {
  return isIn(one, other) || isIn(other, one);
}

function isIn(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function toFile(row: HotFileRow): HotFile {
  return {
    id: row.id,
    name: row.name,
    state: row.state === 'taking' ? 'working' : row.state,
    documents: { total: row.total, done: row.done, failed: row.failed },
    error: row.error,
    taken_at: iso(row.taken_at),
    ended_at: row.ended_at === null ? null : iso(row.ended_at),
  };
}

const iso = (time: number): string => new Date(time).toISOString();
