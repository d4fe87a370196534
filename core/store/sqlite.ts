import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { InfluxionError } from '../error.ts';
import type { Logger } from '../ports.ts';
import type { Db, SqlValue, Statement } from './db.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLogSync, syncCalls, type LogSync, type SyncCalls } from './log-sync.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { describeStorageError, storageFault } from './storage-error.ts';

export interface OpenDatabaseOptions {
  readonly logger: Logger;
  /** Default: the program's own. */
  readonly migrations?: readonly Migration[];
  readonly sync?: SyncCalls;
}

/** Above this a check of every page would hold up the start for too long. */
const QUICK_CHECK_MAX_BYTES = 128 * 1024 * 1024;
/** Another connection only holds the file for the length of a short transaction. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the database file, makes it when there is none and brings its schema up to date. What `write` and `transaction`
 * promise is durable as with `synchronous=FULL` (https://www.sqlite.org/pragma.html#pragma_synchronous), but for who syncs the
 * log: SQLite syncs within COMMIT, which holds up the thread as long as the disk takes. Once a sync has failed every call throws.
 * Errors: DATA_FOLDER_UNUSABLE (damaged, not writable, newer or foreign schema), DISK_FULL.
 */
export function openDatabase(file: string, options: OpenDatabaseOptions): Db {
  let connection: DatabaseSync | undefined;
  const log = createLogSync(`${file}-wal`, options.sync ?? syncCalls);
  try {
    const unclean = (fileSize(`${file}-wal`) ?? 0) > 0;
    // SQLite gives its side files the mode of the database.
    closeSync(openSync(file, 'a', 0o600));
    connection = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    configure(connection);
    if (unclean) checkPages(connection, file);
    const db = wrap(connection, log);
    migrate(db, file, options.migrations ?? MIGRATIONS, options.logger);
    return db;
  } catch (error) {
    log.close();
    if (connection?.isOpen === true) connection.close();
    throw describeStorageError(error);
  }
}

function configure(connection: DatabaseSync): void {
  const mode = connection.prepare('PRAGMA journal_mode = WAL').get();
  if (mode?.['journal_mode'] !== 'wal') {
    throw new InfluxionError(
      'DATA_FOLDER_UNUSABLE',
      'The data folder lies on a disk that cannot keep a write-ahead log, such as a network share.',
      { hint: 'Choose a folder on a local disk with --data or INFLUXION_DATA_DIR.' },
    );
  }
  connection.exec('PRAGMA synchronous = NORMAL');
  connection.exec('PRAGMA journal_size_limit = 16777216');
  connection.exec('PRAGMA temp_store = MEMORY');
}

/** After an unclean stop every page is read once, so that damage is found now and not in the middle of a job. */
function checkPages(connection: DatabaseSync, file: string): void {
  if ((fileSize(file) ?? 0) > QUICK_CHECK_MAX_BYTES) return;
  const result = connection.prepare('PRAGMA quick_check(1)').get();
  if (result?.['quick_check'] === 'ok') return;
  throw Object.assign(new Error(String(result?.['quick_check'])), { code: 'ERR_SQLITE_ERROR', errcode: 11 });
}

function fileSize(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

function wrap(connection: DatabaseSync, log: LogSync): Db {
  const statements = new Map<string, Statement>();
  const assertTrusted = (): void => {
    if (log.failure !== undefined) throw log.failure;
  };
  const group = createGroupCommit({
    connection,
    assertWritable: assertTrusted,
    sync: () => log.sync(),
    describe: describeStorageError,
    failed(error) {
      if (log.failure === undefined && storageFault(error) === 'full') reuseLog(connection);
    },
  });
  let closed = false;

  /** Runs a call, and says in words what the disk refuses. */
  const guarded = <T>(call: () => T): T => {
    try {
      assertTrusted();
      return call();
    } catch (error) {
      throw describeStorageError(error);
    }
  };
  const exec = (sql: string): void => {
    guarded(() => connection.exec(sql));
  };

  return {
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = wrapStatement(
          guarded(() => connection.prepare(sql)),
          guarded,
        );
        statements.set(sql, statement);
      }
      return statement;
    },
    exec,
    transaction(work) {
      // Inside another transaction the work becomes a part of it that can be undone on its own.
      const nested = connection.isTransaction;
      exec(nested ? 'SAVEPOINT part' : 'BEGIN IMMEDIATE');
      try {
        const value = work();
        exec(nested ? 'RELEASE part' : 'COMMIT');
        if (!nested) log.syncNow();
        return value;
      } catch (error) {
        if (connection.isTransaction) connection.exec(nested ? 'ROLLBACK TO part; RELEASE part' : 'ROLLBACK');
        throw error;
      }
    },
    write(work) {
      if (closed) {
        return Promise.reject(new InfluxionError('SHUTTING_DOWN', 'Influxion is stopping; try again later.'));
      }
      return group.write(work);
    },
    close() {
      if (closed) return;
      closed = true;
      group.flush();
      statements.clear();
      log.close();
      // Closing copies the log into the database.
      if (log.failure === undefined) connection.close();
    },
  };
}

/**
 * On a full disk the log cannot grow. Once its pages are in the database it is written from its beginning again, so it
 * is a reserve from which jobs can still be ended and deleted.
 */
function reuseLog(connection: DatabaseSync): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(RESTART)');
  } catch {
    // The write that brought us here has already told of the full disk.
  }
}

function wrapStatement(statement: StatementSync, guarded: <T>(call: () => T) => T): Statement {
  return {
    run: (...values: SqlValue[]) =>
      guarded(() => {
        const { changes, lastInsertRowid } = statement.run(...values);
        return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
      }),
    get: <Row>(...values: SqlValue[]) => guarded(() => statement.get(...values) as Row | undefined),
    all: <Row>(...values: SqlValue[]) => guarded(() => statement.all(...values) as Row[]),
  };
}
