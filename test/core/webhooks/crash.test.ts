import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../core/store/sqlite.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { silentLogger } from '../../support/job-world.ts';

const WORKER = join(import.meta.dirname, '../../support/webhook-crash-worker.ts');

/** Kills the worker a moment after it began; what it left is what a power failure leaves. */
async function killAtRandom(folder: string): Promise<void> {
  const child = spawn(process.execPath, [WORKER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await sleep(Math.random() * 200);
  child.kill('SIGKILL');
  await once(child, 'close');
}

test('kill -9 at ten random moments: each job that has ended has its message, and no other job has one', async () => {
  const folder = temporaryFolder();
  for (let kill = 0; kill < 10; kill += 1) {
    await killAtRandom(folder);
    const db = openDatabase(join(folder, 'influxion.db'), { logger: silentLogger });
    const faults = db
      .prepare(
        `SELECT id, status, count(d.message_id) AS messages FROM jobs LEFT JOIN (SELECT job_id, message_id FROM
           webhook_deliveries) d ON d.job_id = id
         GROUP BY id HAVING messages <> (status IN ('Done', 'Error'))`,
      )
      .all();
    const { ended } = db
      .prepare(`SELECT count(*) AS ended FROM jobs WHERE status = 'Done'`)
      .get<{ ended: number }>() ?? { ended: 0 };
    db.close();
    expect(faults).toEqual([]);
    if (kill === 9) expect(ended).toBeGreaterThan(10);
  }
}, 120_000);
