import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
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

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function checkDataFolder(paths: Paths): Finding {
  const finding = { id: 'data', label: 'Data folder' } as const;
  const existing = nearestExisting(paths.data);
  if (!isWritable(existing)) {
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
  return existsSync(paths.data) && isWritable(paths.data) ? readOwner(paths)?.url : undefined;
}
