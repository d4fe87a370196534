/**
 * The rows of batches in the database, and the counts of their batch with them. Every method that writes belongs inside a
 * transaction of the caller, and says false when the row was not in the state that it expects.
 */
import type { RowState } from '../../contract/batch.ts';
import type { JobErrorDetail } from '../../contract/job.ts';
import type { BatchRepository } from './batch-repository.ts';
import type { Db } from './db.ts';

export interface NewRow {
  readonly row: number;
  readonly line: number | null;
  /** Where in the spool, in bytes. */
  readonly at: number;
  readonly length: number;
  readonly name: string | null;
  readonly nameKey: string | null;
  readonly fingerprint: string | null;
  /** Why it cannot become a document; undefined for one that waits. */
  readonly error: JobErrorDetail | undefined;
}

export interface BatchRowRecord {
  readonly batch_id: number;
  readonly row: number;
  readonly line: number | null;
  readonly state: RowState;
  readonly at: number;
  readonly length: number;
  readonly data: string | null;
  readonly name: string | null;
  readonly name_key: string | null;
  readonly fingerprint: string | null;
  readonly job_id: number | null;
  readonly pages: number | null;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly unchanged: number;
  readonly warnings: number;
  readonly error_detail: string | null;
}

export interface RowDocument {
  readonly pages: number | null;
  readonly size: number;
  readonly sha256: string;
  readonly warnings: number;
  /** Made by an earlier batch, and left alone. */
  readonly unchanged: boolean;
}

export interface BatchRowRepository {
  insert(batchId: number, row: NewRow): void;
  get(batchId: number, row: number): BatchRowRecord | undefined;
  byJob(jobId: number): BatchRowRecord | undefined;
  /** In the order of the table. */
  waiting(batchId: number, limit: number): BatchRowRecord[];
  /** Rows of all batches whose jobs are in the queue. */
  running(): BatchRowRecord[];
  /** `after`: the number of the row before the first. */
  page(
    batchId: number,
    state: RowState | undefined,
    page: { readonly after: number; readonly offset?: number; readonly limit: number },
  ): BatchRowRecord[];
  start(record: BatchRowRecord, jobId: number): boolean;
  /** Of one that runs, or that waits when it is unchanged. */
  finish(record: BatchRowRecord, document: RowDocument): boolean;
  fail(record: BatchRowRecord, error: JobErrorDetail): boolean;
  /** One that ran, or has ended, once more. `data`: what it was mended to, as JSON. */
  requeue(record: BatchRowRecord, mended?: MendedRow): boolean;
  cancel(record: BatchRowRecord): boolean;
  /** At most `limit` that wait; how many they were. */
  cancelWaiting(batchId: number, limit: number): number;
  requeueAll(batchId: number, state: 'failed' | 'cancelled', limit: number): number;
  /** Whether a name is taken in a batch by another row. */
  isTaken(batchId: number, nameKey: string): boolean;
  /** Whether a document of that name in a folder is one that a batch wrote there. */
  isOwn(outputFolder: string, nameKey: string): boolean;
  /** A finished row of another batch into the same folder, of the same name and fingerprint; the newest. */
  sameAs(record: BatchRowRecord, outputFolder: string): BatchRowRecord | undefined;
}

export interface MendedRow {
  readonly data: string;
  readonly name: string;
  readonly nameKey: string;
  readonly fingerprint: string;
}

