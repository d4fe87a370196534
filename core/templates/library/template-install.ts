/** Puts whole template folders into the library and takes them out, so that nobody ever sees half of one. */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InfluxionError } from '../../error.ts';

/** Hidden, so never taken for a template. */
const NEW = '.new-';
/** What was there before a replacement; it goes back when the new one did not get its name. */
const OLD = '.old-';
const REMOVED = '.removed-';
const UUID_LENGTH = 36;

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The path for something that is being made in the library and is cleared away if it never gets its name. */
export const unfinished = (library: string): string => join(library, `${NEW}${randomUUID()}`);

/** TEMPLATE_EXISTS when the name is taken and `replace` is not set. */
export function installTemplate(
  library: string,
  id: string,
  files: Iterable<NewFile>,
  replace: boolean,
): Promise<void> {
  return installFolder(library, id, (folder) => writeFiles(folder, files), replace);
}

/** The same for a folder that `fill` writes; it is there and empty when it is handed over. */
export async function installFolder(
  library: string,
  id: string,
  fill: (folder: string) => Promise<void>,
  replace: boolean,
): Promise<void> {
  const fresh = unfinished(library);
  try {
    await mkdir(fresh);
    await fill(fresh);
    if (replace) await replaceTemplate(library, id, fresh);
    else await rename(fresh, join(library, id));
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const { code } = error as { code?: unknown };
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') throw templateExists(id);
    throw error;
  }
}

async function replaceTemplate(library: string, id: string, fresh: string): Promise<void> {
  const aside = join(library, `${OLD}${id}-${randomUUID()}`);
  const wasThere = await renameIfThere(join(library, id), aside);
  try {
    await rename(fresh, join(library, id));
  } catch (error) {
    if (wasThere) await rename(aside, join(library, id));
    throw error;
  }
  // A half of it must not be taken for the whole that is to be put back.
  const removed = join(library, `${REMOVED}${id}-${randomUUID()}`);
  await rename(aside, removed);
  await rm(removed, { recursive: true, force: true });
}

export function templateExists(id: string): InfluxionError {
  return new InfluxionError('TEMPLATE_EXISTS', `There is already a template "${id}".`, {
    hint: 'Choose another name, or replace it.',
  });
}

/** False when there was none. A symbolic link is removed, not what it points to. */
export async function removeTemplate(library: string, id: string): Promise<boolean> {
  const removed = join(library, `${REMOVED}${id}-${randomUUID()}`);
  if (!(await renameIfThere(join(library, id), removed))) return false;
  await rm(removed, { recursive: true, force: true });
  return true;
}

/** Finishes or undoes what a crash interrupted: half-made things go, a template whose replacement never came is put back. */
export async function sweepLeftovers(library: string): Promise<void> {
  for (const name of await readdir(library)) {
    if (name.startsWith(OLD)) await putBack(library, name);
    else if (name.startsWith(NEW) || name.startsWith(REMOVED)) {
      await rm(join(library, name), { recursive: true, force: true });
    }
  }
}

async function putBack(library: string, aside: string): Promise<void> {
  const id = aside.slice(OLD.length, -(UUID_LENGTH + 1));
  const isReplaced = await lstat(join(library, id)).then(
    () => true,
    () => false,
  );
  if (isReplaced) await rm(join(library, aside), { recursive: true, force: true });
  else await rename(join(library, aside), join(library, id));
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false;
    throw error;
  }
}

/** The files below a folder that ships with the product. */
export async function* readShippedFiles(folder: string, prefix = ''): AsyncGenerator<NewFile> {
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) yield* readShippedFiles(folder, `${path}/`);
    else if (entry.isFile()) yield { path, bytes: await readFile(join(folder, path)) };
  }
}

async function writeFiles(folder: string, files: Iterable<NewFile>): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flag: 'wx', flush: true });
  }
}
