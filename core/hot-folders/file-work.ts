/**
 * One data file from the moment it is taken to the moment it lies in `done/` or `failed/`. Every step can be done again: a
 * host that was killed takes it up where it was, and each document and each file is moved exactly once.
 */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { InfluxionError } from '../error.ts';
import type { Clock } from '../ports.ts';
import type { HotFileRow, HotFolderRow } from '../store/hot-folder-repository.ts';
import { batchEnded, batchOf, findBatch, HOT_FOLDER_CALLER, type FileBatchDeps } from './file-batch.ts';
import { exists, makeFolder, type FolderLayout } from './folder-layout.ts';
import { isPutAway, NOTHING, putAway, type Outcome } from './put-away.ts';

export interface FileWorkDeps extends FileBatchDeps {
  readonly clock: Clock;
}

/** Moves the file out of sight. Undefined when it is not there any more. Errors: what the file system says. */
export async function takeFile(
  folder: HotFolderRow,
  name: string,
  layout: FolderLayout,
  { db, repository, clock }: FileWorkDeps,
): Promise<HotFileRow | undefined> {
  const id = await db.write(() => repository.take(folder.id, name, clock.now()));
  try {
    await makeFolder(layout.workFolder(id));
    await rename(join(layout.folder, name), layout.input(id, name));
  } catch (error) {
    await db.write(() => repository.forget(id));
    await layout.removeWorkFolder(id).catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && (await exists(layout.folder))) return undefined;
    throw error;
  }
  return repository.file(id);
}

/**
 * Takes a file that was taken to its end. Errors: what the file system says of the folder, after which it is called again
 * later; the reason of `signal`.
 */
export async function workOn(
  folder: HotFolderRow,
  fileId: number,
  layout: FolderLayout,
  deps: FileWorkDeps,
  signal: AbortSignal,
): Promise<void> {
  const { db, repository, batches, clock } = deps;
  const file = repository.file(fileId);
  if (file === undefined) return;
  if (file.state === 'taking' || file.state === 'working') {
    if (await isHere(file, layout)) {
      const end = await putAway(
        folder,
        file,
        await makeDocuments(folder, file, layout, deps, signal),
        layout,
        deps,
      );
      await db.write(() => repository.end(fileId, end, clock.now()));
    } else if (file.state === 'taking') {
      // It never left the folder, and is found there anew.
      await db.write(() => repository.forget(fileId));
    } else {
      await db.write(() => repository.end(fileId, { ...NOTHING, error: REMOVED }, clock.now()));
    }
  }
  const batchId = repository.file(fileId)?.batch_id ?? null;
  if (batchId !== null && findBatch(batchId, batches) !== undefined) {
    await batches.remove(batchId, HOT_FOLDER_CALLER);
  }
  await layout.removeWorkFolder(fileId);
  await db.write(() => repository.clearBatch(fileId));
}

const REMOVED = 'The data file was removed while it was being worked on.';

/** Whether the file is where its row says. Errors: ENOENT where the whole drive is another one than it was. */
async function isHere(file: HotFileRow, layout: FolderLayout): Promise<boolean> {
  return (await layout.has(layout.input(file.id, file.name))) || isPutAway(file, layout);
}

/** Puts a file back where it came from, as far as it is not at its end. */
export async function giveBack(file: HotFileRow, layout: FolderLayout, deps: FileWorkDeps): Promise<void> {
  if (file.batch_id !== null) {
    await deps.batches.cancel(file.batch_id, HOT_FOLDER_CALLER).catch(() => undefined);
  }
  const input = layout.input(file.id, file.name);
  if (await layout.has(input)) {
    // One of whose documents some are there already would become them again.
    const isFree = file.row === 0 && !(await layout.has(join(layout.folder, file.name)));
    const none = new Set<string>();
    await layout.move(input, isFree ? file.name : await layout.freeName('failed', file.name, none));
  }
  await layout.removeWorkFolder(file.id);
}

async function makeDocuments(
  folder: HotFolderRow,
  file: HotFileRow,
  layout: FolderLayout,
  deps: FileWorkDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const { db, repository, batches } = deps;
  let outcome: Outcome;
  try {
    const id = await batchOf(folder, file, layout, deps, signal);
    outcome = { batch: await batchEnded(id, batches, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!InfluxionError.is(error)) throw error;
    const { hint } = error.details;
    outcome = { fault: hint === undefined ? error.message : `${error.message} ${hint}` };
  }
  const hasFailed = 'fault' in outcome || outcome.batch.state === 'failed';
  if (hasFailed && !(await isHere(file, layout))) {
    // Not the file was at fault but its drive; it is read anew when that is back.
    if ('batch' in outcome) {
      await batches.remove(outcome.batch.id, HOT_FOLDER_CALLER);
      await db.write(() => repository.clearBatch(file.id));
    }
    throw Object.assign(new Error('The data file is gone'), { code: 'ENOENT' });
  }
  return outcome;
}