export function createBatchRowRepository(db: Db, batches: BatchRepository): BatchRowRepository {
  const insert = db.prepare(
    `INSERT INTO batch_rows (batch_id, row, line, state, at, length, name, name_key, fingerprint, error_detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = db.prepare('SELECT * FROM batch_rows WHERE batch_id = ? AND row = ?');
  const byJob = db.prepare('SELECT * FROM batch_rows WHERE job_id = ?');
  const waiting = db.prepare(
    `SELECT * FROM batch_rows INDEXED BY batch_rows_by_state WHERE batch_id = ? AND state = 'waiting'
     ORDER BY row LIMIT ?`,
  );
  const running = db.prepare('SELECT * FROM batch_rows WHERE job_id IS NOT NULL');
  const page = db.prepare(
    'SELECT * FROM batch_rows WHERE batch_id = ? AND row > ? ORDER BY row LIMIT ? OFFSET ?',
  );
  const pageOf = db.prepare(
    `SELECT * FROM batch_rows INDEXED BY batch_rows_by_state WHERE batch_id = ? AND state = ? AND row > ?
     ORDER BY row LIMIT ? OFFSET ?`,
  );
  const start = db.prepare(
    `UPDATE batch_rows SET state = 'running', job_id = ? WHERE batch_id = ? AND row = ? AND state = 'waiting'`,
  );
  const finish = db.prepare(
    `UPDATE batch_rows SET state = 'done', job_id = NULL, pages = ?, size = ?, sha256 = ?, warnings = ?, unchanged = ?,
       error_detail = NULL
     WHERE batch_id = ? AND row = ? AND state = ?`,
  );
  const end = db.prepare(
    `UPDATE batch_rows SET state = ?, job_id = NULL, error_detail = ? WHERE batch_id = ? AND row = ? AND state = ?`,
  );
  const requeue = db.prepare(
    `UPDATE batch_rows SET state = 'waiting', job_id = NULL, error_detail = NULL, pages = NULL, size = NULL,
       sha256 = NULL, unchanged = 0, warnings = 0
     WHERE batch_id = ? AND row = ? AND state = ?`,
  );
  const mend = db.prepare(
    'UPDATE batch_rows SET data = ?, name = ?, name_key = ?, fingerprint = ? WHERE batch_id = ? AND row = ?',
  );
  const cancelMany = db.prepare(
    `UPDATE batch_rows SET state = 'cancelled' WHERE batch_id = ?1 AND row IN
       (SELECT row FROM batch_rows WHERE batch_id = ?1 AND state = 'waiting' ORDER BY row LIMIT ?2)`,
  );
  const requeueMany = db.prepare(
    `UPDATE batch_rows SET state = 'waiting', error_detail = NULL WHERE batch_id = ?1 AND row IN
       (SELECT row FROM batch_rows WHERE batch_id = ?1 AND state = ?2 AND name IS NOT NULL ORDER BY row LIMIT ?3)`,
  );
  const taken = db.prepare('SELECT 1 FROM batch_rows WHERE name_key = ? AND batch_id = ? LIMIT 1');
  const own = db.prepare(
    `SELECT 1 FROM batch_rows r JOIN batches b ON b.id = r.batch_id
     WHERE r.name_key = ? AND b.output_folder = ? LIMIT 1`,
  );
  const same = db.prepare(
    `SELECT r.* FROM batch_rows r JOIN batches b ON b.id = r.batch_id
     WHERE r.name_key = ? AND r.name = ? AND r.fingerprint = ? AND r.state = 'done' AND b.output_folder = ?
       AND r.batch_id <> ? ORDER BY r.batch_id DESC LIMIT 1`,
  );

  const moved = (changes: number, batchId: number, from: RowState, to: RowState): boolean => {
    if (changes > 0) batches.count(batchId, { [from]: -changes, [to]: changes });
    return changes > 0;
  };
  /** What a row that was done had added to the counts. */
  const uncount = ({ batch_id, pages, size, unchanged }: BatchRowRecord): void =>
    batches.count(batch_id, { pages: -(pages ?? 0), bytes: -(size ?? 0), unchanged: -unchanged });

  return {
    insert(batchId, { row, line, at, length, name, nameKey, fingerprint, error }) {
      const state = error === undefined ? 'waiting' : 'failed';
      const detail = error === undefined ? null : JSON.stringify(error);
      insert.run(batchId, row, line, state, at, length, name, nameKey, fingerprint, detail);
      batches.count(batchId, { total: 1, [state]: 1 });
    },
    get: (batchId, row) => get.get<BatchRowRecord>(batchId, row),
    byJob: (jobId) => byJob.get<BatchRowRecord>(jobId),
    waiting: (batchId, limit) => waiting.all<BatchRowRecord>(batchId, limit),
    running: () => running.all<BatchRowRecord>(),
    page(batchId, state, { after, offset = 0, limit }) {
      return state === undefined
        ? page.all<BatchRowRecord>(batchId, after, limit, offset)
        : pageOf.all<BatchRowRecord>(batchId, state, after, limit, offset);
    },
    start: ({ batch_id, row }, jobId) =>
      moved(start.run(jobId, batch_id, row).changes, batch_id, 'waiting', 'running'),
    finish({ batch_id, row, state }, { pages, size, sha256, warnings, unchanged }) {
      const { changes } = finish.run(pages, size, sha256, warnings, Number(unchanged), batch_id, row, state);
      if (changes > 0)
        batches.count(batch_id, { pages: pages ?? 0, bytes: size, unchanged: Number(unchanged) });
      return moved(changes, batch_id, state, 'done');
    },
    fail: ({ batch_id, row, state }, error) =>
      moved(
        end.run('failed', JSON.stringify(error), batch_id, row, state).changes,
        batch_id,
        state,
        'failed',
      ),
    requeue(record, mended) {
      const { batch_id, row, state } = record;
      const { changes } = requeue.run(batch_id, row, state);
      if (changes > 0 && state === 'done') uncount(record);
      if (changes > 0 && mended !== undefined) {
        mend.run(mended.data, mended.name, mended.nameKey, mended.fingerprint, batch_id, row);
      }
      return moved(changes, batch_id, state, 'waiting');
    },
    cancel: ({ batch_id, row, state }) =>
      moved(end.run('cancelled', null, batch_id, row, state).changes, batch_id, state, 'cancelled'),
    cancelWaiting(batchId, limit) {
      const { changes } = cancelMany.run(batchId, limit);
      moved(changes, batchId, 'waiting', 'cancelled');
      return changes;
    },
    requeueAll(batchId, state, limit) {
      const { changes } = requeueMany.run(batchId, state, limit);
      moved(changes, batchId, state, 'waiting');
      return changes;
    },
    isTaken: (batchId, nameKey) => taken.get(nameKey, batchId) !== undefined,
    isOwn: (outputFolder, nameKey) => own.get(nameKey, outputFolder) !== undefined,
    sameAs: ({ batch_id, name, name_key, fingerprint }, outputFolder) =>
      same.get<BatchRowRecord>(name_key, name, fingerprint, outputFolder, batch_id),
  };
}
