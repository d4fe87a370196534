import { expect, test } from 'vitest';
import { heldPipeline, openWorld, printText } from '../../support/job-world.ts';

test('higher priority goes first, and age decides among equals', async () => {
  const pipeline = heldPipeline();
  await using world = await openWorld({ run: pipeline.run, concurrency: 1, started: false });
  await world.submit('low', { priority: -5 });
  await world.submit('first');
  await world.submit('second');
  await world.submit('high', { priority: 10 });
  await world.submit('third', { priority: 0 });
  await world.queue.start();
  const order: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    const run = await pipeline.next();
    order.push(run.text);
    run.finish();
  }
  expect(order).toEqual(['high', 'first', 'second', 'third', 'low']);
});

test('a job of lowest priority is not starved by any number of later jobs of highest priority', async () => {
  await using world = await openWorld({ started: false });
  const insert = world.db.prepare(
    `INSERT INTO jobs (client_id, status, priority, rank, created_at, payload_size) VALUES ('c', 'Received', ?, 0, 0, 0)`,
  );
  const low = await world.submit('low', { priority: -10 });
  // Twenty points of priority are worth 20,000 places, so the job after those must come after it.
  world.db.transaction(() => {
    for (let i = 0; i < 20_000; i += 1) insert.run(10);
    world.db.exec(`UPDATE jobs SET status = 'Error' WHERE priority = 10`);
  });
  const late = await world.submit('late', { priority: 10 });
  const next = world.db
    .prepare(`SELECT id FROM jobs WHERE status = 'Received' ORDER BY rank, id`)
    .all<{ id: number }>()
    .map((row) => row.id);
  expect(next).toEqual([low, late]);
});

test('a wall clock that jumps a day forth and back neither reorders jobs nor ends a running attempt', async () => {
  let now = Date.parse('2026-06-01T00:00:00Z');
  const pipeline = heldPipeline();
  await using world = await openWorld({
    run: pipeline.run,
    concurrency: 1,
    clock: { now: () => now, monotonic: () => performance.now() },
    limits: { leaseMs: 30 },
  });
  const first = await world.submit('first');
  const running = await pipeline.next();
  await world.submit('second');
  now += 86_400_000;
  await world.submit('third');
  now -= 2 * 86_400_000;
  await world.submit('fourth');
  // Several beats of the heart under the changed clock.
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(running.signal.aborted).toBe(false);
  running.finish();
  expect(await world.ended(first)).toMatchObject({ status: 'Done', attempt: 1 });
  const order: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const run = await pipeline.next();
    order.push(run.text);
    run.finish();
  }
  expect(order).toEqual(['second', 'third', 'fourth']);
});

test('durations come from the monotonic clock', async () => {
  let now = Date.parse('2026-06-01T00:00:00Z');
  let time = 1_000;
  const pipeline = heldPipeline();
  await using world = await openWorld({
    run: pipeline.run,
    concurrency: 1,
    clock: { now: () => now, monotonic: () => time },
  });
  await world.submit('first');
  const first = await pipeline.next();
  const second = await world.submit('second');
  time += 250;
  now -= 86_400_000;
  first.finish();
  (await pipeline.next()).finish();
  expect((await world.ended(second)).timings_ms).toMatchObject({ queue: 250, store: 0 });
});

test('never more attempts at once than there are slots, however the jobs come', async () => {
  let running = 0;
  let most = 0;
  await using world = await openWorld({
    concurrency: 3,
    run: async (request, context) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return printText(request, context);
    },
  });
  const ids = await Promise.all(Array.from({ length: 60 }, (_, i) => world.submit(`job ${i}`)));
  for (const id of ids) expect((await world.ended(id)).status).toBe('Done');
  expect(most).toBe(3);
});
