/**
 * What a job was asked to do, as JSON text: in the database while small, in a file of its own when large, because a
 * transaction of many megabytes would hold up everything else.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createFolderSync,
  diskCalls,
  removeIfThere,
  temporaryName,
  writeDurably,
  type DiskCalls,
} from '../store/durable-file.ts';

/** Exactly one of the two is set. */
export interface StoredPayload {
  readonly body: string | null;
  /** Name in the payload folder. */
  readonly file: string | null;
}

export interface PayloadStore {
  /** Durable when it resolves, as far as it is a file; the row is the caller's, who then says `landed`. */
  put(json: Buffer): Promise<StoredPayload>;
  /** The row is committed, or there will be none. */
  landed(payload: StoredPayload): void;
  /** Whether a file, half written or whole, still waits for its row. */
  isArriving(name: string): boolean;
  read(payload: StoredPayload): Promise<string>;
  remove(name: string): Promise<void>;
  /** Names of all files, those that a dead process left half written too. */
  names(): Promise<string[]>;
}

/** Bytes; from here on a payload is a file. */
export const INLINE_LIMIT = 256 * 1024;

export function createPayloadStore(
  dataFolder: string,
  instance: string,
  disk: DiskCalls = diskCalls,
): PayloadStore {
  const folder = join(dataFolder, 'payloads');
  const syncFolder = createFolderSync(disk);
  const arriving = new Set<string>();

  return {
    async put(json) {
      if (json.length <= INLINE_LIMIT) return { body: json.toString(), file: null };
      if (!existsSync(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = `${randomUUID()}.json`;
      const path = join(folder, file);
      arriving.add(file);
      try {
        await writeDurably(path, json, {
          disk,
          syncFolder,
          temporary: temporaryName(path, instance),
        });
      } catch (error) {
        arriving.delete(file);
        throw error;
      }
      return { body: null, file };
    },
    landed({ file }) {
      if (file !== null) arriving.delete(file);
    },
    isArriving: (name) => arriving.has(name.slice(0, name.indexOf('.json') + '.json'.length)),
    read: async ({ body, file }) => body ?? (await readFile(join(folder, file ?? ''), 'utf8')),
    remove: (name) => removeIfThere(disk, join(folder, name)),
    async names() {
      try {
        return await readdir(folder);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
  };
}
