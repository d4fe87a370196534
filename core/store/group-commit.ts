/** Group commit: works queued in one turn of the event loop share one transaction, so one fsync. */

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

export interface GroupCommit {
  write<T>(work: () => T): Promise<T>;
  /** Commits what is queued, now. */
  flush(): void;
}

/**
 * `describe` turns what SQLite threw into what the caller gets; `failed` is told of each transaction that failed as a
 * whole, once it is rolled back.
 */
export function createGroupCommit(
  connection: Connection,
  describe: (error: unknown) => unknown,
  failed: (error: unknown) => void,
): GroupCommit {
  const transaction: Transaction = {
    connection,
    describe,
    failed,
    begin: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollback: connection.prepare('ROLLBACK'),
    save: connection.prepare('SAVEPOINT work'),
    undo: connection.prepare('ROLLBACK TO work'),
    keep: connection.prepare('RELEASE work'),
  };
  let queue: Pending[] = [];
  let scheduled: NodeJS.Immediate | undefined;

  const flush = (): void => {
    if (scheduled !== undefined) clearImmediate(scheduled);
    scheduled = undefined;
    const batch = queue;
    queue = [];
    if (batch.length > 0) commit(transaction, batch);
  };

  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
        scheduled ??= setImmediate(flush);
      });
    },
    flush,
  };
}

interface Transaction {
  readonly connection: Connection;
  readonly describe: (error: unknown) => unknown;
  readonly failed: (error: unknown) => void;
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

function commit(transaction: Transaction, batch: readonly Pending[]): void {
  const done: { readonly pending: Pending; readonly value: unknown }[] = [];
  try {
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
  } catch (error) {
    if (transaction.connection.isTransaction) transaction.rollback.run();
    transaction.failed(error);
    const reason = transaction.describe(error);
    // A promise that was rejected above stays as it was.
    for (const pending of batch) pending.reject(reason);
    return;
  }
  for (const { pending, value } of done) pending.resolve(value);
}
