import { existsSync } from 'node:fs';
import { mkdtemp, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Paths } from '../../core/ports.ts';
import { readOwner } from '../../core/store/owner-lock.ts';
import { readableSize } from '../pdf-file.ts';
import type { Finding } from './finding.ts';

const LOW_BYTES = 1_000_000_000;

function nearestExisting(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** By trying: rights alone do not tell of a read-only or virtual file system. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await rmdir(await mkdtemp(join(folder, '.influxion-doctor-')));
    return true;
  } catch {
    return false;
  }
}

export async function checkDataFolder(paths: Paths): Promise<Finding> {
  const finding = { id: 'data', label: 'Data folder' } as const;
  const existing = nearestExisting(paths.data);
  if (!(await isWritable(existing))) {
    return {
      ...finding,
      state: 'failed',
      says: `${paths.data} cannot be written`,
      fix: `Give this user the right to write ${existing}, or name another folder with --data or INFLUXION_DATA_DIR.`,
    };
  }
  if (existing !== paths.data) {
    return { ...finding, state: 'ok', says: `${paths.data}, made at the first start` };
  }
  const owner = readOwner(paths);
  const use = owner === undefined ? 'not in use' : `in use by process ${owner.pid}`;
  const at = owner?.url === undefined ? '' : ` at ${owner.url}`;
  return { ...finding, state: 'ok', says: `${paths.data}, ${use}${at}` };
}

export async function checkDisk(paths: Paths): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestExisting(paths.data));
  const free = bavail * bsize;
  const says = `${readableSize(free)} free`;
  if (free >= LOW_BYTES) return { id: 'disk', label: 'Disk', state: 'ok', says };
  return {
    id: 'disk',
    label: 'Disk',
    state: 'note',
    says,
    fix: 'Free some: new jobs are refused when the disk is nearly full.',
  };
}

/** The address of the Influxion that runs on this data folder. */
export function ownerUrl(paths: Paths): string | undefined {
  return existsSync(paths.database) ? readOwner(paths)?.url : undefined;
}
