/** Whether dist/ is newer than everything it was made from. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BUILD_STAMP, DIST, ROOT, SOURCES } from './layout.ts';

/** Latest change below a path, in milliseconds; a folder's own time tells of files that went away. */
function lastChange(file: string): number {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(file).map((name) => lastChange(path.join(file, name)));
  return Math.max(stats.mtimeMs, ...inside);
}

export function isBuildFresh(): boolean {
  const stamp = statSync(path.join(DIST, BUILD_STAMP), { throwIfNoEntry: false });
  if (stamp === undefined) return false;
  return SOURCES.every((source) => lastChange(path.join(ROOT, source)) <= stamp.mtimeMs);
}
