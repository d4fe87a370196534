/** Batches in the database. Every method that writes belongs inside a transaction of the caller. */
import type { BatchState, RowState } from '../../contract/batch.ts';
import type { Db } from './db.ts';

export interface NewBatch {
  readonly clientId: string;
  readonly title: string;
  readonly templateId: string | null;
  readonly pdfStandard: string | null;
  readonly pattern: string;
  /** JSON, like `reading` and `mapping`. */
  readonly output: string;
  /** Where the documents are written; absolute. */
  readonly outputFolder: string;
  /** Name of the rows file for people. */
  readonly source: string;
  readonly sourcePath: string;
  readonly reading: string;
  readonly mapping: string;
  /** Name in the folder of the batches. */
  readonly folder: string;
  readonly pin: string;
  readonly createdAt: number;
  readonly webhookUrl: string | null;
  readonly webhookSecret: Uint8Array | null;
}

/** A batch as the database has it; times are milliseconds since the epoch. */
export interface BatchRecord {
  readonly id: number;
  readonly client_id: string;
  readonly state: BatchState;
  readonly title: string;
  readonly template_id: string | null;
  readonly pdf_standard: string | null;
  readonly pattern: string;
  readonly output: string;
  readonly output_folder: string;
  readonly source: string;
  readonly source_path: string;
  readonly reading: string;
  readonly mapping: string;
  readonly folder: string;
  readonly pin: string;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly total: number;
  readonly waiting: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly unchanged: number;
  readonly pages: number;
  readonly bytes: number;
  readonly error: string | null;
  /** JSON. */
  readonly warnings: string;
  readonly webhook_url: string | null;
  readonly webhook_secret: Uint8Array | null;
}

/** What is added to the counts of a batch. */
export type BatchCounts = Partial<
  Readonly<Record<RowState | 'total' | 'unchanged' | 'pages' | 'bytes', number>>
>;

export interface BatchRepository {
  insert(batch: NewBatch): number;
  get(id: number): BatchRecord | undefined;
  /** Newest first; only those of `clientId` unless it is undefined. */
  list(
    clientId: string | undefined,
    page: { readonly before?: number; readonly offset?: number; readonly limit: number },
  ): BatchRecord[];
  total(): number;
  /** Those that have not ended, oldest first. */
  open(): BatchRecord[];
  /** Those that ended before a time, and have no row in the queue any more. */
  endedBefore(time: number): BatchRecord[];
  /** Cancelled ones with rows that still wait. */
  halfCancelled(): number[];
  /** Folders and pins that are in use. */
  folders(): string[];
  isPinned(pin: string): boolean;
  /** False when it was not in the state that is expected. */
  move(
    id: number,
    from: readonly BatchState[],
    to: BatchState,
    at: { readonly started?: number; readonly ended?: number | null; readonly error?: string | null },
  ): boolean;
  count(id: number, added: BatchCounts): void;
  setWarnings(id: number, warnings: readonly string[]): void;
  /** Takes all rows away again, to read them anew. */
  clearRows(id: number): void;
  remove(id: number): void;
}

const COUNTS = [
  'total',
  'waiting',
  'running',
  'done',
  'failed',
  'cancelled',
  'unchanged',
  'pages',
  'bytes',
] as const;

export function createBatchRepository(db: Db): BatchRepository {
  const insert = db.prepare(
    `INSERT INTO batches (client_id, state, title, template_id, pdf_standard, pattern, output, output_folder, source,
       source_path, reading, mapping, folder, pin, created_at, webhook_url, webhook_secret)
     VALUES (?, 'reading', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = db.prepare('SELECT * FROM batches WHERE id = ?');
  const all = db.prepare('SELECT * FROM batches WHERE id < ? ORDER BY id DESC LIMIT ? OFFSET ?');
  const ofClient = db.prepare(
    'SELECT * FROM batches WHERE client_id = ? AND id < ? ORDER BY id DESC LIMIT ? OFFSET ?',
  );
  const open = db.prepare(
    `SELECT * FROM batches WHERE state NOT IN ('done', 'failed', 'cancelled') ORDER BY id`,
  );
  const count = db.prepare(
    `UPDATE batches SET ${COUNTS.map((name) => `${name} = ${name} + ?`).join(', ')} WHERE id = ?`,
  );

  return {
    insert: (batch) =>
      insert.run(
        batch.clientId,
        batch.title,
        batch.templateId,
        batch.pdfStandard,
        batch.pattern,
        batch.output,
        batch.outputFolder,
        batch.source,
        batch.sourcePath,
        batch.reading,
        batch.mapping,
        batch.folder,
        batch.pin,
        batch.createdAt,
        batch.webhookUrl,
        batch.webhookSecret,
      ).lastInsertRowid,
    get: (id) => get.get<BatchRecord>(id),
    list(clientId, { before = Number.MAX_SAFE_INTEGER, offset = 0, limit }) {
      return clientId === undefined
        ? all.all<BatchRecord>(before, limit, offset)
        : ofClient.all<BatchRecord>(clientId, before, limit, offset);
    },
    total: () => db.prepare('SELECT count(*) AS total FROM batches').get<{ total: number }>()?.total ?? 0,
    open: () => open.all<BatchRecord>(),
    endedBefore: (time) =>
      db.prepare('SELECT * FROM batches WHERE ended_at < ? AND running = 0').all<BatchRecord>(time),
    halfCancelled: () =>
      db
        .prepare(`SELECT id FROM batches WHERE state = 'cancelled' AND waiting > 0`)
        .all<{ id: number }>()
        .map(({ id }) => id),
    folders: () =>
      db
        .prepare('SELECT folder FROM batches')
        .all<{ folder: string }>()
        .map(({ folder }) => folder),
    isPinned: (pin) => db.prepare('SELECT 1 FROM batches WHERE pin = ? LIMIT 1').get(pin) !== undefined,
    move(id, from, to, { started, ended, error }) {
      const states = from.map(() => '?').join(', ');
      return (
        db
          .prepare(
            `UPDATE batches SET state = ?, started_at = coalesce(started_at, ?), ended_at = ?, error = ?
             WHERE id = ? AND state IN (${states})`,
          )
          .run(to, started ?? null, ended ?? null, error ?? null, id, ...from).changes > 0
      );
    },
    count: (id, added) => void count.run(...COUNTS.map((name) => added[name] ?? 0), id),
    setWarnings: (id, warnings) =>
      void db.prepare('UPDATE batches SET warnings = ? WHERE id = ?').run(JSON.stringify(warnings), id),
    clearRows(id) {
      db.prepare('DELETE FROM batch_rows WHERE batch_id = ?').run(id);
      const zeros = COUNTS.map((name) => `${name} = 0`).join(', ');
      db.prepare(`UPDATE batches SET ${zeros} WHERE id = ?`).run(id);
    },
    remove: (id) => void db.prepare('DELETE FROM batches WHERE id = ?').run(id),
  };
}
