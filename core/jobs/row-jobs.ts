/** Jobs that are rows of a batch: entered with the state of their rows in one transaction, and gone once they are settled. */
import { Buffer } from 'node:buffer';
import type { GenerateRequest } from '../../contract/job.ts';
import type { JobRepository } from '../store/job-repository.ts';
import type { Admission } from './admission.ts';
import { enterJobs, type JobEntryDeps } from './job-entry.ts';
import { shuttingDown } from './job-errors.ts';
import type { JobEvents } from './job-events.ts';
import { isEnded, type JobRow } from './job-row.ts';
import type { Maintenance } from './maintenance.ts';
import type { AttemptKey, OutputStore } from './output-store.ts';

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

export interface RowJobsDeps extends JobEntryDeps {
  readonly capacity: () => number;
  readonly jobs: Pick<JobRepository, 'insert' | 'get'>;
  readonly outputs: Pick<OutputStore, 'path'>;
  readonly admission: Admission;
  readonly maintenance: Pick<Maintenance, 'remove'>;
  readonly events: Pick<JobEvents, 'onEnd'>;
  readonly cancel: (id: number) => Promise<boolean>;
  readonly isStopping: () => boolean;
}

export function createRowJobs(deps: RowJobsDeps): RowJobs {
  const { jobs } = deps;
  const quiet = new Set<number>();

  const watch = (id: number, ended: (id: number) => void): (() => void) => {
    quiet.add(id);
    return deps.events.onEnd(id, () => ended(id));
  };

  return {
    capacity: () => deps.capacity(),

    async enter(rows, also, ended) {
      if (deps.isStopping()) throw shuttingDown();
      const entering = rows.map((row) => ({
        ...row,
        priority: ROW_PRIORITY,
        keyed: false,
        json: Buffer.from(JSON.stringify(row.request)),
      }));
      await deps.admission.check(
        0,
        entering.reduce((sum, { json }) => sum + json.length, 0),
        undefined,
      );
      const undo: (() => void)[] = [];
      try {
        await enterJobs(
          entering,
          (ids) => {
            for (const id of ids) {
              const stop = watch(id, ended);
              undo.push(() => {
                stop();
                quiet.delete(id);
              });
            }
            also(ids);
          },
          deps,
        );
      } catch (error) {
        for (const one of undo) one();
        throw error;
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
