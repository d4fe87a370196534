/**
 * Batches: what is started is durable before that is said, and every row ends as exactly one document, or with the reason
 * why there is none, whatever stops the host in between.
 */
import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type {
  Batch,
  BatchOutput,
  BatchRequest,
  BatchRow,
  BatchRowDetail,
  DryRun,
  RowState,
} from '../../contract/batch.ts';
import { InfluxionError } from '../error.ts';
import { shuttingDown } from '../jobs/job-errors.ts';
import type { Caller, OpenedOutput } from '../jobs/job-service.ts';
import type { RowJobs } from '../jobs/row-jobs.ts';
import type { Clock, Logger } from '../ports.ts';
import { createBatchRepository, type BatchRecord } from '../store/batch-repository.ts';
import { createBatchRowRepository, type BatchRowRecord } from '../store/batch-row-repository.ts';
import type { Db } from '../store/db.ts';
import type { DiskCalls } from '../store/durable-file.ts';
import { batchNotFound, rowNotFound, wrongState } from './batch-errors.ts';
import type { RowGangs } from './ahead/row-gangs.ts';
import { batchFolders } from './batch-folders.ts';
import { toBatch, toBatchRow } from './batch-view.ts';
import { createDestination, type Destination } from './destination.ts';
import { createLifecycle } from './lifecycle.ts';
import { createNamer, nameKey } from './names/document-name.ts';
import { INDEX_NAME, indexCsv } from './output/batch-index.ts';
import { batchZip } from './output/batch-zip.ts';
import { mergedPath } from './output/finish-batch.ts';
import type { MergeBatch } from './output/merge-batch.ts';
import type { PinnedTemplates } from './pin/pinned-templates.ts';
import { readSpool } from './row-spool.ts';
import type { DryRunRequest, RowsFiles } from './rows-files.ts';
import { createRowsFiles } from './rows-files.ts';
import { prepareBatch, rowsFor, type PrepareBatchDeps } from './start-batch.ts';
import { createNameChooser, fingerprintOf } from './take-in.ts';

export interface BatchServiceDeps extends Omit<PrepareBatchDeps, 'uploads' | 'folders'> {
  readonly db: Db;
  /** The data folder. */
  readonly data: string;
  readonly jobs: RowJobs;
  readonly pins: PinnedTemplates;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly merge?: MergeBatch;
  /** Prints rows together; absent where jobs run elsewhere. */
  readonly gangs?: RowGangs;
  /** Milliseconds after its end for which a batch is kept; default 30 days. */
  readonly keptMs?: () => number;
  /** Of the documents, for tests that make it fail. */
  readonly disk?: DiskCalls;
}

/** A file to be sent: a path, or a stream that is read once. */
export type BatchResult =
  | { readonly kind: 'file'; readonly path: string; readonly filename: string; readonly type: string }
  | { readonly kind: 'stream'; readonly stream: Readable; readonly filename: string; readonly type: string };

