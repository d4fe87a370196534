/** The thin Db interface over SQLite. Synchronous: keep transactions short. */
export type SqlValue = string | number | bigint | null | Uint8Array;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get<Row>(...values: SqlValue[]): Row | undefined;
  all<Row>(...values: SqlValue[]): Row[];
}

export interface Db {
  /** Prepared once per text and kept. */
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** `BEGIN IMMEDIATE` … `COMMIT` in its own right, durable when it returns; rolled back when `work` throws. */
  transaction<T>(work: () => T): T;
  /**
   * Group commit: works queued in the same turn of the event loop, or while an earlier transaction is being synced, share
   * one transaction and one sync, each in its own savepoint. Durable when it resolves; others see it a sync earlier.
   */
  write<T>(work: () => T): Promise<T>;
  close(): void;
}
