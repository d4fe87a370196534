import { expect, test } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { ADMIN, ALICE, BOB, openWorld, requestOf } from '../../support/job-world.ts';

const DAY = 86_400_000;

test('twenty parallel posts with one key make one job and all get its id', async () => {
  await using world = await openWorld({
    // The first one is still being looked at when the others come.
    admit: () => new Promise((resolve) => setImmediate(resolve, { templateId: null, pdfStandard: null })),
  });
  const results = await Promise.all(
    Array.from({ length: 20 }, () =>
      world.queue.submit(requestOf('once'), { caller: ALICE, idempotencyKey: 'k' }),
    ),
  );
  expect(new Set(results.map((result) => result.id)).size).toBe(1);
  expect(results.filter((result) => !result.replayed)).toHaveLength(1);
  const { received, inProgress, done } = world.queue.counts();
  expect(received + inProgress + done).toBe(1);
});

test('the same key with another request is refused, in flight and later', async () => {
  await using world = await openWorld();
  const submit = (text: string) =>
    world.queue.submit(requestOf(text), { caller: ALICE, idempotencyKey: 'k' });
  const [first, clash] = await Promise.allSettled([submit('one'), submit('two')]);
  expect(first.status).toBe('fulfilled');
  expect(clash).toMatchObject({ reason: { code: 'IDEMPOTENCY_MISMATCH' } });
  await expect(submit('two')).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
});

test('a key belongs to its client', async () => {
  await using world = await openWorld();
  const a = await world.queue.submit(requestOf('x'), { caller: ALICE, idempotencyKey: 'k' });
  const b = await world.queue.submit(requestOf('y'), { caller: BOB, idempotencyKey: 'k' });
  expect(b.id).not.toBe(a.id);
  expect(b.replayed).toBe(false);
});

test('a refused request does not use its key up, and those that waited for it try for themselves', async () => {
  let refusals = 0;
  await using world = await openWorld({
    admit: async () => {
      await new Promise(setImmediate);
      refusals += 1;
      if (refusals <= 1) throw new InfluxionError('TEMPLATE_NOT_FOUND', 'Not yet.');
      return { templateId: null, pdfStandard: null };
    },
  });
  const results = await Promise.allSettled(
    [1, 2, 3].map(() => world.queue.submit(requestOf('x'), { caller: ALICE, idempotencyKey: 'k' })),
  );
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(world.queue.counts().received + world.queue.counts().inProgress + world.queue.counts().done).toBe(1);
});

test('a key survives a restart, the end of its job and even its deletion, for a day at least', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const clock = { now: () => now, monotonic: () => performance.now() };
  const options = { caller: ALICE, idempotencyKey: 'k' };
  const before = await openWorld({ clock });
  const { id } = await before.queue.submit(requestOf('x'), options);
  await before.ended(id);
  await before.close();
  // The job ran for long, so its key is counted from its end and not from its beginning.
  await using world = await openWorld({ clock, folder: before.folder });
  expect(await world.queue.submit(requestOf('x'), options)).toEqual({ id, replayed: true });
  await world.queue.delete(id, ADMIN);
  now += DAY;
  await world.queue.maintain();
  expect(await world.queue.submit(requestOf('x'), options)).toEqual({ id, replayed: true });
  now += 1.1 * DAY;
  await world.queue.maintain();
  expect((await world.queue.submit(requestOf('x'), options)).replayed).toBe(false);
});

test('the key of a job that has not ended is never forgotten', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  await using world = await openWorld({
    clock: { now: () => now, monotonic: () => performance.now() },
    started: false,
  });
  const options = { caller: ALICE, idempotencyKey: 'k' };
  const { id } = await world.queue.submit(requestOf('x'), options);
  now += 30 * DAY;
  await world.queue.maintain();
  expect(await world.queue.submit(requestOf('x'), options)).toEqual({ id, replayed: true });
});

test('a replay is answered even when the queue is full', async () => {
  await using world = await openWorld({ started: false, limits: { maxQueued: 1 } });
  const options = { caller: ALICE, idempotencyKey: 'k' };
  const { id } = await world.queue.submit(requestOf('x'), options);
  expect(await world.queue.submit(requestOf('x'), options)).toEqual({ id, replayed: true });
});
