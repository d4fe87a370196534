/** Snapshots of template files as they lie in the database. Times are milliseconds since the epoch. */
import type { Db } from './db.ts';

export interface StoredSnapshot {
  readonly id: number;
  readonly path: string;
  readonly takenAt: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly revision: string;
}

export interface NewSnapshot extends Omit<StoredSnapshot, 'id'> {
  readonly templateId: string;
  /** Compressed. */
  readonly content: Uint8Array;
}

export interface HistoryBounds {
  /** Snapshots of one file. */
  readonly perFile: number;
  readonly ageMs: number;
  /** Compressed, of all templates. */
  readonly bytes: number;
}

export interface TemplateHistoryRepository {
  /** Durable when it resolves. The oldest go to keep the bounds. */
  add(snapshot: NewSnapshot, bounds: HistoryBounds): Promise<void>;
  /** Newest first; of all files without `path`. */
  list(templateId: string, path: string | undefined, limit: number): StoredSnapshot[];
  newestRevision(templateId: string, path: string): string | undefined;
  has(templateId: string, path: string, revision: string): boolean;
  content(
    templateId: string,
    id: number,
  ): { readonly path: string; readonly content: Uint8Array } | undefined;
  moveTemplate(from: string, to: string): Promise<void>;
  moveFile(templateId: string, from: string, to: string): Promise<void>;
  removeTemplate(templateId: string): Promise<void>;
  removeOlderThan(time: number): Promise<void>;
}

interface Row {
  readonly id: number;
  readonly path: string;
  readonly taken_at: number;
  readonly size: number;
  readonly revision: string;
}

export function createTemplateHistoryRepository(db: Db): TemplateHistoryRepository {
  const write = async (sql: string, ...values: (string | number)[]): Promise<void> => {
    await db.write(() => db.prepare(sql).run(...values));
  };

  return {
    async add({ templateId, path, takenAt, size, revision, content }, bounds) {
      await db.write(() => {
        db.prepare(
          'INSERT INTO template_snapshots (template_id, path, taken_at, size, revision, stored, content) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ).run(templateId, path, takenAt, size, revision, content.length, content);
        db.prepare('DELETE FROM template_snapshots WHERE taken_at < ?').run(takenAt - bounds.ageMs);
        db.prepare(
          `DELETE FROM template_snapshots WHERE id IN (
             SELECT id FROM template_snapshots WHERE template_id = ? AND path = ?
             ORDER BY id DESC LIMIT -1 OFFSET ?)`,
        ).run(templateId, path, bounds.perFile);
        dropOldest(db, bounds.bytes);
      });
    },
    list(templateId, path, limit) {
      const columns = 'SELECT id, path, taken_at, size, revision FROM template_snapshots';
      const rows =
        path === undefined
          ? db
              .prepare(`${columns} WHERE template_id = ? ORDER BY id DESC LIMIT ?`)
              .all<Row>(templateId, limit)
          : db
              .prepare(`${columns} WHERE template_id = ? AND path = ? ORDER BY id DESC LIMIT ?`)
              .all<Row>(templateId, path, limit);
      return rows.map((row) => ({
        id: row.id,
        path: row.path,
        takenAt: row.taken_at,
        size: row.size,
        revision: row.revision,
      }));
    },
    newestRevision(templateId, path) {
      return db
        .prepare(
          'SELECT revision FROM template_snapshots WHERE template_id = ? AND path = ? ORDER BY id DESC LIMIT 1',
        )
        .get<{ revision: string }>(templateId, path)?.revision;
    },
    has(templateId, path, revision) {
      return (
        db
          .prepare('SELECT 1 FROM template_snapshots WHERE template_id = ? AND path = ? AND revision = ?')
          .get(templateId, path, revision) !== undefined
      );
    },
    content(templateId, id) {
      return db
        .prepare('SELECT path, content FROM template_snapshots WHERE id = ? AND template_id = ?')
        .get<{ path: string; content: Uint8Array }>(id, templateId);
    },
    moveTemplate: (from, to) =>
      write('UPDATE template_snapshots SET template_id = ? WHERE template_id = ?', to, from),
    moveFile: (templateId, from, to) =>
      write(
        'UPDATE template_snapshots SET path = ? WHERE template_id = ? AND path = ?',
        to,
        templateId,
        from,
      ),
    removeTemplate: (templateId) => write('DELETE FROM template_snapshots WHERE template_id = ?', templateId),
    removeOlderThan: (time) => write('DELETE FROM template_snapshots WHERE taken_at < ?', time),
  };
}

const OLDEST = 50;

function dropOldest(db: Db, mostBytes: number): void {
  let over =
    (db.prepare('SELECT total(stored) AS bytes FROM template_snapshots').get<{ bytes: number }>()?.bytes ??
      0) - mostBytes;
  while (over > 0) {
    const oldest = db
      .prepare('SELECT id, stored FROM template_snapshots ORDER BY taken_at, id LIMIT ?')
      .all<{ id: number; stored: number }>(OLDEST);
    if (oldest.length === 0) return;
    for (const { id, stored } of oldest) {
      if (over <= 0) return;
      db.prepare('DELETE FROM template_snapshots WHERE id = ?').run(id);
      over -= stored;
    }
  }
}
