import { describe, expect, test } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { retryDelay } from '../../../core/jobs/retry-policy.ts';
import { ADMIN, ALICE, heldPipeline, openWorld } from '../../support/job-world.ts';

const crashed = () => new InfluxionError('ENGINE_CRASHED', 'The browser engine stopped unexpectedly.');

describe('retries', () => {
  test('a transient failure is tried again and the job waits as Received in between', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('again');
    (await pipeline.next()).fail(crashed());
    (await pipeline.next()).finish();
    expect(await world.ended(id)).toMatchObject({
      status: 'Done',
      attempt: 2,
      error: null,
      error_detail: null,
    });
    expect(world.states(id)).toEqual(['Received 0', 'InProgress 1', 'Received 1', 'InProgress 2', 'Done 2']);
  });

  test('attempts run out and the last failure is the error', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('doomed');
    for (let i = 0; i < 3; i += 1) {
      const run = await pipeline.next();
      run.enter('print');
      run.fail(new InfluxionError('PRINT_TIMEOUT', 'The document was not printed within 60 s.'));
    }
    const job = await world.ended(id);
    expect(job).toMatchObject({
      status: 'Error',
      attempt: 3,
      error: 'The document was not printed within 60 s.',
      error_detail: { code: 'PRINT_TIMEOUT', stage: 'print' },
    });
    expect(pipeline.begun).toBe(3);
  });

  test('a browser that crashes under a job six times was crashed by it; fewer times may be chance', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('crasher');
    for (let i = 0; i < 6; i += 1) (await pipeline.next()).fail(crashed());
    expect(await world.ended(id)).toMatchObject({
      status: 'Error',
      attempt: 6,
      error_detail: { code: 'ENGINE_CRASHED' },
    });
  });

  test('a browser that does not start, however often, is held against no job', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('patient');
    for (let i = 0; i < 20; i += 1) {
      (await pipeline.next()).fail(new InfluxionError('ENGINE_START_FAILED', 'The browser did not start.'));
    }
    (await pipeline.next()).finish();
    expect(await world.ended(id)).toMatchObject({ status: 'Done', attempt: 21 });
  });

  test('a mistake of the template is told at once with its place and never tried again', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('mistake');
    const run = await pipeline.next();
    run.enter('render');
    run.fail(
      new InfluxionError('TEMPLATE_UNKNOWN_HELPER', 'There is no helper "uppr".', {
        hint: 'Did you mean "upper"?',
        template: 'html',
        line: 3,
        column: 7,
        sourceLine: '<p>{{uppr name}}</p>',
      }),
    );
    expect((await world.ended(id)).error_detail).toEqual({
      code: 'TEMPLATE_UNKNOWN_HELPER',
      stage: 'render',
      message: 'There is no helper "uppr".',
      hint: 'Did you mean "upper"?',
      template: 'html',
      line: 3,
      column: 7,
      source_line: '<p>{{uppr name}}</p>',
    });
    expect(pipeline.begun).toBe(1);
  });

  test('an unexpected failure keeps its details out of the job', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('bug');
    (await pipeline.next()).fail(new TypeError('cannot read /home/someone/secret'));
    const job = await world.ended(id);
    expect(job.error_detail?.code).toBe('INTERNAL');
    expect(JSON.stringify(job)).not.toContain('secret');
  });

  test('the wait grows, is capped, and is spread by chance', () => {
    const policy = { baseMs: 500, capMs: 30_000 };
    const longest = [1, 2, 3, 7, 8, 2_000].map((failed) => retryDelay(policy, failed, () => 0.999_999));
    expect(longest).toEqual([500, 1_000, 2_000, 30_000, 30_000, 30_000]);
    expect(retryDelay(policy, 5, () => 0)).toBe(0);
    expect(retryDelay(policy, 2, () => 0.5)).toBe(500);
  });

  test('a job that waits for its retry does not hold up the others', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({
      run: pipeline.run,
      concurrency: 1,
      random: () => 0.99,
      retry: { baseMs: 60_000, capMs: 60_000 },
    });
    const first = await world.submit('first');
    const second = await world.submit('second');
    (await pipeline.next()).fail(crashed());
    const next = await pipeline.next();
    expect(next.text).toBe('second');
    next.finish();
    await world.ended(second);
    expect(world.queue.get(first, ALICE)).toMatchObject({
      status: 'Received',
      error: null,
      error_detail: { code: 'ENGINE_CRASHED' },
    });
  });

  test('a failed job is retried on request with the same inputs, on a fresh count', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run, retry: { poisonAttempts: 1 } });
    const id = await world.submit('inputs');
    (await pipeline.next()).fail(crashed());
    await world.ended(id);
    expect(await world.queue.retry(id, ALICE)).toMatchObject({ error: null, error_detail: null });
    const run = await pipeline.next();
    expect(run.text).toBe('inputs');
    await expect(world.queue.retry(id, ALICE)).rejects.toMatchObject({ code: 'JOB_STATE' });
    run.finish();
    expect(await world.ended(id)).toMatchObject({ status: 'Done', attempt: 2 });
    await expect(world.queue.retry(id, ALICE)).rejects.toMatchObject({ code: 'JOB_STATE' });
    expect(world.queue.counts()).toEqual({ received: 0, inProgress: 0, done: 1, error: 0 });
  });
});

