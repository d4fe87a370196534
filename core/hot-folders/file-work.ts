/**
 * One data file from the moment it is taken to the moment it lies in `done/` or `failed/`. Every step can be done again: a
 * host that was killed takes it up where it was, and each document and each file is moved exactly once.
 */
import { open, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, BatchRequest, BatchRow } from '../../contract/batch.ts';
import type { BatchService } from '../batch/batch-service.ts';
import { safeFileName } from '../batch/names/document-name.ts';
import { InfluxionError } from '../error.ts';
import type { Caller } from '../jobs/job-service.ts';
import type { Clock } from '../ports.ts';
import type { Db } from '../store/db.ts';
import { createFolderSync, diskCalls, writeDurably } from '../store/durable-file.ts';
import type {
  HotFileEnd,
  HotFileRow,
  HotFolderRepository,
  HotFolderRow,
} from '../store/hot-folder-repository.ts';
import { errorText, faultInWords, type RowFault } from './error-text.ts';
import { exists, makeFolder, type FolderLayout } from './folder-layout.ts';

export type HotBatches = Pick<
  BatchService,
  'start' | 'get' | 'list' | 'rows' | 'document' | 'cancel' | 'remove' | 'onChange'
>;

export interface FileWorkDeps {
  readonly db: Db;
  readonly repository: HotFolderRepository;
  readonly batches: HotBatches;
  readonly clock: Clock;
}

export const HOT_FOLDER_CALLER: Caller = { clientId: 'hot-folder', admin: true };

const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);
/** Changes of a batch are told; in case one was missed. */
const LOOK_MS = 2_000;
const BUSY_RETRY_MS = 5_000;
const PAGE = 500;
/** A document or text while it is written. */
const TEMPORARY = '.temporary';
/** One document whose data is the whole file; more is a table, which is streamed. */
const SINGLE_MAX_BYTES = 16 * 1024 * 1024;

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
    await removeWorkFolder(id, layout).catch(() => undefined);
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
  if (batchId !== null && find(batchId, batches) !== undefined) {
    await batches.remove(batchId, HOT_FOLDER_CALLER);
  }
  await removeWorkFolder(fileId, layout);
  await db.write(() => repository.clearBatch(fileId));
}

const NOTHING = { total: 0, done: 0, failed: 0 };
const REMOVED = 'The data file was removed while it was being worked on.';

/** Whether the file is where its row says. Errors: ENOENT where the whole drive is another one than it was. */
async function isHere(file: HotFileRow, layout: FolderLayout): Promise<boolean> {
  return (await layout.has(layout.input(file.id, file.name))) || isPutAway(file, layout);
}

const isPutAway = async ({ moved_to }: HotFileRow, layout: FolderLayout): Promise<boolean> =>
  moved_to !== null && (await layout.has(join(layout.folder, moved_to)));

/** Only what is empty: nothing that a person put in goes with it. */
async function removeWorkFolder(fileId: number, layout: FolderLayout): Promise<void> {
  const folder = layout.workFolder(fileId);
  await rm(join(folder, TEMPORARY), { force: true });
  await rmdir(folder).catch((error: unknown) => {
    const code = String((error as NodeJS.ErrnoException).code);
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
  });
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
  await removeWorkFolder(file.id, layout);
}

/** A batch that has ended, or why there is none. */
type Outcome = { readonly batch: Batch } | { readonly fault: string };

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
    outcome = { batch: await batchEnded(id, deps, signal) };
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

