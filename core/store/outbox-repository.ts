import type { AttemptKey } from '../jobs/output-store.ts';
import type { Outbox } from '../transport/transport.ts';
import type { Db } from './db.ts';

export interface OutboxRepository extends Outbox {
  /** Name of this data folder among all whose jobs go through the same broker. */
  readonly installation: string;
  /** Whether the broker has confirmed the attempt. */
  isPublished(key: AttemptKey): boolean;
  markPublished(key: AttemptKey): void;
}

export function createOutboxRepository(db: Db): OutboxRepository {
  const add = db.prepare('INSERT OR REPLACE INTO outbox (job_id, attempt) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM outbox WHERE job_id = ?');
  const find = db.prepare('SELECT published FROM outbox WHERE job_id = ? AND attempt = ?');
  const mark = db.prepare('UPDATE outbox SET published = 1 WHERE job_id = ? AND attempt = ?');
  const rowOf = ({ id, attempt }: AttemptKey): { readonly published: number } | undefined =>
    find.get<{ readonly published: number }>(id, attempt);
  const installation = db.prepare('SELECT id FROM installation').get<{ readonly id: string }>()?.id ?? '';
  return {
    installation,
    add: ({ id, attempt }) => void add.run(id, attempt),
    remove: (id) => void remove.run(id),
    owns: (key) => rowOf(key) !== undefined,
    isPublished: (key) => rowOf(key)?.published === 1,
    markPublished: ({ id, attempt }) => void mark.run(id, attempt),
  };
}
