import type { Migration } from './migration.ts';
import { jobsMigration } from './0001-jobs.ts';
import { apiClientsMigration } from './0002-api-clients.ts';
import { templateHistoryMigration } from './0003-template-history.ts';
import { jobSignaturesMigration } from './0004-job-signatures.ts';
import { signingKeysMigration } from './0005-signing-keys.ts';
import { outboxMigration } from './0006-outbox.ts';
import { webhooksMigration } from './0007-webhooks.ts';
import { batchesMigration } from './0008-batches.ts';
import { hotFoldersMigration } from './0009-hot-folders.ts';

/** All steps, in order. A new one is added at the end. */
export const MIGRATIONS: readonly Migration[] = [
  jobsMigration,
  apiClientsMigration,
  templateHistoryMigration,
  jobSignaturesMigration,
  signingKeysMigration,
  outboxMigration,
  webhooksMigration,
  batchesMigration,
  hotFoldersMigration,
];
