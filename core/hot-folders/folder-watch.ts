/** Watches one hot folder: looks at it when the system tells of a change and every few seconds, and takes what is settled. */
import { constants, watch, type FSWatcher } from 'node:fs';
import { access } from 'node:fs/promises';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import type { HotFolderRow } from '../store/hot-folder-repository.ts';
import { giveBack, takeFile, workOn, type FileWorkDeps } from './file-work.ts';
import { createFolderLayout } from './folder-layout.ts';
import { describeTrouble } from './folder-trouble.ts';
import { createSettledFiles } from './settled-files.ts';

export interface WatchTimes {
  /** How long a file must have stayed the same before it is taken. */
  readonly settleMs: number;
  /** Between two looks where the system tells of changes, as it does not for all drives. */
  readonly lookMs: number;
  /** Between two looks where it tells nothing. */
  readonly pollMs: number;
}

export const DEFAULT_WATCH_TIMES: WatchTimes = { settleMs: 1_500, lookMs: 10_000, pollMs: 2_000 };

/** Data files that are worked on at once, over all folders. */
export interface Slots {
  take(): boolean;
  free(): void;
}

export interface FolderWatchDeps extends FileWorkDeps {
  readonly logger: Logger;
  readonly times: WatchTimes;
  readonly slots: Slots;
  /** Called after each change of what is shown. */
  readonly changed: () => void;
}

export interface FolderWatch {
  /** Why the folder cannot be worked in now, in words. */
  readonly problem: string | undefined;
  /** There may be something to do. */
  wake(): void;
  setPaused(paused: boolean): void;
  /** Ends; what is under way is taken up by the next watch, or with `giveBack` put back into the folder. */
  close(options?: { readonly giveBack: boolean }): Promise<void>;
}

const AGAIN = 'It is tried again by itself.';
/** What a file that another program still holds is refused with. */
const HELD = new Set(['EBUSY', 'EPERM', 'EACCES']);
/** Files of a folder whose end is remembered. */
const MOST_FILES = 10_000;

export function watchFolder(folder: HotFolderRow, deps: FolderWatchDeps): FolderWatch {
  const { db, repository, clock, times, slots } = deps;
  const logger = deps.logger.child({ hotFolder: folder.id });
  const layout = createFolderLayout(folder.folder);
  const files = createSettledFiles(folder.folder, times.settleMs);
  const stop = new AbortController();
  const isStopped = (): boolean => stop.signal.aborted;
  const working = new Map<number, Promise<void>>();
  /** Files that failed, each with the monotonic time of its next try: a drive that is gone is not asked without end. */
  const restingUntil = new Map<number, number>();
  let paused = folder.paused === 1;
  let problem: string | undefined;
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rounds: Promise<void> = Promise.resolve();
  let isAsked = false;

  const tell = (next: string | undefined): void => {
    if (problem === next) return;
    problem = next;
    if (next === undefined) logger.info({}, 'the hot folder is back');
    else logger.warn({ reason: next }, 'the hot folder cannot be used');
    deps.changed();
  };

  function wake(): void {
    if (isAsked || isStopped()) return;
    isAsked = true;
    rounds = rounds.then(async () => {
      isAsked = false;
      if (isStopped()) return;
      const waitMs = await round();
      clearTimeout(timer);
      if (!isStopped()) timer = setTimeout(wake, waitMs);
    });
  }

  /** Milliseconds until the next one. Never rejects. */
  async function round(): Promise<number> {
    const rest = folder.poll === 1 ? times.pollMs : times.lookMs;
    try {
      for (const file of repository.unfinished(folder.id)) {
        const isDue = (restingUntil.get(file.id) ?? 0) <= clock.monotonic();
        if (isDue && !working.has(file.id) && slots.take()) begin(file.id);
      }
      if (paused) {
        await layout.assertPrepared();
        tell(undefined);
        return rest;
      }
      const { settled, waiting } = await files.look(clock.monotonic());
      if (settled.length > 0) await layout.prepare();
      await takeAll(settled);
      listen();
      if (restingUntil.size === 0) tell(undefined);
      return waiting ? Math.min(rest, times.settleMs / 3) : rest;
    } catch (error) {
      if (isStopped()) return rest;
      fail(error);
      return rest;
    }
  }

  function fail(error: unknown): void {
    const trouble = InfluxionError.is(error) ? `${error.message} ${AGAIN}` : describeTrouble(error);
    if (trouble === undefined) logger.error({ err: error }, 'a hot folder could not be worked on');
    watcher?.close();
    watcher = undefined;
    tell(trouble ?? `Something went wrong inside Influxion; the log has the details. ${AGAIN}`);
  }

  async function takeAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (isStopped() || !slots.take()) break;
      try {
        const file = await takeFile(folder, name, layout, deps);
        if (file === undefined) slots.free();
        else begin(file.id);
      } catch (error) {
        slots.free();
        files.distrust(name);
        if (!(await isHeld(error))) throw error;
      }
    }
  }

  /** Whether only this file cannot be moved, as on Windows while a program writes to it. */
  async function isHeld(error: unknown): Promise<boolean> {
    if (!HELD.has(String((error as NodeJS.ErrnoException).code))) return false;
    return access(folder.folder, constants.W_OK).then(
      () => true,
      () => false,
    );
  }

  /** With a slot that was taken for it. */
  function begin(fileId: number): void {
    deps.changed();
    const work = workOn(folder, fileId, layout, deps, stop.signal)
      .then(() => db.write(() => repository.prune(folder.id, MOST_FILES)))
      .then(
        () => restingUntil.delete(fileId),
        (error: unknown) => {
          restingUntil.set(fileId, clock.monotonic() + times.pollMs);
          if (!isStopped()) fail(error);
        },
      )
      .then(() => {
        working.delete(fileId);
        slots.free();
        deps.changed();
      });
    working.set(fileId, work);
  }

  function listen(): void {
    if (folder.poll === 1 || watcher !== undefined) return;
    try {
      watcher = watch(folder.folder, { persistent: false }, wake);
      watcher.on('error', () => {
        watcher?.close();
        watcher = undefined;
        wake();
      });
    } catch {
      // The system can tell nothing of this folder; it is looked at all the same.
    }
  }

  wake();
  return {
    get problem() {
      return problem;
    },
    wake,
    setPaused(next) {
      paused = next;
      wake();
    },
    async close(options) {
      stop.abort(new Error('The hot folder is closed'));
      clearTimeout(timer);
      watcher?.close();
      await rounds;
      await Promise.all(working.values());
      if (options?.giveBack !== true) return;
      for (const file of repository.unfinished(folder.id)) {
        await giveBack(file, layout, deps).catch((error: unknown) => {
          logger.warn({ err: error, file: file.id }, 'a data file could not be put back');
        });
      }
    },
  };
}