export interface BatchService {
  readonly uploads: RowsFiles;
  /** Durable when it resolves. Errors: those of a job, ROWS_NOT_FOUND, OWNER_ONLY, OUTPUT_FOLDER_UNUSABLE, VALIDATION_FAILED. */
  start(request: BatchRequest, caller: Caller): Promise<Batch>;
  /** The first rows as they would be; nothing is started. Errors: as `start`, ROWS_INVALID. */
  dryRun(
    request: BatchRequest,
    range: Pick<DryRunRequest, 'from' | 'limit'>,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<DryRun>;
  get(id: number, caller: Caller): Batch;
  /** Newest first. */
  list(
    page: { readonly before?: number; readonly offset?: number; readonly limit: number },
    caller: Caller,
  ): Batch[];
  total(): number;
  rows(
    id: number,
    page: {
      readonly state?: RowState | undefined;
      readonly after?: number;
      readonly offset?: number;
      readonly limit: number;
    },
    caller: Caller,
  ): BatchRow[];
  row(id: number, row: number, caller: Caller): Promise<BatchRowDetail>;
  pause(id: number, caller: Caller): Promise<Batch>;
  resume(id: number, caller: Caller): Promise<Batch>;
  /** Rows that wait become none; those that run are ended. What is done stays. */
  cancel(id: number, caller: Caller): Promise<Batch>;
  /** Failed rows once more: all of them, or those named. BATCH_STATE where none has failed. */
  retry(id: number, rows: readonly number[] | undefined, caller: Caller): Promise<Batch>;
  /** One row that has ended, once more. `data`: in place of what it held. */
  retryRow(id: number, row: number, data: unknown, caller: Caller): Promise<Batch>;
  /** One that has ended, with the documents that it keeps itself. */
  remove(id: number, caller: Caller): Promise<void>;
  /** The zip, or the merged PDF. BATCH_STATE before the batch has ended. */
  result(id: number, as: 'zip' | undefined, caller: Caller): BatchResult;
  index(id: number, caller: Caller): BatchResult;
  /** The document of a row. */
  document(id: number, row: number, caller: Caller): OpenedOutput;
  onChange(listener: (batch: Batch, clientId: string) => void): () => void;
  /** Takes up what a host that stopped has left. */
  open(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_KEPT_MS = 30 * 24 * 60 * 60_000;
const ENDED: readonly string[] = ['done', 'failed', 'cancelled'];

export function createBatchService(deps: BatchServiceDeps): BatchService {
  const { db, clock, logger } = deps;
  const folders = batchFolders(deps.data);
  const batches = createBatchRepository(db);
  const rows = createBatchRowRepository(db, batches);
  const uploads = createRowsFiles(folders.uploads, clock);
  const listeners = new Set<(batch: Batch, clientId: string) => void>();
  let stopping = false;

  const view = (record: BatchRecord): Batch => toBatch(record, lifecycle.facts(record.id));
  const lifecycle = createLifecycle({
    ...deps,
    folders,
    batches,
    rows,
    keptMs: deps.keptMs ?? (() => DEFAULT_KEPT_MS),
    ended(record) {
      const { id, client_id: clientId, webhook_url: url, webhook_secret: secret } = record;
      const target = url === null || secret === null ? undefined : { url, secret };
      deps.webhooks?.tell({
        type: 'batch.ended',
        clientId,
        subject: { batchId: id },
        target,
        data: () => view(record),
      });
    },
    changed(id) {
      if (listeners.size === 0) return;
      const record = batches.get(id);
      if (record === undefined) return;
      const batch = view(record);
      for (const listener of [...listeners]) listener(batch, record.client_id);
    },
  });

  function find(id: number, caller: Caller): BatchRecord {
    const record = Number.isSafeInteger(id) ? batches.get(id) : undefined;
    if (record === undefined || !(caller.admin || record.client_id === caller.clientId))
      throw batchNotFound(id);
    return record;
  }

  function findRow(id: number, row: number, caller: Caller): [BatchRecord, BatchRowRecord] {
    const record = find(id, caller);
    const found = Number.isSafeInteger(row) ? rows.get(id, row) : undefined;
    if (found === undefined) throw rowNotFound(id, row);
    return [record, found];
  }

  const destinationOf = (record: BatchRecord): Destination =>
    createDestination(record.output_folder, record.folder);

  async function dataOf(record: BatchRecord, row: BatchRowRecord): Promise<string> {
    if (row.data !== null) return row.data;
    await using spool = readSpool(folders.spool(record.folder));
    return await spool.read(row);
  }

  return {
    uploads,

    async start(request, caller) {
      if (stopping) throw shuttingDown();
      const prepared = await prepareBatch(request, caller, { ...deps, uploads, folders });
      const id = await db.write(() => batches.insert(prepared));
      const record = find(id, caller);
      lifecycle.begin(record);
      return view(record);
    },

    async dryRun(request, range, caller, signal) {
      const { file, discard } = await rowsFor(request, caller, uploads, folders);
      try {
        return await uploads.dryRun(
          file,
          {
            ...range,
            reading: request.reading ?? undefined,
            mapping: request.mapping ?? undefined,
            name: request.name ?? undefined,
          },
          signal,
        );
      } finally {
        await discard();
      }
    },

    get: (id, caller) => view(find(id, caller)),
    list: (page, caller) => batches.list(caller.admin ? undefined : caller.clientId, page).map(view),
    total: () => batches.total(),
    rows(id, { state, after = 0, offset = 0, limit }, caller) {
      find(id, caller);
      return rows.page(id, state, { after, offset, limit }).map(toBatchRow);
    },
    async row(id, number, caller) {
      const [record, row] = findRow(id, number, caller);
      return { ...toBatchRow(row), data: JSON.parse(await dataOf(record, row)) as unknown };
    },

    async pause(id, caller) {
      const record = find(id, caller);
      if (!(await lifecycle.pause(record))) {
        throw wrongState(id, find(id, caller).state, 'only a running one can be paused');
      }
      return view(find(id, caller));
    },
    async resume(id, caller) {
      if (stopping) throw shuttingDown();
      const record = find(id, caller);
      if (!(await lifecycle.resume(record))) {
        throw wrongState(id, find(id, caller).state, 'only a paused one can be resumed');
      }
      return view(find(id, caller));
    },
    async cancel(id, caller) {
      const record = find(id, caller);
      if (!(await lifecycle.cancel(record))) {
        throw wrongState(id, find(id, caller).state, 'only one that has not ended can be cancelled');
      }
      return view(find(id, caller));
    },

    async retry(id, numbers, caller) {
      if (stopping) throw shuttingDown();
      const record = find(id, caller);
      const count = await lifecycle.retry(record, numbers);
      if (count === 0)
        throw wrongState(id, record.state, 'it has no failed row that can be tried again as it is');
      return view(find(id, caller));
    },

    async retryRow(id, number, data, caller) {
      if (stopping) throw shuttingDown();
      const [record, row] = findRow(id, number, caller);
      if (row.state === 'waiting' || row.state === 'running') {
        throw wrongState(id, record.state, `row ${number} has not ended`);
      }
      if (data === undefined && row.name === null) {
        throw new InfluxionError('ROW_INVALID', `Row ${number} cannot become a document as it is.`, {
          hint: 'Send its mended data.',
        });
      }
      const json = data === undefined ? undefined : JSON.stringify(data);
      const name = json === undefined ? undefined : chooseName(record, row, JSON.parse(json));
      await lifecycle.again(record, () => {
        const chosen = name?.();
        const mended =
          json === undefined || chosen === undefined
            ? undefined
            : {
                data: json,
                name: chosen.name,
                nameKey: chosen.key,
                fingerprint: fingerprintOf(record.pin, json),
              };
        return rows.requeue(row, mended) ? 1 : 0;
      });
      return view(find(id, caller));
    },

    async remove(id, caller) {
      const record = find(id, caller);
      if (!ENDED.includes(record.state) || record.running > 0) {
        throw wrongState(id, record.state, 'cancel it before it is removed');
      }
      await lifecycle.remove(record);
    },

    result(id, as, caller) {
      const record = find(id, caller);
      if (!ENDED.includes(record.state) || record.running > 0) {
        throw wrongState(id, record.state, 'there is nothing to fetch before it has ended');
      }
      const output = JSON.parse(record.output) as BatchOutput;
      const destination = destinationOf(record);
      if (output.type === 'merged' && as !== 'zip') {
        if (record.state !== 'done' || record.done === 0) {
          throw wrongState(id, record.state, 'there is no merged PDF; its documents can be fetched as a zip');
        }
        const path = mergedPath(output, destination);
        return { kind: 'file', path, filename: `batch-${id}.pdf`, type: 'application/pdf' };
      }
      const stream = batchZip(id, rows, destination, new Date(record.ended_at ?? record.created_at));
      return { kind: 'stream', stream, filename: `batch-${id}.zip`, type: 'application/zip' };
    },
    index(id, caller) {
      find(id, caller);
      return {
        kind: 'stream',
        stream: lazily(indexCsv(id, rows)),
        filename: INDEX_NAME,
        type: 'text/csv; charset=utf-8',
      };
    },
    document(id, number, caller) {
      const [record, row] = findRow(id, number, caller);
      const { name, size, sha256 } = row;
      if (row.state !== 'done' || name === null || size === null || sha256 === null) {
        throw wrongState(id, record.state, `row ${number} has no document`);
      }
      const path = destinationOf(record).path(name);
      if (statSync(path, { throwIfNoEntry: false })?.size !== size) {
        throw new InfluxionError('OUTPUT_MISSING', `The document of row ${number} is no longer there.`, {
          hint: 'Try the row again.',
        });
      }
      const completedAt = new Date(record.ended_at ?? record.created_at);
      return { path, filename: name, size, sha256, completedAt };
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async open() {
      await mkdir(folders.all, { recursive: true, mode: 0o700 });
      await lifecycle.recover();
      uploads.sweep().catch((error: unknown) => logger.warn({ err: error }, 'old rows files stay'));
    },
    async close() {
      stopping = true;
      await lifecycle.close();
      listeners.clear();
    },
  };

  /** The name that a mended row asks for; its own one when it is still that. Throws ROW_INVALID. */
  function chooseName(
    record: BatchRecord,
    row: BatchRowRecord,
    data: unknown,
  ): () => { name: string; key: string } {
    const named = createNamer(record.pattern)(data, row.row);
    if ('problem' in named) throw new InfluxionError('ROW_INVALID', named.problem);
    const { name } = named;
    return () => {
      const own = row.name?.replace(/ \(\d+\)\.pdf$/, '.pdf');
      if (row.name !== null && own === name) return { name: row.name, key: nameKey(row.name) };
      return createNameChooser(record, { rows }).choose(name);
    };
  }
}

const lazily = (chunks: AsyncIterable<Uint8Array>): Readable => Readable.from(chunks);
