import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { JobListQuery } from '../../../contract/job.ts';
import { InfluxionError } from '../../../core/error.ts';
import { INLINE_LIMIT } from '../../../core/jobs/payload-store.ts';
import { ADMIN, ALICE, BOB, heldPipeline, openWorld, requestOf } from '../../support/job-world.ts';

const query = (more: Record<string, unknown> = {}) => JobListQuery.parse(more);

describe('accepting', () => {
  test('the job and its payload are on the disk when submit resolves', async () => {
    await using world = await openWorld({ started: false });
    const id = await world.submit('durable');
    const other = new DatabaseSync(join(world.folder, 'influxion.db'), { readOnly: true });
    expect(other.prepare('SELECT id, status FROM jobs').all()).toMatchObject([{ id, status: 'Received' }]);
    expect(other.prepare('SELECT body FROM job_payloads').get()?.['body']).toContain('durable');
    other.close();
  });

  test('a job is run with the request as it was sent and ends as Done with its facts', async () => {
    await using world = await openWorld();
    const id = await world.submit('hello', { document_id: 'doc 7', priority: 2 });
    const job = await world.ended(id);
    expect(job).toMatchObject({
      id,
      status: 'Done',
      document_id: 'doc 7',
      priority: 2,
      attempt: 1,
      pages: 1,
      error: null,
      error_detail: null,
      progress: null,
      warnings: [],
      timings_ms: { render: 1.3, print: 2 },
    });
    expect(job.timings_ms.queue).toBeGreaterThanOrEqual(0);
    expect(job.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(world.states(id)).toEqual(['Received 0', 'InProgress 1', 'Done 1']);
  });

  test('a full queue is QUEUE_FULL with the time to wait, and running jobs do not count', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run, concurrency: 1, limits: { maxQueued: 2 } });
    const running = await world.submit('running');
    const held = await pipeline.next();
    await world.submit('waiting 1');
    await world.submit('waiting 2');
    await expect(world.submit('too much')).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      details: { retryAfterSeconds: expect.any(Number) as number },
    });
    held.finish();
    await world.ended(running);
    await world.submit('fits again');
  });

  test('another depth holds at once: a setting that waits for a restart would be thought broken', async () => {
    await using world = await openWorld({ started: false, limits: { maxQueued: 1 } });
    await world.submit('waiting');
    await expect(world.submit('too much')).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    world.queue.setMaxQueued(2);
    await world.submit('fits');
    await expect(world.submit('too much again')).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  });

  test('parallel submissions cannot slip past the depth together', async () => {
    await using world = await openWorld({ started: false, limits: { maxQueued: 5 } });
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => world.submit(`job ${i}`)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(5);
    expect(world.queue.counts().received).toBe(5);
  });

  test('a disk below its floor is DISK_FULL before anything is written', async () => {
    let free = 100;
    let asked = 0;
    let time = 0;
    await using world = await openWorld({
      limits: { minFreeBytes: 1_000 },
      clock: { now: () => Date.now(), monotonic: () => time },
      freeBytes: () => {
        asked += 1;
        return Promise.resolve(free);
      },
    });
    for (let i = 0; i < 10; i += 1) {
      await expect(world.submit('x')).rejects.toMatchObject({
        code: 'DISK_FULL',
        details: { retryAfterSeconds: expect.any(Number) as number },
      });
    }
    expect(asked).toBe(2);
    expect(world.queue.counts()).toEqual({ received: 0, inProgress: 0, done: 0, error: 0 });
    free = 1_000_000;
    time += 5_000;
    await world.submit('x');
  });

  test('what admission refuses leaves no trace, and what it finds out is on the job', async () => {
    await using world = await openWorld({
      admit: (request) => {
        if (request.html_template.id === 'letter') return { templateId: 'letter', pdfStandard: null };
        throw new InfluxionError('TEMPLATE_NOT_FOUND', 'There is no template "letterr".');
      },
    });
    await expect(
      world.queue.submit(requestOf('x', { html_template: { id: 'letterr' } }), { caller: ALICE }),
    ).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    const id = await world.submit('x', { html_template: { id: 'letter' } });
    expect(world.queue.get(id, ALICE).template_id).toBe('letter');
    expect(world.queue.list(query(), ADMIN).jobs).toHaveLength(1);
  });

  test('a large request is kept in a file of its own, whole, and goes with its job', async () => {
    const text = 'ä€😀'.repeat(INLINE_LIMIT / 4);
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run, limits: { requestCacheBytes: 0 } });
    const id = await world.submit(text);
    const held = await pipeline.next();
    expect(held.text).toBe(text);
    held.finish();
    await world.ended(id);
    const files = () => readdirSync(join(world.folder, 'payloads'));
    expect(files()).toHaveLength(1);
    await world.queue.delete(id, ALICE);
    expect(files()).toHaveLength(0);
  });

  test('ids never come again, so a deleted job can not be mistaken for a later one', async () => {
    await using world = await openWorld();
    const first = await world.submit('a');
    await world.ended(first);
    await world.queue.delete(first, ALICE);
    expect(await world.submit('b')).toBeGreaterThan(first);
  });
});

