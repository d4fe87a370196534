/** Which files of a folder are data files that nobody writes to any more. */
import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** What programs call files that are not whole yet, that lock others, or that belong to the system. */
const IGNORED =
  /^[.~]|^(?:thumbs\.db|desktop\.ini)$|\.(?:part|partial|filepart|tmp|temp|crdownload|download|swp|lock)$|~$/i;

/** Files that are watched at once; more wait until some of these are taken, so that memory stays flat. */
const MOST_WATCHED = 2_000;

interface Seen {
  readonly size: number;
  readonly modified: number;
  readonly identity: string;
  /** Monotonic milliseconds. */
  readonly since: number;
}

export interface SettledFiles {
  /** The oldest first. Errors: what the file system says of the folder. */
  look(now: number): Promise<{ readonly settled: readonly string[]; readonly waiting: boolean }>;
  /** Starts anew with a file that could not be taken. */
  distrust(name: string): void;
}

/** `settleMs`: how long size, time and identity must have stayed the same. */
export function createSettledFiles(folder: string, settleMs: number): SettledFiles {
  let seen = new Map<string, Seen>();

  return {
    async look(now) {
      const next = new Map<string, Seen>();
      for await (const entry of await opendir(folder)) {
        if (!entry.isFile() || IGNORED.test(entry.name)) continue;
        const facts = await lstat(join(folder, entry.name)).catch(() => undefined);
        if (facts?.isFile() !== true) continue;
        next.set(entry.name, same(seen.get(entry.name), facts, now));
        if (next.size === MOST_WATCHED) break;
      }
      seen = next;
      const settled = [...seen]
        .filter(([, { since }]) => now - since >= settleMs)
        .sort(([a, one], [b, other]) => one.modified - other.modified || (a < b ? -1 : 1))
        .map(([name]) => name);
      return { settled, waiting: settled.length < seen.size };
    },
    distrust: (name) => void seen.delete(name),
  };
}

function same(earlier: Seen | undefined, facts: Stats, now: number): Seen {
  const { size, mtimeMs: modified } = facts;
  const identity = `${facts.dev}:${facts.ino}`;
  const unchanged = earlier?.size === size && earlier.modified === modified && earlier.identity === identity;
  return unchanged ? earlier : { size, modified, identity, since: now };
}
