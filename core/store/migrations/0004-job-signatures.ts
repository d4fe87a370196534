import type { Migration } from './migration.ts';

/** The signature that a finished document carries, as JSON of contract/job.ts; null for none. */
export const jobSignaturesMigration: Migration = {
  id: 4,
  name: 'job signatures',
  sql: 'ALTER TABLE jobs ADD COLUMN signature TEXT;',
};
