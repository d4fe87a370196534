/** The sync of SQLite's write-ahead log: on another thread, or on this one. */
import fs from 'node:fs';
import { promisify } from 'node:util';
import { InfluxionError } from '../error.ts';
import { STORAGE_RETRY_SECONDS } from './storage-error.ts';

/** The calls that make bytes durable, so that a test can hold them up and make them fail. */
export interface SyncCalls {
  sync(fd: number): Promise<void>;
  syncNow(fd: number): void;
}

/**
 * Of the data, and of what is needed to read it. The log is written from its beginning again and again: that its times
 * have changed is not worth a commit of the file system's own journal.
 */
export const syncCalls: SyncCalls = {
  sync: promisify(fs.fdatasync),
  syncNow: (fd) => fs.fdatasyncSync(fd),
};

export interface LogSync {
  /** Resolves when all that was written before is durable. Errors: `failure`. */
  sync(): Promise<void>;
  syncNow(): void;
  /**
   * DATA_FOLDER_UNUSABLE, once a sync has failed. After it the system may take the lost pages for written, and a later sync
   * succeeds without them (https://lwn.net/Articles/752063/): only what is read from the disk anew can be trusted.
   */
  readonly failure: InfluxionError | undefined;
  close(): void;
}

/** SQLite makes the file at the first commit and keeps it until its last connection is closed. */
export function createLogSync(file: string, calls: SyncCalls): LogSync {
  let fd: number | undefined;
  let running = 0;
  let isClosed = false;
  let failure: InfluxionError | undefined;

  const open = (): number => (fd ??= fs.openSync(file, 'r+'));
  const closeWhenIdle = (): void => {
    if (!isClosed || running > 0 || fd === undefined) return;
    fs.closeSync(fd);
    fd = undefined;
  };

  return {
    get failure() {
      return failure;
    },
    async sync() {
      running += 1;
      try {
        await calls.sync(open());
      } catch (error) {
        throw (failure ??= syncFailed(error));
      } finally {
        running -= 1;
        closeWhenIdle();
      }
    },
    syncNow() {
      try {
        calls.syncNow(open());
      } catch (error) {
        throw (failure ??= syncFailed(error));
      }
    },
    close() {
      isClosed = true;
      closeWhenIdle();
    },
  };
}

function syncFailed(cause: unknown): InfluxionError {
  return new InfluxionError(
    'DATA_FOLDER_UNUSABLE',
    'The disk of the data folder did not keep what was written.',
    {
      hint: 'Check the disk, then start Influxion again: it goes on from what is on the disk.',
      retryAfterSeconds: STORAGE_RETRY_SECONDS,
    },
    cause,
  );
}
