/**
 * Jobs, their payloads and their history in the database. Every method that writes belongs inside a transaction of the
 * caller, and returns undefined when the row was not in the state that it expects: someone else was first.
 */
import type { JobErrorDetail, JobStatus } from '../../contract/job.ts';
import type { JobRow } from '../jobs/job-row.ts';
import type { Db } from './db.ts';
import { createJobHistory, type JobHistory } from './job-history.ts';

/** A change of state that was written; `eventId` grows with every one. */
export interface Transition {
  readonly id: number;
  readonly clientId: string;
  readonly from: JobStatus | undefined;
  readonly to: JobStatus;
  readonly eventId: number;
  /** What the change added to the bytes that are kept. */
  readonly bytes: number;
}

export interface NewJob {
  readonly clientId: string;
  readonly priority: number;
  readonly documentId: string | null;
  readonly templateId: string | null;
  readonly pdfStandard: string | null;
  readonly createdAt: number;
  readonly keyed: boolean;
  /** Whose row it is. */
  readonly batchId?: number;
  readonly payload: { readonly body: string | null; readonly file: string | null; readonly size: number };
}

export interface ClaimedJob {
  readonly id: number;
  readonly attempt: number;
  readonly tries: number;
  readonly clientId: string;
  readonly createdAt: number;
  readonly transition: Transition;
}

/** An attempt of a process that is gone, which goes on elsewhere. */
export type AdoptedJob = Omit<ClaimedJob, 'transition'> & { readonly claimedAt: number };

export interface FinishedJob {
  readonly size: number;
  readonly pages: number | null;
  readonly sha256: string;
  /** JSON. */
  readonly timings: string;
  readonly warnings: string;
  readonly signature: string | null;
  /** JSON; null where it is not known. */
  readonly ranOn: string | null;
  readonly signedOn: string | null;
}

export interface FailedJob extends Pick<FinishedJob, 'timings' | 'ranOn'> {
  readonly detail: JobErrorDetail;
}

/** An attempt that runs, or ran until its host died. */
export interface RunningRow {
  readonly id: number;
  readonly attempt: number;
  readonly tries: number;
  readonly beat: number;
}

export interface RemovedJob {
  readonly id: number;
  readonly attempt: number;
  readonly status: JobStatus;
  /** Of its document and payload. */
  readonly bytes: number;
  /** Its payload, when that is a file. */
  readonly file: string | null;
}

export interface PayloadRow {
  readonly body: string | null;
  readonly file: string | null;
}

export interface JobRepository extends JobHistory {
  insert(job: NewJob): Transition;
  /** Counts the attempt, so that a job that kills its host runs out of them. */
  claim(limit: number, owner: string, now: number): ClaimedJob[];
  /** Makes `owner` the one who waits for an attempt that runs; undefined when it has ended. */
  adopt(id: number, attempt: number, owner: string): AdoptedJob | undefined;
  /** Fenced: only the attempt that is the job's present one can end it. */
  finish(id: number, attempt: number, result: FinishedJob, now: number): Transition | undefined;
  fail(id: number, attempt: number, failure: FailedJob, now: number): Transition | undefined;
  /** Back to Received. `giveBack`: the attempt is not held against the job. `delayed`: until `undelay`. */
  release(
    id: number,
    attempt: number,
    options: {
      readonly delayed: boolean;
      readonly giveBack: boolean;
      readonly detail: JobErrorDetail | undefined;
    },
    now: number,
  ): Transition | undefined;
  undelay(id: number): boolean;
  undelayAll(): void;
  /** Leaves the attempt InProgress for the next owner, without holding it against the job. */
  giveBack(id: number, attempt: number): void;
  /** False when the attempt is no longer the job's present one. */
  beat(id: number, attempt: number): boolean;
  /** Attempts InProgress that `owner` did not claim. */
  foreign(owner: string): RunningRow[];
  /** Ends a job that has not ended. */
  cancel(id: number, detail: JobErrorDetail, now: number): Transition | undefined;
  /** A failed job anew, at the end of the queue as it now is. */
  requeue(id: number, now: number): Transition | undefined;
  /** An ended job with its payload and history; its files are the caller's. */
  remove(id: number): RemovedJob | undefined;
  markOutputMissing(id: number): void;
  get(id: number): JobRow | undefined;
  payload(id: number): PayloadRow | undefined;
}

/**
 * How many later jobs one point of priority overtakes. Rank is fixed at submission, so whatever comes in later, a job
 * of lowest priority is overtaken by at most 20 × this many: nothing starves, and no clock is asked.
 */
const JOBS_PER_PRIORITY_POINT = 1_000;

