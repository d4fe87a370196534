/** What is left to do when no row of a batch waits any more: are all documents there, and the file that holds them all. */
import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BatchOutput } from '../../../contract/batch.ts';
import { createFolderSync, diskCalls, temporaryName, writeDurably } from '../../store/durable-file.ts';
import type { BatchRecord } from '../../store/batch-repository.ts';
import type { BatchRowRecord, BatchRowRepository } from '../../store/batch-row-repository.ts';
import type { Db } from '../../store/db.ts';
import type { Destination } from '../destination.ts';
import { INDEX_NAME, indexCsv } from './batch-index.ts';
import { batchZip } from './batch-zip.ts';
import type { MergeBatch } from './merge-batch.ts';

export interface FinishDeps {
  readonly db: Db;
  readonly rows: BatchRowRepository;
  readonly merge: MergeBatch | undefined;
  readonly now: () => number;
}

const STEP = 500;

/** Rows whose documents are not there any more wait anew; how many they are. */
export async function requeueMissing(
  record: BatchRecord,
  destination: Destination,
  { db, rows }: Pick<FinishDeps, 'db' | 'rows'>,
): Promise<number> {
  let missing = 0;
  for (let after = 0; ;) {
    const page = rows.page(record.id, 'done', { after, limit: STEP });
    if (page.length === 0) return missing;
    after = page.at(-1)?.row ?? after;
    const gone: BatchRowRecord[] = [];
    for (const row of page) {
      if (row.name !== null && (await destination.size(row.name)) !== row.size) gone.push(row);
    }
    missing += gone.length;
    if (gone.length > 0) await db.write(() => gone.forEach((row) => rows.requeue(row)));
  }
}

/** Writes the index beside the documents, and the zip or PDF that holds them all; returns what there is to be warned of. */
export async function writeResults(
  record: BatchRecord,
  destination: Destination,
  deps: FinishDeps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const output = JSON.parse(record.output) as BatchOutput;
  if (output.type === 'folder') {
    await writeWhole(join(destination.folder, INDEX_NAME), indexCsv(record.id, deps.rows), signal);
    return [];
  }
  if (output.type === 'zip') {
    if (output.file == null) return [];
    const zip = batchZip(record.id, deps.rows, destination, new Date(deps.now()));
    await writeWhole(output.file, zip as AsyncIterable<Uint8Array>, signal);
    return [];
  }
  if (deps.merge === undefined || record.done === 0) return [];
  const inputs = [];
  for (let after = 0; ;) {
    const page = deps.rows.page(record.id, 'done', { after, limit: STEP });
    if (page.length === 0) break;
    after = page.at(-1)?.row ?? after;
    for (const { name } of page) {
      if (name !== null) inputs.push({ path: destination.path(name), title: name.replace(/\.pdf$/, '') });
    }
  }
  const target = mergedPath(output, destination);
  return deps.merge({ record, pageNumbers: output.page_numbers ?? undefined, inputs, target, signal });
}

/** Where the merged PDF of a batch is. */
export const mergedPath = (
  output: Extract<BatchOutput, { type: 'merged' }>,
  { folder }: Destination,
): string => output.file ?? join(dirname(folder), 'merged.pdf');

async function writeWhole(
  path: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const temporary = temporaryName(path, 'batch');
  await unlink(temporary).catch(() => undefined);
  await writeDurably(path, content, {
    disk: diskCalls,
    syncFolder: createFolderSync(diskCalls),
    temporary,
    signal,
  });
}
