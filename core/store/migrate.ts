import { chmodSync, renameSync, rmSync } from 'node:fs';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import type { Db } from './db.ts';
import { migrationHash, type Migration } from './migrations/migration.ts';

interface Applied {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
}

const TABLE = `CREATE TABLE IF NOT EXISTS migrations (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT`;

/**
 * Brings the schema up to date. Each step is one transaction with its own entry in `migrations`. Before the first step
 * on a database that already held one, a copy is kept beside it: `<file>.before-<id>`.
 */
export function migrate(db: Db, file: string, migrations: readonly Migration[], logger: Logger): void {
  const applied = readApplied(db);
  refuseForeignPast(applied, migrations);
  const missing = migrations.slice(applied.length);
  const first = missing[0];
  if (first === undefined) return;
  if (applied.length > 0) keepCopy(db, `${file}.before-${first.id}`);
  for (const migration of missing) {
    db.transaction(() => {
      db.exec(TABLE);
      db.exec(migration.sql);
      db.prepare('INSERT INTO migrations (id, name, hash, applied_at) VALUES (?, ?, ?, ?)').run(
        migration.id,
        migration.name,
        migrationHash(migration),
        Date.now(),
      );
    });
    logger.debug({ migration: migration.id, name: migration.name }, 'schema migrated');
  }
}

function readApplied(db: Db): Applied[] {
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all<{ name: string }>();
  if (tables.length === 0) return [];
  if (!tables.some((table) => table.name === 'migrations')) {
    throw new InfluxionError(
      'DATA_FOLDER_UNUSABLE',
      'The database in the data folder was not made by Influxion.',
      { hint: 'Choose another data folder with --data or INFLUXION_DATA_DIR.' },
    );
  }
  return db.prepare('SELECT id, name, hash FROM migrations ORDER BY id').all<Applied>();
}

function refuseForeignPast(applied: readonly Applied[], migrations: readonly Migration[]): void {
  applied.forEach((step, index) => {
    const known = migrations[index];
    if (known === undefined) {
      throw new InfluxionError(
        'DATA_FOLDER_UNUSABLE',
        `The data folder was last used by a newer Influxion (schema ${applied.length}, this one knows ` +
          `${migrations.length}).`,
        { hint: 'Start the newer version, or choose another data folder with --data or INFLUXION_DATA_DIR.' },
      );
    }
    if (known.id !== step.id || migrationHash(known) !== step.hash) {
      throw new InfluxionError(
        'DATA_FOLDER_UNUSABLE',
        `The data folder went through another step ${step.id} ("${step.name}") than this Influxion has.`,
        { hint: 'Start the version that last used this data folder.' },
      );
    }
  });
}

/** `VACUUM INTO` writes a consistent copy, which only gets its name once it is whole. */
function keepCopy(db: Db, copy: string): void {
  const partial = `${copy}.partial`;
  rmSync(partial, { force: true });
  db.prepare('VACUUM INTO ?').run(partial);
  chmodSync(partial, 0o600);
  renameSync(partial, copy);
}
