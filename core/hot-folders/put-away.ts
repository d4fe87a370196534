/** The end of a data file: its documents in `out/`, the file itself in `done/` or `failed/`. */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Batch, BatchRow } from '../../contract/batch.ts';
import { safeFileName } from '../batch/names/document-name.ts';
import { InfluxionError } from '../error.ts';
import { createFolderSync, diskCalls, writeDurably } from '../store/durable-file.ts';
import type {
  HotFileEnd,
  HotFileRow,
  HotFolderRepository,
  HotFolderRow,
} from '../store/hot-folder-repository.ts';
import { errorText, faultInWords, type RowFault } from './error-text.ts';
import { HOT_FOLDER_CALLER, type FileBatchDeps } from './file-batch.ts';
import type { FolderLayout } from './folder-layout.ts';

/** A batch that has ended, or why there is none. */
export type Outcome = { readonly batch: Batch } | { readonly fault: string };

export const isPutAway = async ({ moved_to }: HotFileRow, layout: FolderLayout): Promise<boolean> =>
  moved_to !== null && (await layout.has(join(layout.folder, moved_to)));

export const NOTHING = { total: 0, done: 0, failed: 0 };
/** Rows that are read at once. */
const PAGE = 500;
/** Rows that are told of; the count tells of the others. */
const MOST_FAULTS = 1_000;

/** Puts the documents into `out/` and moves the data file after them, with what went wrong beside it. */
export async function putAway(
  folder: HotFolderRow,
  file: HotFileRow,
  outcome: Outcome,
  layout: FolderLayout,
  deps: FileBatchDeps,
): Promise<HotFileEnd> {
  const { db, repository, batches } = deps;
  const faults: RowFault[] = [];
  let counts = NOTHING;
  let reason = 'fault' in outcome ? outcome.fault : null;
  if ('batch' in outcome) {
    const { id, rows, error, state } = outcome.batch;
    counts = { total: rows.total, done: rows.done, failed: rows.total - rows.done };
    reason = error ?? (state === 'cancelled' ? 'The batch was cancelled.' : null);
    for (let after = 0; ;) {
      const page = batches.rows(id, { after, limit: PAGE }, HOT_FOLDER_CALLER);
      for (const row of page) {
        const fault =
          row.state === 'done' ? await publish(folder, file, row, outcome.batch, layout, deps) : row;
        if (fault === undefined) continue;
        if (row.state === 'done') counts = { ...counts, done: counts.done - 1, failed: counts.failed + 1 };
        if (faults.length < MOST_FAULTS) faults.push(fault);
      }
      after = page.at(-1)?.row ?? after;
      if (page.length < PAGE) break;
    }
  }
  const isDone = reason === null && counts.failed === 0 && counts.total > 0;
  const input = layout.input(file.id, file.name);
  const error = isDone ? null : (reason ?? faultInWords(faults[0], counts));
  await layout.alone(async () => {
    // It is there since before the host was killed.
    if (!(await layout.has(input)) && (await isPutAway(file, layout))) return;
    const target = await layout.freeName(isDone ? 'done' : 'failed', file.name, promisedTo(file, repository));
    await db.write(() => repository.setTarget(file.id, target));
    if (!isDone) {
      const text = errorText(file.name, reason, counts, faults);
      await write(`${target}.error.txt`, Buffer.from(text), file, layout);
    }
    await layout.move(input, target);
  });
  return { ...counts, error };
}

/** What is wrong with the row when there is no document of it any more. */
async function publish(
  folder: HotFolderRow,
  file: HotFileRow,
  row: BatchRow,
  batch: Batch,
  layout: FolderLayout,
  { db, repository, batches }: FileBatchDeps,
): Promise<RowFault | undefined> {
  // It is there since before the host was killed.
  if (row.row < file.row) return undefined;
  if (row.row === file.row && file.row_to !== null && (await layout.has(join(layout.folder, file.row_to)))) {
    return undefined;
  }
  const stem = basename(file.name, extname(file.name));
  const own = safeFileName(batch.rows.total === 1 ? stem : `${stem}-${row.row}`, '.pdf');
  let path: string;
  try {
    path = batches.document(batch.id, row.row, HOT_FOLDER_CALLER).path;
  } catch (error) {
    if (InfluxionError.is(error)) return { ...row, error: error.message };
    throw error;
  }
  await layout.alone(async () => {
    const wanted = folder.name === null ? own : (row.name ?? own);
    const name = await layout.freeName('out', wanted, promisedTo(file, repository));
    await db.write(() => repository.setRow(file.id, row.row, name));
    await write(name, createReadStream(path), file, layout);
  });
  return undefined;
}

/** Paths that other files were given and may not be at yet. */
function promisedTo(file: HotFileRow, repository: HotFolderRepository): ReadonlySet<string> {
  const others = repository.unfinished(file.folder_id).filter(({ id }) => id !== file.id);
  const paths = others.flatMap(({ row_to, moved_to }) => [row_to, moved_to]);
  return new Set(paths.filter((path) => path !== null));
}

/** Whole and durable once it has its name, a path below the folder. */
async function write(
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  file: HotFileRow,
  layout: FolderLayout,
): Promise<void> {
  const temporary = layout.temporary(file.id);
  await rm(temporary, { force: true });
  const options = { disk: diskCalls, syncFolder: createFolderSync(diskCalls), temporary };
  await writeDurably(join(layout.folder, name), content, options);
}
