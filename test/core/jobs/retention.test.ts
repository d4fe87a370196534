import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JobListQuery } from '../../../contract/job.ts';
import { DEFAULT_QUEUE_LIMITS } from '../../../core/jobs/queue-limits.ts';
import type { RetentionPolicy } from '../../../core/jobs/retention.ts';
import { listFiles } from '../../support/job-folder.ts';
import { ADMIN, heldPipeline, openWorld, type JobWorld } from '../../support/job-world.ts';

const keep = (policy: Partial<RetentionPolicy>) => ({
  retention: { ...DEFAULT_QUEUE_LIMITS.retention, graceMs: 0, ...policy },
});

async function finished(world: JobWorld, count: number, tick?: () => void): Promise<number[]> {
  const ids: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const id = await world.submit(`job ${i}`);
    await world.ended(id);
    tick?.();
    ids.push(id);
  }
  return ids;
}

const present = (world: JobWorld): number[] =>
  world.queue
    .list(JobListQuery.parse({ limit: 500 }), ADMIN)
    .jobs.map((job) => job.id)
    .reverse();

function steppingClock() {
  let now = Date.parse('2026-01-01T00:00:00Z');
  return {
    clock: { now: () => now, monotonic: () => performance.now() },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('jobs go when they are too old, with their documents', async () => {
  const { clock, pass } = steppingClock();
  await using world = await openWorld({ clock, limits: keep({ maxAgeMs: 1_000 }) });
  await finished(world, 3);
  pass(900);
  const young = await finished(world, 1);
  pass(200);
  await world.queue.maintain();
  expect(present(world)).toEqual(young);
  expect(listFiles(join(world.folder, 'output'))).toEqual([`000000/${young[0]}-1.pdf`]);
});

test('jobs go when they are too many, the one that ended first at the head, more than a batch of them', async () => {
  const { clock, pass } = steppingClock();
  await using world = await openWorld({ clock, limits: keep({ maxJobs: 5 }) });
  const ids = await finished(world, 120, () => {
    pass(1);
  });
  pass(1);
  await world.queue.maintain();
  expect(present(world)).toEqual(ids.slice(-5));
  expect(world.queue.counts().done).toBe(5);
});

test('jobs go when they take too much room, documents and requests together', async () => {
  const { clock, pass } = steppingClock();
  await using world = await openWorld({ clock, limits: keep({ maxBytes: 2_000 }) });
  await finished(world, 12, () => {
    pass(1);
  });
  pass(1);
  await world.queue.maintain();
  const { bytes } = world.db
    .prepare('SELECT sum(size + payload_size) AS bytes FROM jobs')
    .get<{ bytes: number }>() ?? { bytes: 0 };
  expect(bytes).toBeLessThanOrEqual(2_000);
  expect(bytes).toBeGreaterThan(1_000);
});

test('a job that just ended can be fetched however little may be kept', async () => {
  const { clock, pass } = steppingClock();
  await using world = await openWorld({ clock, limits: keep({ maxBytes: 0, maxJobs: 0, graceMs: 1_000 }) });
  const [id = 0] = await finished(world, 1);
  await world.queue.maintain();
  expect(world.queue.openOutput(id, ADMIN).size).toBeGreaterThan(0);
  pass(1_001);
  await world.queue.maintain();
  expect(present(world)).toEqual([]);
});

test('waiting and running jobs are never removed, however old', async () => {
  const { clock, pass } = steppingClock();
  const pipeline = heldPipeline();
  await using world = await openWorld({
    clock,
    run: pipeline.run,
    concurrency: 1,
    limits: keep({ maxAgeMs: 1, maxJobs: 0, maxBytes: 0 }),
  });
  const running = await world.submit('running');
  const waiting = await world.submit('waiting');
  await pipeline.next();
  pass(1e12);
  await world.queue.maintain();
  expect(present(world)).toEqual([running, waiting]);
});

test('what was counted before a restart still counts after it', async () => {
  const { clock, pass } = steppingClock();
  const limits = keep({ maxJobs: 2 });
  const before = await openWorld({ clock });
  const ids = await finished(before, 4, () => {
    pass(1);
  });
  await before.close();
  pass(1);
  await using world = await openWorld({ clock, limits, folder: before.folder });
  await world.queue.maintain();
  expect(present(world)).toEqual(ids.slice(-2));
});

test('another policy holds at once, without a restart or an hour', async () => {
  const { clock, pass } = steppingClock();
  await using world = await openWorld({ clock, limits: keep({}) });
  const ids = await finished(world, 4, () => {
    pass(1);
  });
  pass(1);
  world.queue.setRetention({ maxAgeMs: 1_000_000, maxJobs: 1, maxBytes: 1_000_000 });
  await expect.poll(() => present(world), { timeout: 20_000 }).toEqual(ids.slice(-1));
});
