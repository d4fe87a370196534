import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openBatchWorld, OWNER } from '../../support/batch-world.ts';
import { listFiles } from '../../support/job-folder.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

const WORKER = join(import.meta.dirname, '../../support/batch-crash-worker.ts');
const ROWS = 400;
const KILLS = 20;
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Worker {
  readonly child: ChildProcess;
  said(): string;
}

function startWorker(folder: string, out: string): Worker {
  const child = spawn(process.execPath, [WORKER, folder, out, String(ROWS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, said: () => text };
}

test('kill -9 at twenty random moments, then resume: every row exactly one file, none missing, none torn', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  for (let kill = 0; kill < KILLS; kill += 1) {
    const worker = startWorker(folder, out);
    await expect.poll(() => worker.said(), { timeout: 20_000, interval: 5 }).toContain('ready');
    await sleep(Math.random() * 60);
    worker.child.kill('SIGKILL');
    await once(worker.child, 'close');
    if (worker.said().includes('ended')) break;
  }
  const last = startWorker(folder, out);
  await once(last.child, 'close');
  expect(last.said()).toContain('ended done');

  await using world = await openBatchWorld({ folder, started: false });
  const [batch] = world.batches.list({ limit: 1 }, OWNER);
  expect(batch?.rows).toMatchObject({ total: ROWS, done: ROWS, failed: 0, waiting: 0, running: 0 });
  const rows = world.batches.rows(batch?.id ?? 0, { limit: ROWS }, OWNER);
  for (const row of rows) {
    const bytes = readFileSync(join(out, row.name ?? ''));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(row.sha256);
    expect(bytes.toString('latin1')).toContain(`"n":${row.row},`);
  }
  const known = new Set(rows.map(({ name }) => name));
  expect(readdirSync(out).filter((name) => name !== 'index.csv' && !known.has(name))).toEqual([]);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(ROWS);
  // Nothing is left of the jobs, nor half written.
  await world.jobs.queue.maintain();
  expect(listFiles(join(folder, 'output'))).toEqual([]);
}, 180_000);
