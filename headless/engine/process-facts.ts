/** What the system knows of a process: enough to prove that it is one that we started. */
import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PS_TIMEOUT_MS = 5000;

/** Differs between two processes that got the same id one after the other; undefined when there is none. */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      const [stat, boot] = await Promise.all([
        readFile(`/proc/${pid}/stat`, 'utf8'),
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      ]);
      const fields = statFields(stat);
      // A zombie runs no more.
      return fields[0] === 'Z' ? undefined : `${boot.trim()} ${fields[19] ?? ''}`;
    }
    if (process.platform === 'win32') {
      const query = `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().Ticks`;
      const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', query], {
        timeout: PS_TIMEOUT_MS,
        windowsHide: true,
      });
      return stdout.trim() || undefined;
    }
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: PS_TIMEOUT_MS });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Linux: the program file of a process; a wrapper that was started may have become another. */
export async function processProgram(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  return readlink(`/proc/${pid}/exe`).catch(() => undefined);
}

/** Fields of /proc/PID/stat from the state on (proc(5)): the name before them may hold spaces and brackets. */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export interface SessionMember {
  readonly pid: number;
  /** Program file. */
  readonly program: string;
}

/** Linux: processes of the session that a browser was made the leader of. Elsewhere empty. */
export async function sessionMembers(leader: number): Promise<SessionMember[]> {
  if (process.platform !== 'linux') return [];
  const members: SessionMember[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || (await sessionOf(name)) !== leader) continue;
    try {
      members.push({ pid: Number(name), program: await readlink(`/proc/${name}/exe`) });
    } catch {
      // It ended while we looked.
    }
  }
  return members;
}

/** Linux: the session that a process belongs to; undefined for one that runs no more. */
export async function sessionOf(pid: string): Promise<number | undefined> {
  try {
    const fields = statFields(await readFile(`/proc/${pid}/stat`, 'utf8'));
    return fields[0] === 'Z' ? undefined : Number(fields[3]);
  } catch {
    return undefined;
  }
}

/**
 * Memory in bytes that processes hold for themselves: what is shared among them, such as the program itself, is left
 * out (proc(5) RssAnon, RssShmem). Linux only: undefined elsewhere.
 */
export async function ownMemory(pids: readonly number[]): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      for (const [, size] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) kilobytes += Number(size);
    } catch {
      // It ended while we looked.
    }
  }
  return kilobytes * 1024;
}
