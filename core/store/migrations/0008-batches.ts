import type { Migration } from './migration.ts';

/**
 * Many documents from one template and a table.
 *
 * - `batches.folder` is a folder of its own in the data folder: the rows file, what the mapping made of it (the spool), and
 *   the documents where no other folder is named. `pin` is the template as it was at the start.
 * - The counts are kept beside the rows, because a table may have millions.
 * - `batch_rows.at` and `length`: where in the spool the data of the row are, in bytes; `data`: what they were mended to.
 * - `batch_rows.name_key` is the name as the least particular file system sees it.
 * - `batch_rows.fingerprint` is of pin and data: equal ones make equal documents.
 * - `batch_rows.job_id`: from the row's entry into the queue until it is settled; the job is deleted in that transaction.
 */
export const batchesMigration: Migration = {
  id: 8,
  name: 'batches',
  sql: `
CREATE TABLE batches (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id      TEXT    NOT NULL,
  state          TEXT    NOT NULL CHECK (state IN ('reading', 'running', 'paused', 'finishing', 'done', 'failed', 'cancelled')),
  title          TEXT    NOT NULL,
  template_id    TEXT,
  pdf_standard   TEXT,
  pattern        TEXT    NOT NULL,
  output         TEXT    NOT NULL,
  output_folder  TEXT    NOT NULL,
  source         TEXT    NOT NULL,
  source_path    TEXT    NOT NULL,
  reading        TEXT    NOT NULL,
  mapping        TEXT    NOT NULL,
  folder         TEXT    NOT NULL,
  pin            TEXT    NOT NULL,
  created_at     INTEGER NOT NULL,
  started_at     INTEGER,
  ended_at       INTEGER,
  total          INTEGER NOT NULL DEFAULT 0,
  waiting        INTEGER NOT NULL DEFAULT 0,
  running        INTEGER NOT NULL DEFAULT 0,
  done           INTEGER NOT NULL DEFAULT 0,
  failed         INTEGER NOT NULL DEFAULT 0,
  cancelled      INTEGER NOT NULL DEFAULT 0,
  unchanged      INTEGER NOT NULL DEFAULT 0,
  pages          INTEGER NOT NULL DEFAULT 0,
  bytes          INTEGER NOT NULL DEFAULT 0,
  error          TEXT,
  warnings       TEXT    NOT NULL DEFAULT '[]',
  webhook_url    TEXT,
  webhook_secret BLOB
) STRICT;

CREATE INDEX batches_by_client ON batches (client_id, id);
CREATE INDEX batches_by_output ON batches (output_folder, id);
CREATE INDEX batches_open ON batches (id) WHERE state NOT IN ('done', 'failed', 'cancelled');

CREATE TABLE batch_rows (
  batch_id     INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  row          INTEGER NOT NULL,
  line         INTEGER,
  state        TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  at           INTEGER NOT NULL,
  length       INTEGER NOT NULL,
  data         TEXT,
  name         TEXT,
  name_key     TEXT,
  fingerprint  TEXT,
  job_id       INTEGER,
  pages        INTEGER,
  size         INTEGER,
  sha256       TEXT,
  unchanged    INTEGER NOT NULL DEFAULT 0,
  warnings     INTEGER NOT NULL DEFAULT 0,
  error_detail TEXT,
  PRIMARY KEY (batch_id, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX batch_rows_by_state ON batch_rows (batch_id, state, row);
CREATE INDEX batch_rows_by_name ON batch_rows (name_key, batch_id) WHERE name_key IS NOT NULL;
CREATE INDEX batch_rows_by_job ON batch_rows (job_id) WHERE job_id IS NOT NULL;

ALTER TABLE jobs ADD COLUMN batch_id INTEGER;
`,
};
