import { describe, expect, test } from 'vitest';
import { Job, type JobChanged } from '../../../contract/job.ts';
import { ADMIN, ALICE, BOB, heldPipeline, NEVER, openWorld } from '../../support/job-world.ts';

describe('changes', () => {
  test('every listener that may see a job is told of it, with ids that grow', async () => {
    await using world = await openWorld();
    const heard = { alice: [] as JobChanged[], bob: [] as JobChanged[], admin: [] as JobChanged[] };
    world.queue.onChange(ALICE, undefined, (change) => heard.alice.push(change));
    world.queue.onChange(BOB, 0, (change) => heard.bob.push(change));
    const dispose = world.queue.onChange(ADMIN, undefined, (change) => heard.admin.push(change));
    const first = await world.submit('a');
    await world.ended(first);
    expect(heard.bob).toEqual([]);
    expect(heard.admin).toEqual(heard.alice);
    expect(heard.alice.at(-1)?.job.status).toBe('Done');
    const ids = heard.alice.map((change) => change.event_id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    dispose();
    const before = heard.admin.length;
    await world.ended(await world.submit('b'));
    expect(heard.admin).toHaveLength(before);
    for (const { job } of heard.alice) expect(Job.parse(job)).toEqual(job);
  });

  test('the stage of a running job is seen in its progress', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run, concurrency: 1 });
    const id = await world.submit('x');
    const run = await pipeline.next();
    const seen: unknown[] = [];
    world.queue.onChange(ALICE, undefined, ({ job }) => seen.push(job.progress));
    run.enter('render');
    run.enter('print');
    const waiting = await world.submit('y');
    expect(world.queue.get(id, ALICE).progress).toEqual({ stage: 'print', done: 1, total: 3 });
    expect(world.queue.get(waiting, ALICE).progress).toEqual({ stage: 'queue', done: 0, total: 3 });
    expect(seen.slice(0, 2)).toEqual([
      { stage: 'render', done: 0, total: 3 },
      { stage: 'print', done: 1, total: 3 },
    ]);
  });

  test('a listener that comes back is told once of each job that changed, also across a restart', async () => {
    const before = await openWorld();
    const heard: JobChanged[] = [];
    before.queue.onChange(ALICE, undefined, (change) => heard.push(change));
    await before.ended(await before.submit('seen'));
    const last = heard.at(-1)?.event_id ?? 0;
    const missed = [await before.submit('missed 1'), await before.submit('missed 2', {}, BOB)];
    for (const id of missed) await before.ended(id);
    await before.close();
    await using world = await openWorld({ folder: before.folder });
    const replayed: JobChanged[] = [];
    world.queue.onChange(ALICE, last, (change) => replayed.push(change));
    expect(replayed.map(({ job }) => [job.id, job.status])).toEqual([[missed[0], 'Done']]);
    expect(replayed[0]?.event_id).toBeGreaterThan(last);
    await world.ended(await world.submit('new'));
    const ids = replayed.map((change) => change.event_id);
    expect(new Set(ids.slice(0, 2)).size).toBe(2);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  test('ids grow even when the newest job was deleted before a restart', async () => {
    const before = await openWorld();
    const heard: JobChanged[] = [];
    before.queue.onChange(ALICE, undefined, (change) => heard.push(change));
    await before.ended(await before.submit('kept'));
    const id = await before.submit('deleted');
    await before.ended(id);
    const last = heard.at(-1)?.event_id ?? 0;
    await before.queue.delete(id, ALICE);
    await before.close();
    await using world = await openWorld({ folder: before.folder });
    const after: JobChanged[] = [];
    world.queue.onChange(ALICE, last, (change) => after.push(change));
    await world.ended(await world.submit('new'));
    expect(after.length).toBeGreaterThan(0);
    for (const change of after) expect(change.event_id).toBeGreaterThan(last);
  });

  test('what a listener throws harms neither the job nor the other listeners', async () => {
    await using world = await openWorld();
    let heard = 0;
    world.queue.onChange(ALICE, undefined, () => {
      throw new Error('bad listener');
    });
    world.queue.onChange(ALICE, undefined, () => (heard += 1));
    expect((await world.ended(await world.submit('x'))).status).toBe('Done');
    expect(heard).toBeGreaterThan(0);
  });
});

describe('waiting for the end', () => {
  test('two hundred waiters are told at once, without asking again', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('x');
    const run = await pipeline.next();
    const waiters = Array.from({ length: 200 }, () => world.queue.waitUntilEnded(id, ALICE, 600_000, NEVER));
    run.finish();
    for (const job of await Promise.all(waiters)) expect(job.status).toBe('Done');
  });

  test('the wait ends with the time, with an abort, and at once for what has ended', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('x');
    const run = await pipeline.next();
    expect((await world.queue.waitUntilEnded(id, ALICE, 10, NEVER)).status).toBe('InProgress');
    const abort = new AbortController();
    const aborted = world.queue.waitUntilEnded(id, ALICE, 600_000, abort.signal);
    abort.abort();
    expect((await aborted).status).toBe('InProgress');
    run.finish();
    await world.ended(id);
    expect((await world.queue.waitUntilEnded(id, ALICE, 600_000, NEVER)).status).toBe('Done');
  });

  test('a wait through a retry goes on until the real end', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('x');
    const waiting = world.queue.waitUntilEnded(id, ALICE, 600_000, NEVER);
    const { InfluxionError } = await import('../../../core/error.ts');
    (await pipeline.next()).fail(new InfluxionError('ENGINE_CRASHED', 'crash'));
    (await pipeline.next()).finish();
    expect(await waiting).toMatchObject({ status: 'Done', attempt: 2 });
  });
});

test('a backlog of thousands drains to its end, and its newest and oldest are as quick to ask for as any', async () => {
  await using world = await openWorld({ concurrency: 32, started: false });
  const ids = await Promise.all(Array.from({ length: 1_500 }, (_, i) => world.submit(`job ${i}`)));
  expect(world.queue.counts().received).toBe(1_500);
  await world.queue.start();
  for (const id of ids) await world.ended(id);
  expect(world.queue.counts()).toEqual({ received: 0, inProgress: 0, done: 1_500, error: 0 });
}, 90_000);
