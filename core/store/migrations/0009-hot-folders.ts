import type { Migration } from './migration.ts';

/**
 * Hot folders and the data files that were taken from them.
 *
 * - `hot_folders.pdf_standard` is JSON, as the request for a document has it.
 * - `hot_files.state`: `taking` from before the file is moved out of sight; `working` once its batch is known; `done` or `failed`.
 * - `hot_files.row` and `row_to`: the last row whose document was put into the folder, and under which path below it. Both are
 *   written before that is done, as is `moved_to`, where the data file goes at the end.
 * - `hot_files.batch_id` is null again once nothing is left of the batch.
 */
export const hotFoldersMigration: Migration = {
  id: 9,
  name: 'hot folders',
  sql: `
CREATE TABLE hot_folders (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  folder       TEXT    NOT NULL UNIQUE,
  template_id  TEXT    NOT NULL,
  name         TEXT,
  pdf_standard TEXT,
  sign_key_id  TEXT,
  poll         INTEGER NOT NULL,
  paused       INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE hot_files (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES hot_folders (id) ON DELETE CASCADE,
  name      TEXT    NOT NULL,
  state     TEXT    NOT NULL CHECK (state IN ('taking', 'working', 'done', 'failed')),
  batch_id  INTEGER,
  total     INTEGER NOT NULL DEFAULT 0,
  done      INTEGER NOT NULL DEFAULT 0,
  failed    INTEGER NOT NULL DEFAULT 0,
  error     TEXT,
  row       INTEGER NOT NULL DEFAULT 0,
  row_to    TEXT,
  moved_to  TEXT,
  taken_at  INTEGER NOT NULL,
  ended_at  INTEGER
) STRICT;

CREATE INDEX hot_files_by_folder ON hot_files (folder_id, state, id);
CREATE INDEX hot_files_unfinished ON hot_files (folder_id, id) WHERE state IN ('taking', 'working') OR batch_id IS NOT NULL;
`,
};
