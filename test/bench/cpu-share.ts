/** A part of a core for a process and all it starts, as if it ran on a small machine of its own (Linux, as root). */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface CpuShare extends AsyncDisposable {
  /** What a command is to be started with. */
  readonly prefix: readonly string[];
}

/** Microseconds; short, so that a document is not held up for the rest of a long one. */
const PERIOD_US = 10_000;

/** Version 1 has a hierarchy for the CPU alone, version 2 one for everything (cgroups(7)). */
const ROOTS = [
  { folder: '/sys/fs/cgroup/cpu', probe: 'cpu.cfs_quota_us' },
  { folder: '/sys/fs/cgroup', probe: 'cgroup.controllers' },
] as const;

/** `cores`: such as 0.4. Undefined where this machine lets nobody make a control group. */
export function createCpuShare(cores: number): CpuShare | undefined {
  const root = ROOTS.find(({ folder, probe }) => existsSync(join(folder, probe)));
  if (root === undefined) return undefined;
  const group = join(root.folder, `influxion-bench-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const quota = Math.round(PERIOD_US * cores);
  try {
    mkdirSync(group);
    if (root.probe === 'cpu.cfs_quota_us') {
      writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quota));
    } else {
      writeFileSync(join(group, 'cpu.max'), `${quota} ${PERIOD_US}`);
    }
  } catch {
    return undefined;
  }
  return {
    prefix: ['sh', '-c', `echo $$ > '${join(group, 'cgroup.procs')}' && exec "$@"`, 'sh'],
    async [Symbol.asyncDispose]() {
      for (let tries = 0; tries < 50; tries += 1) {
        try {
          rmdirSync(group);
          return;
        } catch {
          await sleep(100); // its last process is still leaving
        }
      }
    },
  };
}