describe('poison', () => {
  test('a job that kills its host runs out of attempts, keeps its payload and says why', async () => {
    const pipeline = heldPipeline();
    let world = await openWorld({ run: pipeline.run });
    const { folder } = world;
    const id = await world.submit('poison');
    for (let death = 1; death <= 6; death += 1) {
      await pipeline.next();
      // What a killed process leaves: the row InProgress, nobody at work on it.
      world.db.close();
      world = await openWorld({ run: pipeline.run, folder });
      if (death < 6) expect(world.queue.get(id, ADMIN).attempt).toBe(death + 1);
    }
    expect(world.queue.get(id, ADMIN)).toMatchObject({
      status: 'Error',
      attempt: 6,
      error_detail: { code: 'JOB_POISON' },
    });
    expect(world.db.prepare('SELECT body FROM job_payloads').get()).toMatchObject({
      body: expect.stringContaining('poison') as string,
    });
    await world[Symbol.asyncDispose]();
  });

  test('poison in a backlog does not keep the others from being done', async () => {
    const pipeline = heldPipeline();
    let world = await openWorld({ run: pipeline.run, concurrency: 1 });
    const { folder } = world;
    const poison = await world.submit('poison');
    const others = [await world.submit('a'), await world.submit('b')];
    for (let death = 1; death <= 6; death += 1) {
      expect((await pipeline.next()).text).toBe('poison');
      world.db.close();
      world = await openWorld({ run: pipeline.run, folder, concurrency: 1 });
    }
    for (const id of others) {
      (await pipeline.next()).finish();
      expect((await world.ended(id)).status).toBe('Done');
    }
    expect(world.queue.get(poison, ADMIN).error_detail?.code).toBe('JOB_POISON');
    await world[Symbol.asyncDispose]();
  });
});

describe('attempts that do not end', () => {
  test('an attempt past its limit is stopped and counts as a timeout', async () => {
    let time = 0;
    const pipeline = heldPipeline();
    await using world = await openWorld({
      run: pipeline.run,
      clock: { now: () => Date.now(), monotonic: () => time },
      limits: { leaseMs: 60, attemptMs: 1_000 },
      retry: { maxAttempts: 1 },
    });
    const id = await world.submit('slow');
    const run = await pipeline.next();
    time = 1_001;
    expect(await world.ended(id)).toMatchObject({ status: 'Error', error_detail: { code: 'PRINT_TIMEOUT' } });
    expect(run.signal.aborted).toBe(true);
  });

  test('an attempt that ignores its abort loses the job but not its slot, so that both never run at once', async () => {
    let time = 0;
    const pipeline = heldPipeline({ deaf: true });
    await using world = await openWorld({
      run: pipeline.run,
      concurrency: 1,
      clock: { now: () => Date.now(), monotonic: () => time },
      limits: { leaseMs: 60, attemptMs: 1_000 },
      retry: { maxAttempts: 2 },
    });
    const id = await world.submit('hung');
    const hung = await pipeline.next();
    const released = new Promise<void>((resolve) => {
      const dispose = world.queue.onChange(ADMIN, undefined, ({ job }) => {
        if (job.status !== 'Received') return;
        dispose();
        resolve();
      });
    });
    time = 1_001;
    await new Promise<void>((resolve) => {
      hung.signal.addEventListener('abort', () => {
        resolve();
      });
    });
    time = 2_000;
    await released;
    expect(pipeline.begun).toBe(1);
    hung.finish();
    (await pipeline.next()).finish();
    expect(await world.ended(id)).toMatchObject({ status: 'Done', attempt: 2 });
  });
});
