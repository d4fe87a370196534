import type { Db } from './db.ts';

export interface StoredKey {
  readonly fingerprint: string;
  readonly jobId: number;
}

/** `Idempotency-Key`s of the clients, each with the job that it made. Writing belongs in the caller's transaction. */
export interface IdempotencyKeys {
  find(clientId: string, key: string): StoredKey | undefined;
  insert(clientId: string, key: string, stored: StoredKey, now: number): void;
  /** Forgets the keys of jobs that ended before `time`, whether the jobs are still there or not. */
  prune(time: number): number;
}

export function createIdempotencyKeys(db: Db): IdempotencyKeys {
  const find = db.prepare(
    'SELECT fingerprint, job_id AS jobId FROM idempotency_keys WHERE client_id = ? AND key = ?',
  );
  const insert = db.prepare(
    'INSERT INTO idempotency_keys (client_id, key, fingerprint, job_id, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const prune = db.prepare('DELETE FROM idempotency_keys WHERE ended_at < ?');
  return {
    find: (clientId, key) => find.get<StoredKey>(clientId, key),
    insert: (clientId, key, { fingerprint, jobId }, now) =>
      void insert.run(clientId, key, fingerprint, jobId, now),
    prune: (time) => prune.run(time).changes,
  };
}
