import type { JobStatus } from '../../contract/job.ts';
import type { Db } from './db.ts';

/** One state that a job entered; time in milliseconds since the epoch. */
export interface JobState {
  readonly id: number;
  readonly status: JobStatus;
  readonly attempt: number;
  readonly at: number;
  /** Why, for an Error or a Received that is a retry. */
  readonly code: string | null;
}

/** The states that jobs went through; their ids are the ids of the events. */
export interface JobHistory {
  record(jobId: number, status: JobStatus, attempt: number, at: number, code: string | null): number;
  states(jobId: number): JobState[];
  lastEventId(): number;
  /** Jobs that changed after an event, each once with its latest one, oldest first; at most the `limit` latest. */
  changedAfter(
    eventId: number,
    clientId: string | undefined,
    limit: number,
  ): { readonly jobId: number; readonly eventId: number }[];
}

export function createJobHistory(db: Db): JobHistory {
  const insert = db.prepare(
    'INSERT INTO job_states (job_id, status, attempt, at, code) VALUES (?, ?, ?, ?, ?)',
  );
  const states = db.prepare(
    'SELECT id, status, attempt, at, code FROM job_states WHERE job_id = ? ORDER BY id',
  );
  const last = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'job_states'`);
  const changed = db.prepare(
    `SELECT s.job_id AS jobId, s.id AS eventId FROM job_states s JOIN jobs j ON j.id = s.job_id
     WHERE s.id > ?1 AND (?2 IS NULL OR j.client_id = ?2)
       AND s.id = (SELECT max(id) FROM job_states WHERE job_id = s.job_id)
     ORDER BY s.id DESC LIMIT ?3`,
  );

  return {
    record: (jobId, status, attempt, at, code) =>
      insert.run(jobId, status, attempt, at, code).lastInsertRowid,
    states: (jobId) => states.all<JobState>(jobId),
    lastEventId: () => last.get<{ seq: number }>()?.seq ?? 0,
    changedAfter: (eventId, clientId, limit) =>
      changed.all<{ jobId: number; eventId: number }>(eventId, clientId ?? null, limit).reverse(),
  };
}
