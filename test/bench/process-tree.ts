/** CPU and memory of a process and all below it, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Own and reaped children's, in seconds. */
  readonly cpu: number;
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets: fields count from behind its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { pid, parent: Number(fields[1]), cpu: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined; // it ended between the listing and the read
  }
}

function tree(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((stat) => stat !== undefined);
  const members = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const stat of all) {
      if (!members.has(stat.pid) && members.has(stat.parent)) grew = members.add(stat.pid).size > 0;
    }
  }
  return all.filter((stat) => members.has(stat.pid));
}

/** Seconds of CPU that the trees below these roots have used so far. */
export function cpuSeconds(roots: readonly number[]): number {
  return roots.flatMap(tree).reduce((sum, stat) => sum + stat.cpu, 0);
}

function proportionalBytes(pid: number, fields: readonly string[]): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = fields.map((field) =>
      Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0),
    );
    return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
  } catch {
    return 0; // it ended meanwhile
  }
}

const bytesOf = (roots: readonly number[], fields: readonly string[]): number =>
  roots.flatMap(tree).reduce((sum, { pid }) => sum + proportionalBytes(pid, fields), 0);

/** Bytes of memory, shared pages counted by their share (PSS). */
export const memoryBytes = (roots: readonly number[]): number => bytesOf(roots, ['Pss']);

/**
 * The same without mapped files. A page of a browser's program counts by the number of processes that have it mapped, so PSS
 * goes up by 10 MB a process when another browser of the machine ends.
 */
export const ownMemoryBytes = (roots: readonly number[]): number => bytesOf(roots, ['Pss_Anon', 'Pss_Shmem']);

/** The processes below this one. */
export function descendants(root: number): number[] {
  return tree(root)
    .map((stat) => stat.pid)
    .filter((pid) => pid !== root);
}
