/** Tells what a failing file or database operation means for the data folder. */
import { InfluxionError } from '../error.ts';

/** Primary result codes, https://www.sqlite.org/rescode.html; the extended code keeps them in its low byte. */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

export type StorageFault = 'full' | 'io' | 'unwritable' | 'corrupt' | 'busy';

/** The kind of fault, or undefined when the error has nothing to do with the disk. */
export function storageFault(error: unknown): StorageFault | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (InfluxionError.is(error)) {
    const inner = storageFault(error.cause);
    if (inner !== undefined) return inner;
    return error.code === 'DISK_FULL' ? 'full' : undefined;
  }
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') return sqliteFault(errcode & 0xff);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'full';
    case 'EIO':
    case 'ENXIO':
      return 'io';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return 'unwritable';
    case 'EBUSY':
      return 'busy';
    default:
      return undefined;
  }
}

function sqliteFault(primary: number): StorageFault | undefined {
  switch (primary) {
    case SQLITE_FULL:
      return 'full';
    case SQLITE_IOERR:
      return 'io';
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return 'unwritable';
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return 'corrupt';
    case SQLITE_BUSY:
      return 'busy';
    default:
      return undefined;
  }
}

/** Seconds after which a client may try again while the disk is in trouble. */
export const STORAGE_RETRY_SECONDS = 30;

/** A failure of the disk in words: DISK_FULL or DATA_FOLDER_UNUSABLE; any other error comes back as it is. */
export function describeStorageError(error: unknown): unknown {
  if (InfluxionError.is(error)) return error;
  const fault = storageFault(error);
  switch (fault) {
    case undefined:
      return error;
    case 'full':
      return new InfluxionError(
        'DISK_FULL',
        'The disk of the data folder is full.',
        { hint: 'Free some space and try again.', retryAfterSeconds: STORAGE_RETRY_SECONDS },
        error,
      );
    case 'io':
      return unusable(
        error,
        'The disk of the data folder reports errors.',
        'Check the disk, then try again.',
      );
    case 'unwritable':
      return unusable(
        error,
        'The data folder cannot be written to.',
        'Give this user write access to it, or choose another one with --data or INFLUXION_DATA_DIR.',
      );
    case 'corrupt':
      return unusable(
        error,
        'The database in the data folder is damaged.',
        'Stop Influxion, move influxion.db and the files that begin with its name elsewhere, and put back a copy of ' +
          'them or start with a new database; the finished documents stay in the output folder.',
      );
    case 'busy':
      return unusable(
        error,
        'The database in the data folder is locked by another program.',
        'Close the program that has it open, then try again.',
      );
  }
}

function unusable(cause: unknown, message: string, hint: string): InfluxionError {
  return new InfluxionError(
    'DATA_FOLDER_UNUSABLE',
    message,
    { hint, retryAfterSeconds: STORAGE_RETRY_SECONDS },
    cause,
  );
}
