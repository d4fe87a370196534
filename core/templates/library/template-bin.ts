/** Deleted templates: whole folders in the hidden folder `.bin` of the library, until they are taken out or grow old. */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { safeSegments, templateNotFound } from './template-names.ts';

const BIN = '.bin';
const DAY_MS = 86_400_000;
export const BIN_DAYS = 30;
/** When it was deleted (milliseconds since the epoch), something that tells two apart, the template's name. */
const BIN_ID = /^(\d{13})-([0-9a-f]{8})-(.+)$/;

/** Errors: TEMPLATE_NOT_FOUND. A symbolic link goes into the bin as it is. `now`: milliseconds since the epoch. */
export async function moveToBin(library: string, id: string, now: number): Promise<string> {
  const binId = `${String(now).padStart(13, '0')}-${randomUUID().slice(0, 8)}-${id}`;
  await mkdir(join(library, BIN), { recursive: true });
  try {
    await rename(join(library, id), join(library, BIN, binId));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') {
      throw templateNotFound(`template "${id}" in the library`);
    }
    throw error;
  }
  return binId;
}

/** Back under its own name, or under the next free one (`invoice-2`); that name. Errors: TEMPLATE_NOT_FOUND. */
export async function restoreFromBin(library: string, binId: string): Promise<string> {
  const id = BIN_ID.exec(binId)?.[3];
  const binned = join(library, BIN, binId);
  if (id === undefined || safeSegments(binId)?.length !== 1 || !(await isThere(binned))) {
    throw templateNotFound(
      'such template in the bin',
      `Templates are removed from the bin after ${BIN_DAYS} days.`,
    );
  }
  let free = id;
  for (let n = 2; await isThere(join(library, free)); n++) free = `${id}-${n}`;
  await rename(binned, join(library, free));
  return free;
}

/** Removes what has been there for 30 days; returns the bin ids of that. */
export async function sweepBin(library: string, now: number): Promise<string[]> {
  const swept: string[] = [];
  for (const name of await readdir(join(library, BIN)).catch(() => [])) {
    const at = Number(BIN_ID.exec(name)?.[1]);
    if (!(at < now - BIN_DAYS * DAY_MS)) continue;
    await rm(join(library, BIN, name), { recursive: true, force: true });
    swept.push(name);
  }
  return swept;
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
