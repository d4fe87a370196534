/** The folder that the documents of a batch go to. Each one is there whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderSync, diskCalls, type DiskCalls } from '../store/durable-file.ts';

/** In the names of what this process has not finished. */
const PROCESS = randomUUID().slice(0, 8);
let counter = 0;
/** A file system, or two of them, that no second name can be given across. */
const NO_LINK = new Set(['EXDEV', 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EACCES']);

export interface Destination {
  readonly folder: string;
  /** Durable when it resolves; what had the name is replaced. The source stays. */
  publish(source: string, name: string): Promise<void>;
  path(name: string): string;
  /** Bytes of a document that is there. */
  size(name: string): Promise<number | undefined>;
  /** Lower case hexadecimal; undefined when it is not there. */
  sha256(name: string): Promise<string | undefined>;
  /** Removes what processes that died left of this batch under names of passage. */
  sweep(): Promise<void>;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/** `batch`: a name that no other batch has, also of other installations; several may share a folder. */
export function createDestination(folder: string, batch: string, disk: DiskCalls = diskCalls): Destination {
  const passage = `.influxion-${batch}-`;
  const syncFolder = createFolderSync(disk);
  const path = (name: string): string => join(folder, name);

  async function place(source: string, temporary: string): Promise<void> {
    try {
      await link(source, temporary);
    } catch (error) {
      if (!NO_LINK.has(codeOf(error))) throw error;
      await copyFile(source, temporary);
      await using file = await open(temporary, 'r+');
      await file.sync();
    }
  }

  return {
    folder,
    path,
    async publish(source, name) {
      counter += 1;
      const temporary = join(folder, `${passage}${PROCESS}-${counter}.tmp`);
      try {
        await place(source, temporary).catch(async (error: unknown) => {
          if (codeOf(error) !== 'ENOENT') throw error;
          // The folder was removed meanwhile, or is not there yet.
          await mkdir(folder, { recursive: true });
          await place(source, temporary);
        });
        await disk.rename(temporary, path(name));
      } finally {
        // Also after a rename: one onto another name of the same file does nothing (rename(2)), and so it is where a process
        // died between publishing a document and writing that down.
        await unlink(temporary).catch(() => undefined);
      }
      await syncFolder(folder);
    },
    async size(name) {
      const facts = await stat(path(name)).catch(() => undefined);
      return facts?.isFile() === true ? facts.size : undefined;
    },
    async sha256(name) {
      const digest = createHash('sha256');
      try {
        for await (const chunk of createReadStream(path(name))) digest.update(chunk as Buffer);
      } catch {
        return undefined;
      }
      return digest.digest('hex');
    },
    async sweep() {
      const names = await readdir(folder).catch(() => []);
      const isLeft = (name: string): boolean =>
        name.startsWith(passage) && name.endsWith('.tmp') && !name.startsWith(`${passage}${PROCESS}-`);
      for (const name of names.filter(isLeft)) await unlink(path(name)).catch(() => undefined);
    },
  };
}
