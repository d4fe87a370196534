import type { Migration } from './migration.ts';

/**
 * What files of templates were before they changed. `content` is raw deflate of the file's bytes; it comes last, so that
 * what only lists the snapshots never reads it. `stored` is its length: the second index answers how much all of them
 * take. `template_id` is the id in the bin while the template lies there.
 */
export const templateHistoryMigration: Migration = {
  id: 3,
  name: 'template history',
  sql: `
CREATE TABLE template_snapshots (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  template_id TEXT    NOT NULL,
  path        TEXT    NOT NULL,
  taken_at    INTEGER NOT NULL,
  size        INTEGER NOT NULL,
  revision    TEXT    NOT NULL,
  stored      INTEGER NOT NULL,
  content     BLOB    NOT NULL
) STRICT;

CREATE INDEX template_snapshots_by_file ON template_snapshots (template_id, path, id);
CREATE INDEX template_snapshots_by_age ON template_snapshots (taken_at, stored);
`,
};
