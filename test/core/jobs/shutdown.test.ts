import { expect, test } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { verifyDataFolder } from '../../support/job-folder.ts';
import { ADMIN, ALICE, heldPipeline, NEVER, openWorld, requestOf } from '../../support/job-world.ts';

test('a drain lets running jobs finish, begins no others and accepts no more', async () => {
  const pipeline = heldPipeline();
  const world = await openWorld({ folder: temporaryFolder(), run: pipeline.run, concurrency: 1 });
  const running = await world.submit('running');
  const held = await pipeline.next();
  const waiting = await world.submit('waiting');
  const drained = world.queue.drain(20_000);
  await expect(world.submit('late')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  held.finish();
  await drained;
  expect(world.queue.get(running, ADMIN).status).toBe('Done');
  expect(world.queue.get(waiting, ADMIN).status).toBe('Received');
  expect(pipeline.begun).toBe(1);
  await world.close();
});

test('what outlasts the budget stays InProgress, is taken up at once by the next process and is not held against the job', async () => {
  const pipeline = heldPipeline();
  let world = await openWorld({
    folder: temporaryFolder(),
    run: pipeline.run,
    retry: { maxAttempts: 1, poisonAttempts: 1 },
  });
  const { folder } = world;
  const id = await world.submit('long');
  for (let restart = 0; restart < 3; restart += 1) {
    const held = await pipeline.next();
    await world.queue.drain(10);
    expect(held.signal.aborted).toBe(true);
    expect(world.queue.get(id, ADMIN).status).toBe('InProgress');
    await world.close();
    world = await openWorld({ run: pipeline.run, folder, retry: { maxAttempts: 1, poisonAttempts: 1 } });
  }
  (await pipeline.next()).finish();
  expect(await world.ended(id)).toMatchObject({ status: 'Done', attempt: 4 });
  await world.close();
  expect(verifyDataFolder(folder, [id]).faults).toEqual([]);
});

test('an attempt that ignores the stop does not keep the host from ending', async () => {
  const pipeline = heldPipeline({ deaf: true });
  const world = await openWorld({ folder: temporaryFolder(), run: pipeline.run });
  const id = await world.submit('deaf');
  const held = await pipeline.next();
  await world.close();
  held.finish();
  await using next = await openWorld({ folder: world.folder });
  expect(await next.ended(id)).toMatchObject({ status: 'Done', attempt: 2 });
});

test('an engine that was closed first is no failure of the job', async () => {
  const pipeline = heldPipeline();
  const world = await openWorld({
    folder: temporaryFolder(),
    run: pipeline.run,
    retry: { maxAttempts: 1, poisonAttempts: 1 },
  });
  const id = await world.submit('x');
  const held = await pipeline.next();
  const drained = world.queue.drain(20_000);
  held.fail(new InfluxionError('SHUTTING_DOWN', 'The engine is closed.'));
  await drained;
  expect(world.queue.get(id, ADMIN).status).toBe('InProgress');
  await world.close();
});

test('a second, impatient stop cuts the budget of the first short', async () => {
  const pipeline = heldPipeline();
  const world = await openWorld({ folder: temporaryFolder(), run: pipeline.run });
  await world.submit('x');
  await pipeline.next();
  const patient = world.queue.drain(600_000);
  await world.close();
  await patient;
});

test('those who wait for a job are released when the queue closes', async () => {
  const pipeline = heldPipeline();
  const world = await openWorld({ folder: temporaryFolder(), run: pipeline.run });
  const id = await world.submit('x');
  await pipeline.next();
  const waiting = world.queue.waitUntilEnded(id, ALICE, 600_000, NEVER);
  await world.close();
  expect((await waiting).status).toBe('InProgress');
});

test('a submission that is being looked at when the stop comes is refused, not half accepted', async () => {
  let admit: (() => void) | undefined;
  const world = await openWorld({
    folder: temporaryFolder(),
    admit: () =>
      new Promise((resolve) => {
        admit = () => {
          resolve({ templateId: null, pdfStandard: null });
        };
      }),
  });
  const submitted = world.queue.submit(requestOf('x'), { caller: ALICE });
  await expect.poll(() => admit).toBeDefined();
  const drained = world.queue.drain(1_000);
  admit?.();
  await expect(submitted).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await drained;
  await world.close();
  expect(verifyDataFolder(world.folder, [])).toMatchObject({ jobs: 0, faults: [] });
});
