/** Where batches keep what is theirs, below the data folder. */
import { join } from 'node:path';
import type { BatchRecord } from '../store/batch-repository.ts';

export interface BatchFolders {
  /** Of a batch, by its name. */
  of(folder: string): string;
  spool(folder: string): string;
  /** Documents that go to no other folder. */
  documents(folder: string): string;
  readonly all: string;
  readonly uploads: string;
  readonly pins: string;
}

export function batchFolders(data: string): BatchFolders {
  const all = join(data, 'batches');
  return {
    all,
    of: (folder) => join(all, folder),
    spool: (folder) => join(all, folder, 'rows.jsonl'),
    documents: (folder) => join(all, folder, 'documents'),
    uploads: join(data, 'uploads'),
    pins: join(data, 'pinned'),
  };
}

/** Whether the documents lie in a folder of the user's own. */
export const isOwnFolder = (record: BatchRecord): boolean =>
  (JSON.parse(record.output) as { type: string }).type === 'folder';
