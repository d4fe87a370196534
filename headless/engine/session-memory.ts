/** The memory of a browser with all its processes, looked at often and beside prints. */
import { readdir } from 'node:fs/promises';
import { ownMemory, sessionOf } from './process-facts.ts';

/** An id may have gone to another process between two looks, so that all are asked anew now and then. */
const LOOKS_UNTIL_FORGOTTEN = 50;

/**
 * Bytes as of now of the session that a browser leads (`ownMemory`). Only processes that were not there at the last look are
 * asked whose they are: on a machine with hundreds, asking each time cost more than some prints. Linux only: undefined elsewhere.
 */
export function watchSessionMemory(leader: number): () => Promise<number | undefined> {
  let looks = 0;
  let isMember = new Map<string, boolean>();
  return async () => {
    if (process.platform !== 'linux') return undefined;
    const known = looks % LOOKS_UNTIL_FORGOTTEN === 0 ? new Map<string, boolean>() : isMember;
    looks += 1;
    const now = new Map<string, boolean>();
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      now.set(name, known.get(name) ?? (await sessionOf(name)) === leader);
    }
    isMember = now;
    return ownMemory([...now].filter(([, is]) => is).map(([name]) => Number(name)));
  };
}
