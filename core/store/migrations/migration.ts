import { createHash } from 'node:crypto';

/**
 * One step of the schema. `sql` is never edited once it has been released: its hash is kept in every database that
 * applied it, and a database whose past differs from the program's is refused.
 */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

export function migrationHash(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
