import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { verifyDataFolder } from '../../support/job-folder.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { ADMIN, openWorld } from '../../support/job-world.ts';

const WORKER = join(import.meta.dirname, '../../support/job-crash-worker.ts');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Worker {
  readonly child: ChildProcess;
  readonly lines: string[];
  until(line: RegExp): Promise<string>;
}

function startWorker(folder: string, mode: string): Worker {
  const child = spawn(process.execPath, [WORKER, folder, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  return {
    child,
    lines,
    async until(pattern) {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        await once(reader, 'line');
      }
    },
  };
}

const accepted = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => (line.startsWith('accepted ') ? [Number(line.slice(9))] : []));

test('kill -9 at twenty random moments: nothing accepted is lost, nothing is done twice, nothing is left over', async () => {
  const folder = temporaryFolder();
  const ids: number[] = [];
  for (let kill = 0; kill < 20; kill += 1) {
    const worker = startWorker(folder, 'load');
    await worker.until(/^ready/);
    await sleep(Math.random() * 150);
    worker.child.kill('SIGKILL');
    await once(worker.child, 'close');
    ids.push(...accepted(worker.lines));
    const afterKill = verifyDataFolder(folder, ids, { mayWait: true });
    expect(afterKill.faults.filter((fault) => !fault.endsWith('belongs to no job'))).toEqual([]);
  }
  const last = startWorker(folder, 'finish');
  await last.until(/^finished/);
  await once(last.child, 'close');
  expect(ids.length).toBeGreaterThan(20);
  const report = verifyDataFolder(folder, ids);
  expect(report.faults).toEqual([]);
  expect(report).toMatchObject({ done: report.jobs, error: 0 });
  rmSync(folder, { recursive: true });
}, 120_000);

test('a worker that was stopped past its lease and wakes up changes nothing', async () => {
  const folder = temporaryFolder();
  const stale = startWorker(folder, 'stall');
  await stale.until(/^running/);
  const [id = 0] = accepted([await stale.until(/^accepted/)]);
  stale.child.kill('SIGSTOP');
  const world = await openWorld({ folder, orphans: 'after-lease', limits: { leaseMs: 300 } });
  const job = await world.ended(id);
  expect(job).toMatchObject({ status: 'Done', attempt: 2 });
  const before = verifyDataFolder(folder, [id]).faults;
  stale.child.kill('SIGCONT');
  await stale.until(/^closed/);
  // It learned how the job really ended, and left neither its document nor its state.
  expect(stale.lines).toContain(`ended ${id} Done 2`);
  expect(world.queue.get(id, ADMIN)).toEqual(job);
  await world.close();
  expect(before).toEqual([]);
  expect(verifyDataFolder(folder, [id])).toMatchObject({ jobs: 1, done: 1, faults: [] });
}, 60_000);