/** Puts the documents into `out/` and moves the data file after them, with what went wrong beside it. */
async function putAway(
  folder: HotFolderRow,
  file: HotFileRow,
  outcome: Outcome,
  layout: FolderLayout,
  deps: FileWorkDeps,
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

/** Rows that are told of; the count tells of the others. */
const MOST_FAULTS = 1_000;

/** What is wrong with the row when there is no document of it any more. */
async function publish(
  folder: HotFolderRow,
  file: HotFileRow,
  row: BatchRow,
  batch: Batch,
  layout: FolderLayout,
  { db, repository, batches }: FileWorkDeps,
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
  const temporary = join(layout.workFolder(file.id), TEMPORARY);
  await rm(temporary, { force: true });
  const options = { disk: diskCalls, syncFolder: createFolderSync(diskCalls), temporary };
  await writeDurably(join(layout.folder, name), content, options);
}

/** The batch of a file, which is started when there is none. Errors: why it cannot become documents. */
async function batchOf(
  folder: HotFolderRow,
  file: HotFileRow,
  layout: FolderLayout,
  deps: FileWorkDeps,
  signal: AbortSignal,
): Promise<number> {
  const { db, repository, batches } = deps;
  if (file.batch_id !== null) {
    const known = find(file.batch_id, batches);
    if (known !== undefined) return known.id;
  }
  const id =
    startedEarlier(titleOf(file), batches) ??
    (await start(await requestFor(folder, file, layout), batches, signal));
  await db.write(() => repository.setBatch(file.id, id));
  return id;
}

function find(id: number, batches: HotBatches): Batch | undefined {
  try {
    return batches.get(id, HOT_FOLDER_CALLER);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const isGone = (error: unknown): boolean => InfluxionError.is(error) && error.status === 404;

/** No two files have the same. */
const titleOf = ({ id, folder_id, name }: HotFileRow): string =>
  `${name.slice(0, 150)} (hot folder ${folder_id}, file ${id})`;

/** A host that was killed between the start of a batch and the note of it left one of this title. */
function startedEarlier(title: string, batches: HotBatches): number | undefined {
  return batches.list({ limit: PAGE }, HOT_FOLDER_CALLER).find((batch) => batch.title === title)?.id;
}

const DATA_FILE = /\.(?:json|jsonl|ndjson|csv|tsv|tab|txt|xlsx|xlsm|xls|ods)$/i;

async function requestFor(
  folder: HotFolderRow,
  file: HotFileRow,
  layout: FolderLayout,
): Promise<BatchRequest> {
  const input = layout.input(file.id, file.name);
  if (!DATA_FILE.test(file.name)) {
    throw new InfluxionError('ROWS_INVALID', 'This is no file of data.', {
      hint: 'Data comes as .json, .jsonl, .csv, .xlsx or .ods.',
    });
  }
  const single = await singleDocument(input, file.name);
  return {
    rows: single === undefined ? { file: input } : { inline: [single] },
    html_template: { id: folder.template_id },
    title: titleOf(file),
    ...(folder.name !== null && { name: folder.name }),
    ...(folder.pdf_standard !== null && {
      pdf_standard: JSON.parse(folder.pdf_standard) as BatchRequest['pdf_standard'],
    }),
    ...(folder.sign_key_id !== null && { sign_key_id: folder.sign_key_id }),
  };
}

/** The data of a `.json` file that holds one object; undefined for a file of rows. Errors: ROWS_INVALID. */
async function singleDocument(path: string, name: string): Promise<object | undefined> {
  if (extname(name).toLowerCase() !== '.json') return undefined;
  await using file = await open(path);
  const head = (await file.read({ buffer: Buffer.alloc(1024), position: 0 })).buffer.toString('utf8');
  if (!/^\uFEFF?\s*\{/.test(head)) return undefined;
  if ((await file.stat()).size > SINGLE_MAX_BYTES) {
    throw new InfluxionError('ROWS_INVALID', 'One object of data has at most 16 MB.', {
      hint: 'Many documents are an array, or JSON Lines.',
    });
  }
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    // Objects one after the other are JSON Lines under another name, and are told of line by line.
    if (text.trimEnd().includes('}\n')) return undefined;
    throw new InfluxionError('ROWS_INVALID', `The file is no JSON: ${(error as Error).message}.`, {}, error);
  }
}

/** Waits while the host cannot take more. */
async function start(request: BatchRequest, batches: HotBatches, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return (await batches.start(request, HOT_FOLDER_CALLER)).id;
    } catch (error) {
      if (!InfluxionError.is(error) || ![429, 503, 507].includes(error.status)) throw error;
      await sleep(BUSY_RETRY_MS, undefined, { signal });
    }
  }
}

function batchEnded(id: number, { batches }: FileWorkDeps, signal: AbortSignal): Promise<Batch> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearInterval(timer);
      unsubscribe();
      signal.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    const look = (): void => {
      try {
        const batch = batches.get(id, HOT_FOLDER_CALLER);
        if (!ENDED.has(batch.state)) return;
        stop();
        resolve(batch);
      } catch (error) {
        stop();
        reject(InfluxionError.from(error));
      }
    };
    const unsubscribe = batches.onChange((batch) => {
      if (batch.id === id && ENDED.has(batch.state)) look();
    });
    const timer = setInterval(look, LOOK_MS);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else look();
  });
}
