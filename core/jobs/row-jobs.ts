/** Jobs that are rows of a batch: entered with the state of their rows in one transaction, and gone once they are settled. */
import { Buffer } from 'node:buffer';
import type { GenerateRequest } from '../../contract/job.ts';
import type { Clock } from '../ports.ts';
import type { JobRepository } from '../store/job-repository.ts';
import { storageFault } from '../store/storage-error.ts';
import type { Admission } from './admission.ts';
import { shuttingDown } from './job-errors.ts';
import type { JobEvents } from './job-events.ts';
import { isEnded, type JobRow } from './job-row.ts';
import type { Maintenance } from './maintenance.ts';
import type { AttemptKey, OutputStore } from './output-store.ts';
import type { PayloadStore, StoredPayload } from './payload-store.ts';
import type { RequestCache } from './request-cache.ts';
import type { Scheduler } from './scheduler.ts';

export interface RowJob {
  readonly batchId: number;
  readonly clientId: string;
  readonly documentId: string | null;
  readonly templateId: string | null;
  readonly pdfStandard: string | null;
  readonly request: GenerateRequest;
}

export interface RowJobs {
  /** Attempts that may run at once, as of now. */
  capacity(): number;
  /**
   * Durable when it resolves; `also` writes into the same transaction. `ended` is called once for each job, when it has
   * ended or is gone. Errors: DISK_FULL, DATA_FOLDER_UNUSABLE, SHUTTING_DOWN.
   */
  enter(
    rows: readonly RowJob[],
    also: (ids: readonly number[]) => void,
    ended: (id: number) => void,
  ): Promise<void>;
  /** A job that entered before the host was started anew. */
  watch(id: number, ended: (id: number) => void): void;
  /** The job as it is; undefined when it is gone. */
  find(id: number): JobRow | undefined;
  documentPath(key: AttemptKey): string;
  /** Deletes a job that has ended, with its document; `also` writes into the same transaction. */
  settle(id: number, also: () => void): Promise<void>;
  /** Ends a job that has not. */
  cancel(id: number): Promise<void>;
  /** Whether a job is told of by its batch, not by itself. */
  has(id: number): boolean;
}

/** Below every job that somebody waits for, unless that says otherwise. */
const ROW_PRIORITY = -1;

export function createRowJobs(deps: {
  readonly capacity: () => number;
  readonly clock: Clock;
  readonly jobs: JobRepository;
  readonly scheduler: Scheduler;
  readonly payloads: PayloadStore;
  readonly outputs: OutputStore;
  readonly requests: RequestCache;
  readonly admission: Admission;
  readonly maintenance: Pick<Maintenance, 'remove'>;
  readonly events: Pick<JobEvents, 'onEnd'>;
  readonly cancel: (id: number) => Promise<boolean>;
  readonly isStopping: () => boolean;
}): RowJobs {
  const { jobs, clock, payloads, requests } = deps;
  const quiet = new Set<number>();

  const watch = (id: number, ended: (id: number) => void): (() => void) => {
    quiet.add(id);
    return deps.events.onEnd(id, () => ended(id));
  };

  return {
    capacity: () => deps.capacity(),

    async enter(rows, also, ended) {
      if (deps.isStopping()) throw shuttingDown();
      const texts = rows.map(({ request }) => Buffer.from(JSON.stringify(request)));
      await deps.admission.check(
        0,
        texts.reduce((sum, { length }) => sum + length, 0),
        undefined,
      );
      const stored: StoredPayload[] = [];
      const undo: (() => void)[] = [];
      try {
        for (const json of texts) stored.push(await payloads.put(json));
        await deps.scheduler.commit((note) => {
          const now = clock.now();
          const ids = rows.map((row, at) => {
            const payload = stored[at] ?? { body: null, file: null };
            const size = texts[at]?.length ?? 0;
            const transition = jobs.insert({
              clientId: row.clientId,
              priority: ROW_PRIORITY,
              documentId: row.documentId,
              templateId: row.templateId,
              pdfStandard: row.pdfStandard,
              createdAt: now,
              keyed: false,
              batchId: row.batchId,
              payload: { ...payload, size },
            });
            note(transition);
            const { id } = transition;
            requests.put(id, row.request, size);
            const stop = watch(id, ended);
            undo.push(() => {
              stop();
              quiet.delete(id);
              requests.take(id);
            });
            return id;
          });
          also(ids);
        });
      } catch (error) {
        for (const one of undo) one();
        if (storageFault(error) !== undefined) deps.admission.diskFailed(error);
        for (const { file } of stored) if (file !== null) await payloads.remove(file).catch(() => undefined);
        throw error;
      } finally {
        for (const payload of stored) payloads.landed(payload);
      }
    },

    watch(id, ended) {
      const row = jobs.get(id);
      if (row === undefined || isEnded(row.status)) queueMicrotask(() => ended(id));
      else watch(id, ended);
    },

    find: (id) => jobs.get(id),
    documentPath: (key) => deps.outputs.path(key),

    async settle(id, also) {
      await deps.maintenance.remove([id], also);
      quiet.delete(id);
    },

    async cancel(id) {
      await deps.cancel(id);
    },
    has: (id) => quiet.has(id),
  };
}
