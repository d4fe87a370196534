import type { Migration } from './migration.ts';
import { jobsMigration } from './0001-jobs.ts';

/** All steps, in order. A new one is added at the end. */
export const MIGRATIONS: readonly Migration[] = [jobsMigration];