describe('who sees what', () => {
  test("another client's job does not exist, whatever is asked of it", async () => {
    await using world = await openWorld();
    const id = await world.submit('private');
    await world.ended(id);
    const { queue } = world;
    const missing = { code: 'JOB_NOT_FOUND' };
    const signal = new AbortController().signal;
    expect(() => queue.get(id, BOB)).toThrow(expect.objectContaining(missing) as Error);
    expect(() => queue.openOutput(id, BOB)).toThrow(expect.objectContaining(missing) as Error);
    expect(() => queue.history(id, BOB)).toThrow(expect.objectContaining(missing) as Error);
    await expect(queue.delete(id, BOB)).rejects.toMatchObject(missing);
    await expect(queue.retry(id, BOB)).rejects.toMatchObject(missing);
    await expect(queue.waitUntilEnded(id, BOB, 1, signal)).rejects.toMatchObject(missing);
    expect(queue.list(query(), BOB).jobs).toEqual([]);
    expect(queue.get(id, ADMIN).id).toBe(id);
    for (const odd of [0, -1, 1.5, NaN, Infinity, 2 ** 60]) {
      expect(() => queue.get(odd, ADMIN)).toThrow(expect.objectContaining(missing) as Error);
    }
  });
});

describe('the list', () => {
  test('pages hold every job once, newest first, also while new ones come in', async () => {
    await using world = await openWorld({ started: false });
    const ids: number[] = [];
    for (let i = 0; i < 7; i += 1) ids.unshift(await world.submit(`job ${i}`));
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = world.queue.list(query({ limit: 3, ...(cursor === null ? {} : { cursor }) }), ALICE);
      seen.push(...page.jobs.map((job) => job.id));
      cursor = page.next_cursor;
      await world.submit('in between');
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  });

  test('filters hold together', async () => {
    let now = Date.parse('2026-03-01T00:00:00Z');
    await using world = await openWorld({
      started: false,
      clock: { now: () => now, monotonic: () => performance.now() },
    });
    const old = await world.submit('old', { document_id: 'a' });
    now = Date.parse('2026-03-02T00:00:00Z');
    const fresh = await world.submit('fresh', { document_id: 'a' });
    await world.submit('other', { document_id: 'b' });
    const bobs = await world.submit('bob', { document_id: 'a' }, BOB);
    await world.queue.delete(old, ALICE);
    const ids = (more: Record<string, unknown>, caller = ADMIN) =>
      world.queue.list(query(more), caller).jobs.map((job) => job.id);
    expect(ids({ document_id: 'a' })).toEqual([bobs, fresh, old]);
    expect(ids({ document_id: 'a' }, ALICE)).toEqual([fresh, old]);
    expect(ids({ document_id: 'a', status: 'Error' })).toEqual([old]);
    expect(ids({ document_id: 'a', created_after: '2026-03-01T12:00:00+01:00' })).toEqual([bobs, fresh]);
    expect(ids({ created_after: '2026-03-05T00:00:00Z' })).toEqual([]);
    expect(ids({ template_id: 'none' })).toEqual([]);
  });

  test('a cursor of other making is a fault of the request', async () => {
    await using world = await openWorld({ started: false });
    for (const cursor of ['x', '0', '-1', '1 OR 1=1', '1e3']) {
      expect(() => world.queue.list(query({ cursor }), ALICE)).toThrow(
        expect.objectContaining({ code: 'VALIDATION_FAILED' }) as Error,
      );
    }
  });

  test('no list reads the whole table: each filter has its index', async () => {
    await using world = await openWorld({ started: false });
    const plan = (where: string) =>
      world.db
        .prepare(`EXPLAIN QUERY PLAN SELECT * FROM jobs ${where} ORDER BY id DESC LIMIT 50`)
        .all<{ detail: string }>()
        .map((row) => row.detail)
        .join('; ');
    expect(plan(`WHERE client_id = 'a'`)).toContain('jobs_by_client');
    expect(plan(`WHERE document_id = 'a'`)).toContain('jobs_by_document');
    expect(plan(`WHERE template_id = 'a'`)).toContain('jobs_by_template');
    expect(plan(`WHERE status = 'Error'`)).toContain('jobs_in_error');
    expect(plan(`WHERE +client_id = 'a' AND status = 'Error'`)).toContain('jobs_in_error');
    expect(
      plan(`WHERE id IN (SELECT id FROM jobs INDEXED BY jobs_received WHERE status = 'Received')`),
    ).not.toContain('SCAN jobs;');
    expect(
      plan(`WHERE id >= (SELECT min(id) FROM jobs INDEXED BY jobs_by_creation WHERE created_at > 5)`),
    ).toContain('jobs_by_creation');
    for (const where of ['', `WHERE client_id = 'a'`, `WHERE status = 'Done'`]) {
      expect(plan(where)).not.toContain('TEMP B-TREE');
    }
  });
});
