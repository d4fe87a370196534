import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openHotFolderWorld } from '../../support/hot-folder-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

const WORKER = join(import.meta.dirname, '../../support/hot-folder-crash-worker.ts');
const KILLS = 15;
const FILES = 60;

test('kill -9 at fifteen random moments: every data file is done exactly once, with exactly its documents', async () => {
  const root = temporaryFolder();
  const folder = join(root, 'hot');
  mkdirSync(folder, { recursive: true });
  for (let n = 0; n < FILES; n += 1) {
    const rows = n % 3 === 0 ? [{ n: `${n}a` }, { n: `${n}b` }] : { n: String(n) };
    writeFileSync(join(folder, `${n}.json`), JSON.stringify(rows));
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = spawn(process.execPath, [WORKER, root], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    await sleep(Math.random() * 250);
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  const world = await openHotFolderWorld({ root });
  onTestFinished(() => world[Symbol.asyncDispose]());
  await expect
    .poll(() => world.now().counts, { timeout: 60_000 })
    .toEqual({ working: 0, done: FILES, failed: 0 });
  expect(world.names('done')).toHaveLength(FILES);
  const documents = readdirSync(join(folder, 'out'));
  const said = documents.map(
    (name) => /\{"n":"(\w+)"\}.*%%EOF/s.exec(readFileSync(join(folder, 'out', name), 'latin1'))?.[1],
  );
  const expected = Array.from({ length: FILES }, (_, n) =>
    n % 3 === 0 ? [`${n}a`, `${n}b`] : [String(n)],
  ).flat();
  expect(said.sort()).toEqual(expected.sort());
  await expect.poll(() => readdirSync(join(folder, '.influxion')), { timeout: 10_000 }).toEqual([]);
  expect(world.batchWorld.batches.total()).toBe(0);
}, 180_000);
