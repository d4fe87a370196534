import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { ADMIN, ALICE, heldPipeline, openWorld } from '../../support/job-world.ts';
import { listFiles } from '../../support/job-folder.ts';

test('a waiting job is cancelled at once and never runs', async () => {
  const pipeline = heldPipeline();
  await using world = await openWorld({ run: pipeline.run, concurrency: 1 });
  await world.submit('running');
  const running = await pipeline.next();
  const id = await world.submit('waiting');
  expect(await world.queue.delete(id, ALICE)).toBe('cancelled');
  expect(world.queue.get(id, ALICE)).toMatchObject({
    status: 'Error',
    error: 'The job was cancelled.',
    error_detail: { code: 'JOB_CANCELLED' },
  });
  running.finish();
  const last = await world.submit('last');
  const next = await pipeline.next();
  expect(next.text).toBe('last');
  next.finish();
  await world.ended(last);
  expect(pipeline.begun).toBe(2);
});

test('cancelling a running job stops its work and frees its slot', async () => {
  const pipeline = heldPipeline();
  await using world = await openWorld({ run: pipeline.run, concurrency: 1 });
  const id = await world.submit('running');
  const run = await pipeline.next();
  run.enter('print');
  expect(await world.queue.delete(id, ALICE)).toBe('cancelled');
  expect(run.signal.aborted).toBe(true);
  expect(await world.ended(id)).toMatchObject({ status: 'Error', error_detail: { code: 'JOB_CANCELLED' } });
  await world.submit('next');
  (await pipeline.next()).finish();
  expect(world.states(id)).toEqual(['Received 0', 'InProgress 1', 'Error 1']);
});

test('work that ends in spite of its cancellation makes no document and no second end', async () => {
  const pipeline = heldPipeline({ deaf: true });
  await using world = await openWorld({ run: pipeline.run, concurrency: 1 });
  const id = await world.submit('deaf');
  const run = await pipeline.next();
  await world.queue.delete(id, ALICE);
  run.finish();
  const after = await world.submit('after');
  (await pipeline.next()).finish();
  await world.ended(after);
  expect(world.states(id)).toEqual(['Received 0', 'InProgress 1', 'Error 1']);
  expect(listFiles(join(world.folder, 'output')).filter((file) => file.includes(`/${id}-`))).toEqual([]);
});

test('a cancelled job that is retried at once runs anew beside the attempt that still winds down', async () => {
  const pipeline = heldPipeline({ deaf: true });
  await using world = await openWorld({ run: pipeline.run, concurrency: 2 });
  const id = await world.submit('twice');
  const old = await pipeline.next();
  await world.queue.delete(id, ALICE);
  await world.queue.retry(id, ALICE);
  const fresh = await pipeline.next();
  old.finish();
  fresh.finish();
  const job = await world.ended(id);
  expect(job).toMatchObject({ status: 'Done', attempt: 2 });
  await world.queue.close();
  expect(listFiles(join(world.folder, 'output'))).toEqual([`000000/${id}-2.pdf`]);
});

test('a job that waits for its retry can be cancelled and is not woken', async () => {
  const pipeline = heldPipeline();
  await using world = await openWorld({
    run: pipeline.run,
    random: () => 1,
    retry: { baseMs: 40, capMs: 40 },
  });
  const id = await world.submit('x');
  const received = new Promise<void>((resolve) => {
    world.queue.onChange(ADMIN, undefined, ({ job }) => {
      if (job.status === 'Received' && job.attempt === 1) resolve();
    });
  });
  (await pipeline.next()).fail(new InfluxionError('ENGINE_CRASHED', 'crash'));
  await received;
  await world.queue.delete(id, ALICE);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(pipeline.begun).toBe(1);
  expect(world.queue.get(id, ALICE).error_detail?.code).toBe('JOB_CANCELLED');
});

test('deleting a finished job removes its document, its payload and its history', async () => {
  await using world = await openWorld();
  const id = await world.submit('gone');
  await world.ended(id);
  const { path } = world.queue.openOutput(id, ALICE);
  expect(existsSync(path)).toBe(true);
  expect(await world.queue.delete(id, ALICE)).toBe('deleted');
  expect(existsSync(path)).toBe(false);
  expect(() => world.queue.get(id, ALICE)).toThrow(InfluxionError);
  for (const table of ['job_payloads', 'job_states']) {
    expect(world.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toMatchObject({ n: 0 });
  }
  expect(world.queue.counts().done).toBe(0);
});

test('two deletions of one finished job count it once', async () => {
  await using world = await openWorld();
  const id = await world.submit('x');
  await world.ended(id);
  const results = await Promise.allSettled([world.queue.delete(id, ALICE), world.queue.delete(id, ALICE)]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(world.queue.counts()).toEqual({ received: 0, inProgress: 0, done: 0, error: 0 });
});

test('a cancellation that races with the end of the job leaves one end, not two', async () => {
  await using world = await openWorld({ concurrency: 4 });
  for (let round = 0; round < 40; round += 1) {
    const id = await world.submit(`race ${round}`);
    for (let turns = 0; turns < round % 8; turns += 1) await new Promise(setImmediate);
    const answer = await world.queue.delete(id, ALICE);
    if (answer === 'deleted') continue;
    const ends = world.states(id).filter((state) => /Done|Error/.test(state));
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatch(/^Error/);
  }
  await world.queue.close();
  expect(listFiles(join(world.folder, 'output'))).toEqual([]);
});
