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

/** More than anyone removes between two restarts; 2⁵³ leaves room for any number of them. */
const RESTART_GAP = 100_000;

export function createJobHistory(db: Db): JobHistory {
  const insert = db.prepare(
    `INSERT INTO job_states (id, job_id, status, attempt, at, code)
     VALUES (max(?, coalesce((SELECT max(id) FROM job_states), 0) + 1), ?, ?, ?, ?, ?)`,
  );
  const states = db.prepare(
    'SELECT id, status, attempt, at, code FROM job_states WHERE job_id = ? ORDER BY id',
  );
  const last = db.prepare('SELECT max(id) AS id FROM job_states');
  const changed = db.prepare(
    `SELECT s.job_id AS jobId, s.id AS eventId FROM job_states s JOIN jobs j ON j.id = s.job_id
     WHERE s.id > ?1 AND (?2 IS NULL OR j.client_id = ?2)
       AND s.id = (SELECT max(id) FROM job_states WHERE job_id = s.job_id)
     ORDER BY s.id DESC LIMIT ?3`,
  );

  const highest = (): number => last.get<{ id: number | null }>()?.id ?? 0;
  // Removing the newest job must not make ids come again, so a restart leaves a gap.
  let next = highest() + RESTART_GAP;

  return {
    record(jobId, status, attempt, at, code) {
      const id = insert.run(next, jobId, status, attempt, at, code).lastInsertRowid;
      next = Math.max(next, id + 1);
      return id;
    },
    states: (jobId) => states.all<JobState>(jobId),
    lastEventId: highest,
    changedAfter: (eventId, clientId, limit) =>
      changed.all<{ jobId: number; eventId: number }>(eventId, clientId ?? null, limit).reverse(),
  };
}
