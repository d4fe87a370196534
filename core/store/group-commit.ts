/**
 * Group commit: works queued in one turn of the event loop, or while an earlier transaction is being synced, share one
 * transaction and one sync. The sync runs on another thread: on a disk it takes milliseconds, in which this one can go on.
 */

interface Pending {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Connection {
  prepare(sql: string): Control;
  /** False after an error that made SQLite roll the whole transaction back (https://www.sqlite.org/lang_transaction.html §3.1). */
  readonly isTransaction: boolean;
}

export interface GroupCommitDeps {
  /** Its commits write the log and leave the sync to `sync` (`synchronous=NORMAL`). */
  readonly connection: Connection;
  /** Throws when nothing may be written any more. */
  readonly assertWritable: () => void;
  /** Makes durable what is committed. */
  readonly sync: () => Promise<void>;
  /** Turns what SQLite threw into what the caller gets. */
  readonly describe: (error: unknown) => unknown;
  /** Told of each transaction that failed as a whole, once it is rolled back. */
  readonly failed: (error: unknown) => void;
}

export interface GroupCommit {
  /** Resolves once the work is durable; rejects when it is not, even when others can see it already. */
  write<T>(work: () => T): Promise<T>;
  /** Commits what is queued and begins its sync, now. */
  flush(): void;
}

export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const { connection, sync, describe } = deps;
  const transaction: Transaction = {
    ...deps,
    begin: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollback: connection.prepare('ROLLBACK'),
    save: connection.prepare('SAVEPOINT work'),
    undo: connection.prepare('ROLLBACK TO work'),
    keep: connection.prepare('RELEASE work'),
  };
  let queue: Pending[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let syncing = 0;

  const flush = (): void => {
    if (scheduled !== undefined) clearImmediate(scheduled);
    scheduled = undefined;
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    const done = commit(transaction, batch);
    if (done.length > 0) void settle(done);
  };

  async function settle(done: readonly Done[]): Promise<void> {
    syncing += 1;
    try {
      await sync();
      for (const { pending, value } of done) pending.resolve(value);
    } catch (error) {
      for (const { pending } of done) pending.reject(describe(error));
    } finally {
      syncing -= 1;
      if (syncing === 0 && queue.length > 0) scheduled ??= setImmediate(flush);
    }
  }

  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
        if (syncing === 0) scheduled ??= setImmediate(flush);
      });
    },
    flush,
  };
}

interface Transaction extends Omit<GroupCommitDeps, 'sync'> {
  readonly begin: Control;
  readonly commit: Control;
  readonly rollback: Control;
  readonly save: Control;
  readonly undo: Control;
  readonly keep: Control;
}

interface Control {
  run(): unknown;
}

interface Done {
  readonly pending: Pending;
  readonly value: unknown;
}

/** The works that are committed; the others are rejected. */
function commit(transaction: Transaction, batch: readonly Pending[]): Done[] {
  const done: Done[] = [];
  try {
    transaction.assertWritable();
    transaction.begin.run();
    for (const pending of batch) {
      if (batch.length === 1) {
        done.push({ pending, value: pending.work() });
        continue;
      }
      transaction.save.run();
      try {
        done.push({ pending, value: pending.work() });
      } catch (error) {
        // The whole transaction is gone, with what the others wrote.
        if (!transaction.connection.isTransaction) throw error;
        transaction.undo.run();
        pending.reject(transaction.describe(error));
      }
      transaction.keep.run();
    }
    transaction.commit.run();
    return done;
  } catch (error) {
    if (transaction.connection.isTransaction) transaction.rollback.run();
    transaction.failed(error);
    const reason = transaction.describe(error);
    // A promise that was rejected above stays as it was.
    for (const pending of batch) pending.reject(reason);
    return [];
  }
}
