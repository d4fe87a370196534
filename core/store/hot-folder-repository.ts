/** Hot folders and their files in the database. Every method that writes belongs inside a transaction of the caller. */
import type { Db } from './db.ts';

/** Times are milliseconds since the epoch. */
export interface HotFolderRow {
  readonly id: number;
  readonly folder: string;
  readonly template_id: string;
  readonly name: string | null;
  /** JSON. */
  readonly pdf_standard: string | null;
  readonly sign_key_id: string | null;
  readonly poll: number;
  readonly paused: number;
  readonly created_at: number;
}

export interface HotFileRow {
  readonly id: number;
  readonly folder_id: number;
  readonly name: string;
  readonly state: 'taking' | 'working' | 'done' | 'failed';
  readonly batch_id: number | null;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly error: string | null;
  /** The last row whose document was put into the folder, or was about to be. */
  readonly row: number;
  /** Paths below the folder. */
  readonly row_to: string | null;
  readonly moved_to: string | null;
  readonly taken_at: number;
  readonly ended_at: number | null;
}

export interface HotFileEnd {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly error: string | null;
}

export interface HotFolderRepository {
  add(folder: Omit<HotFolderRow, 'id' | 'paused'>): number;
  get(id: number): HotFolderRow | undefined;
  /** Oldest first. */
  list(): HotFolderRow[];
  setPaused(id: number, paused: boolean): void;
  /** With what is known of its files. */
  remove(id: number): void;
  counts(id: number): { readonly working: number; readonly done: number; readonly failed: number };

  take(folderId: number, name: string, now: number): number;
  file(id: number): HotFileRow | undefined;
  /** Latest first. */
  files(folderId: number, limit: number): HotFileRow[];
  /** Those that were taken and for which there is something left to do. */
  unfinished(folderId: number): HotFileRow[];
  /** It was not taken after all. */
  forget(id: number): void;
  setBatch(id: number, batchId: number): void;
  setRow(id: number, row: number, rowTo: string): void;
  setTarget(id: number, movedTo: string): void;
  end(id: number, end: HotFileEnd, now: number): void;
  /** Nothing is left of its batch. */
  clearBatch(id: number): void;
  /** Forgets the oldest ended files of a folder beyond `most`. */
  prune(folderId: number, most: number): void;
}

export function createHotFolderRepository(db: Db): HotFolderRepository {
  return {
    add: ({ folder, template_id, name, pdf_standard, sign_key_id, poll, created_at }) =>
      db
        .prepare(
          `INSERT INTO hot_folders (folder, template_id, name, pdf_standard, sign_key_id, poll, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(folder, template_id, name, pdf_standard, sign_key_id, poll, created_at).lastInsertRowid,
    get: (id) => db.prepare('SELECT * FROM hot_folders WHERE id = ?').get<HotFolderRow>(id),
    list: () => db.prepare('SELECT * FROM hot_folders ORDER BY id').all<HotFolderRow>(),
    setPaused: (id, paused) =>
      void db.prepare('UPDATE hot_folders SET paused = ? WHERE id = ?').run(Number(paused), id),
    remove: (id) => void db.prepare('DELETE FROM hot_folders WHERE id = ?').run(id),
    counts(id) {
      const rows = db
        .prepare('SELECT state, count(*) AS files FROM hot_files WHERE folder_id = ? GROUP BY state')
        .all<{ state: HotFileRow['state']; files: number }>(id);
      const of = (state: HotFileRow['state']): number => rows.find((row) => row.state === state)?.files ?? 0;
      return { working: of('taking') + of('working'), done: of('done'), failed: of('failed') };
    },

    take: (folderId, name, now) =>
      db
        .prepare(`INSERT INTO hot_files (folder_id, name, state, taken_at) VALUES (?, ?, 'taking', ?)`)
        .run(folderId, name, now).lastInsertRowid,
    file: (id) => db.prepare('SELECT * FROM hot_files WHERE id = ?').get<HotFileRow>(id),
    files: (folderId, limit) =>
      db
        .prepare('SELECT * FROM hot_files WHERE folder_id = ? ORDER BY id DESC LIMIT ?')
        .all<HotFileRow>(folderId, limit),
    unfinished: (folderId) =>
      db
        .prepare(
          `SELECT * FROM hot_files
           WHERE folder_id = ? AND (state IN ('taking', 'working') OR batch_id IS NOT NULL) ORDER BY id`,
        )
        .all<HotFileRow>(folderId),
    forget: (id) => void db.prepare('DELETE FROM hot_files WHERE id = ?').run(id),
    setBatch: (id, batchId) =>
      void db.prepare(`UPDATE hot_files SET state = 'working', batch_id = ? WHERE id = ?`).run(batchId, id),
    setRow: (id, row, rowTo) =>
      void db.prepare('UPDATE hot_files SET row = ?, row_to = ? WHERE id = ?').run(row, rowTo, id),
    setTarget: (id, movedTo) =>
      void db.prepare('UPDATE hot_files SET moved_to = ? WHERE id = ?').run(movedTo, id),
    end(id, { total, done, failed, error }, now) {
      db.prepare(
        'UPDATE hot_files SET state = ?, total = ?, done = ?, failed = ?, error = ?, ended_at = ? WHERE id = ?',
      ).run(error === null ? 'done' : 'failed', total, done, failed, error, now, id);
    },
    clearBatch: (id) => void db.prepare('UPDATE hot_files SET batch_id = NULL WHERE id = ?').run(id),
    prune(folderId, most) {
      db.prepare(
        `DELETE FROM hot_files WHERE folder_id = ?1 AND state IN ('done', 'failed') AND batch_id IS NULL AND id <=
           (SELECT id FROM hot_files WHERE folder_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
      ).run(folderId, most);
    },
  };
}
