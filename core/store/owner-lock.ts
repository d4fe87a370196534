/**
 * One owner of a data folder. The lock is an exclusive SQLite transaction held open on `owner.lock`: the operating
 * system drops it with the process, however that ends, so there is no stale lock to clean up. Nothing may open that
 * file in another way: closing any descriptor of it would drop the lock (fcntl(2), "record locks").
 */
import { rmSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../error.ts';
import type { Paths } from '../ports.ts';
import { describeStorageError, storageFault } from './storage-error.ts';

/** What the owner tells other commands of the same user; `url` and `token` once it serves. */
export interface OwnerFacts {
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly url?: string;
  /** A credential for the owner's own interface; the file that holds it is readable by this user only. */
  readonly token?: string;
}

export interface Ownership {
  /** Replaces the published facts. */
  publish(facts: { readonly url?: string; readonly token?: string }): void;
  /** Withdraws the facts and frees the folder. May be called twice. */
  release(): void;
}

type Folder = Pick<Paths, 'data'>;

/** A reader of the lock holds it for an instant, and an owner that was just killed needs a moment to be gone. */
const PATIENCE_MS = 500;
const RETRY_MS = 25;

/** A connection that nobody refers to is closed by the garbage collector, and with it the lock. */
const heldLocks = new Set<DatabaseSync>();

/** Errors: DATA_FOLDER_IN_USE names who has it, DATA_FOLDER_UNUSABLE when the folder cannot be written to. */
export async function acquireOwnership(paths: Folder): Promise<Ownership> {
  const deadline = performance.now() + PATIENCE_MS;
  let lock = tryLock(paths, 'BEGIN EXCLUSIVE');
  while (lock === undefined) {
    if (performance.now() >= deadline) throw inUse(readFacts(paths));
    await sleep(RETRY_MS);
    lock = tryLock(paths, 'BEGIN EXCLUSIVE');
  }
  return hold(paths, lock);
}

/** The living owner of the data folder, or undefined when nobody owns it, whatever a dead one left behind. */
export function readOwner(paths: Folder): OwnerFacts | undefined {
  const facts = readFacts(paths);
  if (facts === undefined) return undefined;
  const free = tryLock(paths, 'BEGIN; SELECT count(*) FROM sqlite_schema');
  free?.close();
  return free === undefined ? facts : undefined;
}

function hold(paths: Folder, lock: DatabaseSync): Ownership {
  const own = { pid: process.pid, since: new Date().toISOString() };
  let held = true;
  const publish = (facts: { readonly url?: string; readonly token?: string }): void => {
    if (held) writeFacts(paths, { ...own, ...facts });
  };
  try {
    publish({});
  } catch (error) {
    lock.close();
    throw describeStorageError(error);
  }
  heldLocks.add(lock);
  return {
    publish,
    release() {
      if (!held) return;
      held = false;
      rmSync(factsFile(paths), { force: true });
      heldLocks.delete(lock);
      lock.close();
    },
  };
}

/** The open connection that now holds the lock, or undefined when someone else does. */
function tryLock(paths: Folder, sql: string): DatabaseSync | undefined {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(join(paths.data, 'owner.lock'), { timeout: 0 });
    connection.exec(`PRAGMA journal_mode = MEMORY; ${sql}`);
    return connection;
  } catch (error) {
    if (connection?.isOpen === true) connection.close();
    if (storageFault(error) === 'busy') return undefined;
    throw describeStorageError(error);
  }
}

function factsFile(paths: Folder): string {
  return join(paths.data, 'owner.json');
}

function writeFacts(paths: Folder, facts: OwnerFacts): void {
  const partial = `${factsFile(paths)}.${facts.pid}.tmp`;
  rmSync(partial, { force: true });
  writeFileSync(partial, JSON.stringify(facts), { mode: 0o600, flag: 'wx' });
  renameSync(partial, factsFile(paths));
}

function readFacts(paths: Folder): OwnerFacts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(factsFile(paths), 'utf8'));
  } catch {
    // None, or of no use: the lock decides, the facts only say who.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, since, url, token } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof since !== 'string') return undefined;
  return {
    pid,
    since,
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof token === 'string' ? { token } : {}),
  };
}

function inUse(owner: OwnerFacts | undefined): InfluxionError {
  const who =
    owner === undefined
      ? 'another Influxion'
      : `another Influxion (process ${owner.pid}, since ${owner.since}` +
        `${owner.url === undefined ? '' : `, at ${owner.url}`})`;
  return new InfluxionError('DATA_FOLDER_IN_USE', `This data folder is already in use by ${who}.`, {
    hint: 'Use that one, stop it first, or choose another folder with --data or INFLUXION_DATA_DIR.',
    retryAfterSeconds: 5,
  });
}