/** `ended` is called inside the transaction that ends a job, after its row was written. */
export function createJobRepository(
  db: Db,
  ended: (id: number, clientId: string) => void = () => undefined,
): JobRepository {
  const history = createJobHistory(db);
  const insertJob = db.prepare(
    `INSERT INTO jobs (client_id, status, priority, rank, keyed, document_id, template_id, pdf_standard, created_at,
       payload_size, batch_id)
     VALUES (?, 'Received', ?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'jobs'), 0) + 1 - ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertPayload = db.prepare('INSERT INTO job_payloads (job_id, body, file) VALUES (?, ?, ?)');
  const ready = db.prepare(
    `SELECT id FROM jobs INDEXED BY jobs_received WHERE status = 'Received' AND delayed = 0
     ORDER BY rank, id LIMIT ?`,
  );
  const claim = db.prepare(
    `UPDATE jobs SET status = 'InProgress', attempt = attempt + 1, tries = tries + 1, owner = ?, beat = 0,
       started_at = ?
     WHERE id = ? RETURNING id, attempt, tries, client_id, created_at`,
  );
  const adopt = db.prepare(
    `UPDATE jobs SET owner = ? WHERE id = ? AND attempt = ? AND status = 'InProgress'
     RETURNING id, attempt, tries, client_id, created_at, started_at`,
  );
  const finish = db.prepare(
    `UPDATE jobs SET status = 'Done', owner = NULL, completed_at = ?, size = ?, pages = ?, sha256 = ?, timings = ?,
       warnings = ?, signature = ?, ran_on = ?, signed_on = ?, error_detail = NULL
     WHERE id = ? AND attempt = ? AND status = 'InProgress' RETURNING client_id, keyed`,
  );
  const fail = db.prepare(
    `UPDATE jobs SET status = 'Error', owner = NULL, completed_at = ?, timings = ?, ran_on = ?, error_detail = ?
     WHERE id = ? AND attempt = ? AND status = 'InProgress' RETURNING client_id, keyed`,
  );
  const release = db.prepare(
    `UPDATE jobs SET status = 'Received', owner = NULL, started_at = NULL, delayed = ?, tries = tries - ?,
       error_detail = coalesce(?, error_detail)
     WHERE id = ? AND attempt = ? AND status = 'InProgress' RETURNING client_id`,
  );
  const undelay = db.prepare(
    `UPDATE jobs SET delayed = 0 WHERE id = ? AND status = 'Received' AND delayed = 1`,
  );
  const undelayAll = db.prepare(`UPDATE jobs SET delayed = 0 WHERE status = 'Received' AND delayed = 1`);
  const giveBack = db.prepare(
    `UPDATE jobs SET tries = max(0, tries - 1) WHERE id = ? AND attempt = ? AND status = 'InProgress'`,
  );
  const beat = db.prepare(
    `UPDATE jobs SET beat = beat + 1 WHERE id = ? AND attempt = ? AND status = 'InProgress'`,
  );
  const foreign = db.prepare(
    `SELECT id, attempt, tries, beat FROM jobs WHERE status = 'InProgress' AND owner IS NOT ?`,
  );
  const cancel = db.prepare(
    `UPDATE jobs SET status = 'Error', owner = NULL, delayed = 0, completed_at = ?, error_detail = ?
     WHERE id = ? AND status = ? RETURNING client_id, attempt, keyed`,
  );
  const requeue = db.prepare(
    `UPDATE jobs SET status = 'Received', delayed = 0, tries = 0, started_at = NULL, completed_at = NULL,
       timings = '{}', ran_on = NULL, error_detail = NULL,
       rank = (SELECT seq FROM sqlite_sequence WHERE name = 'jobs') - priority * ${JOBS_PER_PRIORITY_POINT}
     WHERE id = ? AND status = 'Error' RETURNING client_id, attempt, keyed`,
  );
  const remove = db.prepare(
    `DELETE FROM jobs WHERE id = ? AND status IN ('Done', 'Error')
     RETURNING id, attempt, status, coalesce(size, 0) + payload_size AS bytes`,
  );
  const markMissing = db.prepare('UPDATE jobs SET output_missing = 1 WHERE id = ?');
  const get = db.prepare('SELECT * FROM jobs WHERE id = ?');
  const payload = db.prepare('SELECT body, file FROM job_payloads WHERE job_id = ?');
  const endKey = db.prepare('UPDATE idempotency_keys SET ended_at = ? WHERE job_id = ?');

  /** Writes the state to the history and, when the job has one, the end to its idempotency key. */
  const enter = (
    row: { readonly client_id: string; readonly keyed?: number } | undefined,
    change: {
      readonly id: number;
      readonly attempt: number;
      readonly from: JobStatus;
      readonly to: JobStatus;
      readonly code?: string;
      readonly bytes?: number;
    },
    now: number,
  ): Transition | undefined => {
    if (row === undefined) return undefined;
    const { id, attempt, from, to } = change;
    if (row.keyed === 1) endKey.run(to === 'Received' ? null : now, id);
    const eventId = history.record(id, to, attempt, now, change.code ?? null);
    if (to !== 'Received') ended(id, row.client_id);
    return { id, clientId: row.client_id, from, to, eventId, bytes: change.bytes ?? 0 };
  };

  return {
    ...history,

    insert(job) {
      const { lastInsertRowid: id } = insertJob.run(
        job.clientId,
        job.priority,
        job.priority * JOBS_PER_PRIORITY_POINT,
        Number(job.keyed),
        job.documentId,
        job.templateId,
        job.pdfStandard,
        job.createdAt,
        job.payload.size,
        job.batchId ?? null,
      );
      insertPayload.run(id, job.payload.body, job.payload.file);
      const eventId = history.record(id, 'Received', 0, job.createdAt, null);
      const bytes = job.payload.size;
      return { id, clientId: job.clientId, from: undefined, to: 'Received', eventId, bytes };
    },

    claim(limit, owner, now) {
      return ready.all<{ id: number }>(limit).flatMap(({ id }) => {
        const row = claim.get<ClaimedRow>(owner, now, id);
        if (row === undefined) return [];
        const { attempt, tries, client_id: clientId, created_at: createdAt } = row;
        const eventId = history.record(id, 'InProgress', attempt, now, null);
        const transition: Transition = {
          id,
          clientId,
          from: 'Received',
          to: 'InProgress',
          eventId,
          bytes: 0,
        };
        return [{ id, attempt, tries, clientId, createdAt, transition }];
      });
    },

    adopt(id, attempt, owner) {
      const row = adopt.get<ClaimedRow & { started_at: number }>(owner, id, attempt);
      if (row === undefined) return undefined;
      const { tries, client_id: clientId, created_at: createdAt, started_at: claimedAt } = row;
      return { id, attempt, tries, clientId, createdAt, claimedAt };
    },

    finish(id, attempt, { size, pages, sha256, timings, warnings, signature, ranOn, signedOn }, now) {
      const facts = [size, pages, sha256, timings, warnings, signature, ranOn, signedOn];
      const row = finish.get<Returned>(now, ...facts, id, attempt);
      return enter(row, { id, attempt, from: 'InProgress', to: 'Done', bytes: size }, now);
    },

    fail(id, attempt, { detail, timings, ranOn }, now) {
      const row = fail.get<Returned>(now, timings, ranOn, JSON.stringify(detail), id, attempt);
      return enter(row, { id, attempt, from: 'InProgress', to: 'Error', code: detail.code }, now);
    },

    release(id, attempt, { delayed, giveBack: free, detail }, now) {
      const reason = detail === undefined ? null : JSON.stringify(detail);
      const row = release.get<{ client_id: string }>(Number(delayed), Number(free), reason, id, attempt);
      const code = detail === undefined ? {} : { code: detail.code };
      return enter(row, { id, attempt, from: 'InProgress', to: 'Received', ...code }, now);
    },

    undelay: (id) => undelay.run(id).changes > 0,
    undelayAll: () => void undelayAll.run(),
    giveBack: (id, attempt) => void giveBack.run(id, attempt),
    beat: (id, attempt) => beat.run(id, attempt).changes > 0,
    foreign: (owner) => foreign.all<RunningRow>(owner),

    cancel(id, detail, now) {
      for (const from of ['Received', 'InProgress'] as const) {
        const row = cancel.get<Returned & { attempt: number }>(now, JSON.stringify(detail), id, from);
        if (row !== undefined) {
          return enter(row, { id, attempt: row.attempt, from, to: 'Error', code: detail.code }, now);
        }
      }
      return undefined;
    },

    requeue(id, now) {
      const row = requeue.get<Returned & { attempt: number }>(id);
      if (row === undefined) return undefined;
      return enter(row, { id, attempt: row.attempt, from: 'Error', to: 'Received' }, now);
    },

    remove(id) {
      const file = payload.get<PayloadRow>(id)?.file ?? null;
      const row = remove.get<Omit<RemovedJob, 'file'>>(id);
      return row === undefined ? undefined : { ...row, file };
    },
    markOutputMissing: (id) => void markMissing.run(id),
    get: (id) => get.get<JobRow>(id),
    payload: (id) => payload.get<PayloadRow>(id),
  };
}

interface Returned {
  readonly client_id: string;
  readonly keyed: number;
}

interface ClaimedRow {
  readonly attempt: number;
  readonly tries: number;
  readonly client_id: string;
  readonly created_at: number;
}
