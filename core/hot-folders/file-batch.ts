/** The batch of a data file: found again or started, and waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, BatchRequest } from '../../contract/batch.ts';
import type { BatchService } from '../batch/batch-service.ts';
import { InfluxionError } from '../error.ts';
import type { Caller } from '../jobs/job-service.ts';
import type { Db } from '../store/db.ts';
import type { HotFileRow, HotFolderRepository, HotFolderRow } from '../store/hot-folder-repository.ts';
import { requestFor, titleOf } from './file-request.ts';
import type { FolderLayout } from './folder-layout.ts';

export type HotBatches = Pick<
  BatchService,
  'start' | 'get' | 'list' | 'rows' | 'document' | 'cancel' | 'remove' | 'onChange'
>;

export interface FileBatchDeps {
  readonly db: Db;
  readonly repository: HotFolderRepository;
  readonly batches: HotBatches;
}

export const HOT_FOLDER_CALLER: Caller = { clientId: 'hot-folder', admin: true };

const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);
/** Changes of a batch are told; in case one was missed. */
const LOOK_MS = 2_000;
const BUSY_RETRY_MS = 5_000;
/** Batches that are looked through for one that was started. */
const PAGE = 500;

/** The batch of a file, which is started when there is none. Errors: why it cannot become documents. */
export async function batchOf(
  folder: HotFolderRow,
  file: HotFileRow,
  layout: FolderLayout,
  deps: FileBatchDeps,
  signal: AbortSignal,
): Promise<number> {
  const { db, repository, batches } = deps;
  if (file.batch_id !== null) {
    const known = findBatch(file.batch_id, batches);
    if (known !== undefined) return known.id;
  }
  const id =
    startedEarlier(titleOf(file), batches) ??
    (await start(await requestFor(folder, file, layout), batches, signal));
  await db.write(() => repository.setBatch(file.id, id));
  return id;
}

/** Undefined when it is gone. */
export function findBatch(id: number, batches: HotBatches): Batch | undefined {
  try {
    return batches.get(id, HOT_FOLDER_CALLER);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const isGone = (error: unknown): boolean => InfluxionError.is(error) && error.status === 404;

/** A host that was killed between the start of a batch and the note of it left one of this title. */
function startedEarlier(title: string, batches: HotBatches): number | undefined {
  return batches.list({ limit: PAGE }, HOT_FOLDER_CALLER).find((batch) => batch.title === title)?.id;
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

/** Errors: the reason of `signal`; BATCH_NOT_FOUND when it is removed meanwhile. */
export function batchEnded(id: number, batches: HotBatches, signal: AbortSignal): Promise<Batch> {
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
