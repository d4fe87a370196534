/** Why the documents of a batch cannot be put where they belong, in words. */
import { InfluxionError } from '../error.ts';
import { storageFault, type StorageFault } from '../store/storage-error.ts';

const WORDS: Readonly<Record<StorageFault, string>> = {
  full: 'The disk that the documents go to is full. Free some space; the batch then goes on by itself.',
  io: 'The disk that the documents go to reports errors. The batch goes on by itself when it answers again.',
  unwritable:
    'The folder that the documents go to cannot be written to. Give this user write access; the batch then goes on by itself.',
  corrupt: 'The database in the data folder is damaged.',
  busy: 'The folder that the documents go to is in use by another program. The batch goes on by itself.',
};

export function describeOutputError(error: unknown): string {
  if (InfluxionError.is(error))
    return error.details.hint === undefined ? error.message : `${error.message} ${error.details.hint}`;
  const fault = storageFault(error);
  if (fault !== undefined) return WORDS[fault];
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOENT') return 'The folder that the documents go to is gone and cannot be made again.';
  return `The documents cannot be put into their folder (${typeof code === 'string' ? code : 'unknown reason'}).`;
}
