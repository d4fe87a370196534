import { expect, test } from 'vitest';
import { createLeaseWatch } from '../../../core/jobs/lease-watch.ts';
import { ADMIN, ALICE, heldPipeline, openWorld, resultOf } from '../../support/job-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { listFiles, verifyDataFolder } from '../../support/job-folder.ts';

const row = (id: number, attempt: number, beat: number) => ({ id, attempt, tries: attempt, beat });

test('a lease runs out when the heart stands still, not when time passes', () => {
  const watch = createLeaseWatch(1_000);
  expect(watch.expired([row(1, 1, 0), row(2, 1, 0)], 0)).toEqual([]);
  expect(watch.expired([row(1, 1, 1), row(2, 1, 0)], 900)).toEqual([]);
  expect(watch.expired([row(1, 1, 1), row(2, 1, 0)], 1_100)).toEqual([row(2, 1, 0)]);
  expect(watch.expired([row(1, 1, 1)], 1_899)).toEqual([]);
  // A new attempt begins its own lease.
  expect(watch.expired([row(1, 2, 1)], 2_500)).toEqual([]);
  expect(watch.watching).toBe(true);
  expect(watch.expired([], 2_600)).toEqual([]);
  expect(watch.watching).toBe(false);
});

test('a job that waited longer than a lease before it was claimed is not taken back while it runs', async () => {
  let time = 0;
  const pipeline = heldPipeline();
  await using world = await openWorld({
    run: pipeline.run,
    concurrency: 1,
    clock: { now: () => Date.now(), monotonic: () => time },
    limits: { leaseMs: 30, attemptMs: 1e12 },
  });
  await world.submit('long');
  const first = await pipeline.next();
  const second = await world.submit('patient');
  time += 10_000_000;
  first.finish();
  const run = await pipeline.next();
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(pipeline.begun).toBe(2);
  expect(run.signal.aborted).toBe(false);
  run.finish();
  expect(await world.ended(second)).toMatchObject({ status: 'Done', attempt: 1 });
});

test('an attempt that another process has superseded is stopped by its heartbeat and leaves nothing', async () => {
  let time = 0;
  const pipeline = heldPipeline();
  await using world = await openWorld({
    run: pipeline.run,
    clock: { now: () => Date.now(), monotonic: () => time },
    limits: { leaseMs: 30, attemptMs: 1e9 },
  });
  const id = await world.submit('taken');
  const run = await pipeline.next();
  world.db.prepare(`UPDATE jobs SET attempt = attempt + 1, owner = 'another' WHERE id = ?`).run(id);
  const aborted = new Promise<void>((resolve) => {
    run.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  time += 1_000;
  await aborted;
  expect(world.queue.get(id, ADMIN)).toMatchObject({ status: 'InProgress', attempt: 2 });
});

test('two processes that both finish one job: the one with the token wins, the other removes its document', async () => {
  const stalePipeline = heldPipeline();
  const freshPipeline = heldPipeline();
  const stale = await openWorld({ folder: temporaryFolder(), run: stalePipeline.run });
  const id = await stale.submit('x');
  const staleRun = await stalePipeline.next();
  const fresh = await openWorld({ run: freshPipeline.run, folder: stale.folder });
  const freshRun = await freshPipeline.next();
  freshRun.finish();
  const done = await fresh.ended(id);
  staleRun.finish(resultOf('something else'));
  await stale.close();
  expect(fresh.queue.get(id, ALICE)).toEqual(done);
  expect(listFiles(`${fresh.folder}/output`)).toEqual([`000000/${id}-2.pdf`]);
  await fresh.close();
  expect(verifyDataFolder(fresh.folder, [id]).faults).toEqual([]);
});

test('the token is asked for before the stale one wins too: late success over a running attempt is ignored', async () => {
  const stalePipeline = heldPipeline();
  const freshPipeline = heldPipeline();
  const stale = await openWorld({ folder: temporaryFolder(), run: stalePipeline.run });
  const id = await stale.submit('x');
  const staleRun = await stalePipeline.next();
  const fresh = await openWorld({ run: freshPipeline.run, folder: stale.folder });
  const freshRun = await freshPipeline.next();
  staleRun.finish();
  await stale.close();
  expect(fresh.queue.get(id, ALICE)).toMatchObject({ status: 'InProgress', attempt: 2 });
  freshRun.finish();
  expect(await fresh.ended(id)).toMatchObject({ status: 'Done', attempt: 2 });
  await fresh.close();
  expect(verifyDataFolder(fresh.folder, [id]).faults).toEqual([]);
});
