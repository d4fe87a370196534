import type { Migration } from './migration.ts';

/**
 * - `outbox`: attempts that run elsewhere. A row is written in the transaction that claims, and goes in the one that ends the
 *   attempt. `published` is set once the broker has confirmed that it keeps the task.
 * - `installation`: one row, the name of this data folder among all whose jobs go through the same broker.
 * - `jobs.ran_on`: JSON of contract/job.ts, where the finished document was made. `jobs.signed_on`: name of the host that
 *   signed it; null when it is not signed.
 */
export const outboxMigration: Migration = {
  id: 6,
  name: 'outbox',
  sql: `
CREATE TABLE outbox (
  job_id    INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  attempt   INTEGER NOT NULL,
  published INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE installation (id TEXT NOT NULL) STRICT;
INSERT INTO installation VALUES (lower(hex(randomblob(16))));
ALTER TABLE jobs ADD COLUMN ran_on TEXT;
ALTER TABLE jobs ADD COLUMN signed_on TEXT;
`,
};
