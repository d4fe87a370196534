/** Puts whole template folders into the library and takes them out, so that nobody ever sees half of one. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InfluxionError } from '../../error.ts';

/** Hidden, so never taken for a template. */
const NEW = '.new-';
const OLD = '.old-';

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** TEMPLATE_EXISTS when the name is taken and `replace` is not set. */
export async function installTemplate(
  library: string,
  id: string,
  files: Iterable<NewFile>,
  replace: boolean,
): Promise<void> {
  const fresh = join(library, `${NEW}${id}-${randomUUID()}`);
  try {
    await writeFiles(fresh, files);
    if (replace) await removeTemplate(library, id);
    await rename(fresh, join(library, id));
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const { code } = error as { code?: unknown };
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') throw templateExists(id);
    throw error;
  }
}

export function templateExists(id: string): InfluxionError {
  return new InfluxionError('TEMPLATE_EXISTS', `There is already a template "${id}".`, {
    hint: 'Choose another name, or replace it.',
  });
}

/** False when there was none. A symbolic link is removed, not what it points to. */
export async function removeTemplate(library: string, id: string): Promise<boolean> {
  const aside = join(library, `${OLD}${id}-${randomUUID()}`);
  try {
    await rename(join(library, id), aside);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
  return true;
}

/** Removes what a crash in the middle of an import or removal left behind. */
export async function sweepLeftovers(library: string): Promise<void> {
  for (const name of await readdir(library)) {
    if (name.startsWith(NEW) || name.startsWith(OLD)) {
      await rm(join(library, name), { recursive: true, force: true });
    }
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
  await mkdir(folder);
  for (const { path, bytes } of files) {
    const target = join(folder, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flag: 'wx', flush: true });
  }
}
