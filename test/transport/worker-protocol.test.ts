/** The worker before a real broker: every message is answered once, acknowledged last, and none is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { InfluxionError } from '../../core/error.ts';
import { systemClock } from '../../core/ports.ts';
import { parseBrokerUrl } from '../../core/transport/celery/broker-url.ts';
import { connectBroker } from '../../core/transport/celery/connection.ts';
import { listDeadLetters, settleDeadLetters } from '../../core/transport/celery/dead-letters.ts';
import type { GeneratePdfResult } from '../../core/transport/celery/generate-pdf.ts';
import type { TaskMessage } from '../../core/transport/celery/task-message.ts';
import type { TaskQueue } from '../../core/transport/celery/topology.ts';
import type { Perform } from '../../core/transport/celery/worker/perform.ts';
import { startCeleryWorker, type CeleryWorkerDeps } from '../../core/transport/celery/worker/worker.ts';
import { celeryClient, type CeleryClient } from '../support/celery-client.ts';
import { silentLogger } from '../support/job-world.ts';
import { hasRabbitMq, startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
const SOON = { timeout: 20_000, interval: 20 };

let broker: TestBroker;
let queues = 0;
beforeAll(async () => {
  if (hasRabbitMq) broker = await startRabbitMq();
});
afterAll(() => broker[Symbol.asyncDispose]());

const DONE: GeneratePdfResult = {
  pdf: 'JVBERg==',
  url: null,
  size: 4,
  sha256: 'a'.repeat(64),
  pages: 1,
  warnings: [],
  timings_ms: {},
};

interface Held {
  readonly task: TaskMessage;
  readonly signal: AbortSignal;
  finish(): void;
  fail(error: unknown): void;
}

/** Work that waits for the test. */
function heldWork() {
  const begun: Held[] = [];
  const perform: Perform = (task, { signal }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      begun.push({ task, signal, finish: () => resolve(DONE), fail: reject });
    });
  const next = async (index: number): Promise<Held> => {
    await vi.waitFor(() => expect(begun.length).toBeGreaterThan(index), SOON);
    const held = begun[index];
    if (held === undefined) throw new Error('not begun');
    return held;
  };
  return { begun, perform, next };
}

const finishAtOnce: Perform = () => Promise.resolve(DONE);

const newQueue = (type: TaskQueue['type'] = 'classic'): TaskQueue => ({
  name: `work-${(queues += 1)}`,
  type,
});

interface World extends AsyncDisposable {
  readonly queue: string;
  readonly client: CeleryClient;
  close(budgetMs: number): Promise<void>;
}

async function world(deps: Partial<CeleryWorkerDeps> = {}): Promise<World> {
  const { queue = newQueue() } = deps;
  const client = await celeryClient(broker.url, queue.name, queue.type);
  const opened = Promise.withResolvers<undefined>();
  const worker = await startCeleryWorker({
    address: parseBrokerUrl(broker.url),
    queue,
    hostname: `test-${queues}@here`,
    version: '1.2.3',
    concurrency: 2,
    limits: { hardMs: 60_000, softMs: undefined },
    perform: finishAtOnce,
    clock: systemClock,
    logger: silentLogger,
    stopAsked: () => undefined,
    changed: (state) => {
      if (state === 'open') opened.resolve(undefined);
    },
    ...deps,
  });
  await opened.promise;
  let open = true;
  const close = async (budgetMs: number): Promise<void> => {
    if (open) await worker.close(budgetMs);
    open = false;
  };
  return {
    queue: queue.name,
    client,
    close,
    async [Symbol.asyncDispose]() {
      await close(0);
      await client[Symbol.asyncDispose]();
    },
  };
}

const answered = (client: CeleryClient, id: string, status: string) =>
  vi.waitFor(() => expect(client.resultOf(id)?.status).toBe(status), SOON);

describe.skipIf(!hasRabbitMq)('a worker', () => {
  test('answers a call with the result, and acknowledges it only then', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    const id = it.client.send({ kwargs: { html_template: { content: 'x' } } });
    const held = await work.next(0);
    expect(held.task.kwargs).toEqual({ html_template: { content: 'x' } });
    held.finish();
    await answered(it.client, id, 'SUCCESS');
    expect(it.client.resultOf(id)?.result).toEqual(DONE);
    await it.close(1_000);
    expect(await it.client.depth(it.queue)).toBe(0);
  });

  test('takes no more than its concurrency, so that others get the rest', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    for (let count = 0; count < 6; count += 1) it.client.send({});
    await work.next(1);
    await vi.waitFor(async () => expect(await it.client.depth(it.queue)).toBe(4), SOON);
    expect(work.begun).toHaveLength(2);
  });

  test('a failure is told with our code, and nothing is tried twice that cannot go better', async () => {
    let tries = 0;
    const perform: Perform = () => {
      tries += 1;
      return Promise.reject(new InfluxionError('TEMPLATE_SYNTAX', 'No.', { hint: 'Mend it.' }));
    };
    await using it = await world({ perform });
    const id = it.client.send({});
    await answered(it.client, id, 'FAILURE');
    expect(it.client.resultOf(id)?.result).toMatchObject({
      exc_type: 'TEMPLATE_SYNTAX',
      exc_message: ['No.'],
      influxion: { hint: 'Mend it.' },
    });
    expect(tries).toBe(1);
  });

  test('what may go better is tried again by the same id, with the number of tries, and told as RETRY', async () => {
    const seen: number[] = [];
    const perform: Perform = (task) => {
      seen.push(task.retries);
      if (task.retries < 2) return Promise.reject(new InfluxionError('ENGINE_CRASHED', 'It fell over.'));
      return Promise.resolve(DONE);
    };
    await using it = await world({ perform });
    const id = it.client.send({});
    await answered(it.client, id, 'SUCCESS');
    expect(seen).toEqual([0, 1, 2]);
    expect(it.client.results.filter(({ status }) => status === 'RETRY')).toHaveLength(2);
  });

  test('the job of an API host is not tried again here: the host counts its attempts', async () => {
    const perform: Perform = () => Promise.reject(new InfluxionError('ENGINE_CRASHED', 'It fell over.'));
    await using it = await world({ perform });
    const id = it.client.send({ kwargs: { job_id: 1, attempt: 1 } });
    await answered(it.client, id, 'FAILURE');
  });

  test('limits of time end a task: that of the message, and that of the worker', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform, limits: { hardMs: 60_000, softMs: 300 } });
    const byMessage = it.client.send({ timeLimitS: 0.1 });
    const byWorker = it.client.send({});
    await answered(it.client, byMessage, 'RETRY');
    await answered(it.client, byWorker, 'RETRY');
    expect(it.client.resultOf(byMessage)?.result).toMatchObject({ exc_type: 'PRINT_TIMEOUT' });
  });

  test('an expired task is not begun, and is told as revoked', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    const id = it.client.send({ expires: new Date(Date.now() - 1000).toISOString() });
    await answered(it.client, id, 'REVOKED');
    expect(it.client.resultOf(id)?.result).toMatchObject({ exc_message: ['expired'] });
    expect(work.begun).toHaveLength(0);
  });

  test('a task of later waits at the broker, not in the worker, and comes back when it is time', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform, concurrency: 1 });
    const eta = Date.now() + 3_500;
    it.client.send({ id: 'later', eta: new Date(eta).toISOString() });
    it.client.send({ id: 'now' });
    const first = await work.next(0);
    expect(first.task.id).toBe('now');
    first.finish();
    const second = await work.next(1);
    expect(second.task.id).toBe('later');
    expect(Date.now()).toBeGreaterThanOrEqual(eta);
    second.finish();
    await answered(it.client, 'later', 'SUCCESS');
  });

  test('a revoked task does not begin; a running one ends only when that is asked for', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    await it.client.ask('revoke', { task_id: 'waiting' });
    it.client.send({ id: 'waiting' });
    await answered(it.client, 'waiting', 'REVOKED');
    it.client.send({ id: 'running' });
    const held = await work.next(0);
    await it.client.ask('revoke', { task_id: ['running'] });
    expect(held.signal.aborted).toBe(false);
    await it.client.ask('revoke', { task_id: ['running'], terminate: true, signal: 'SIGTERM' });
    await answered(it.client, 'running', 'REVOKED');
    expect(held.signal.aborted).toBe(true);
    expect(it.client.resultOf('running')?.result).toMatchObject({ exc_message: ['terminated'] });
  });

  test('a task that is revoked while the worker holds it for the last second does not begin', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    it.client.send({ id: 'soon', eta: new Date(Date.now() + 1_450).toISOString() });
    await sleep(100);
    await it.client.ask('revoke', { task_id: 'soon' });
    await answered(it.client, 'soon', 'REVOKED');
    expect(work.begun).toHaveLength(0);
  });

  test('two deliveries of one task are one piece of work and two answers', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    it.client.send({ id: 'twin' });
    it.client.send({ id: 'twin' });
    const held = await work.next(0);
    await vi.waitFor(async () => expect(await it.client.depth(it.queue)).toBe(0), SOON);
    held.finish();
    await vi.waitFor(() => expect(it.client.results).toHaveLength(2), SOON);
    expect(work.begun).toHaveLength(1);
  });

  test.each([
    [
      'a pickle',
      Buffer.from('gASVgAAAAAAAAAAp', 'base64'),
      'application/x-python-serialize',
      /only application\/json/,
    ],
    ['garbage', Buffer.from('{{{'), 'application/json', /not valid JSON/],
  ])(
    '%s is never decoded but put among the dead letters with its reason',
    async (_name, body, type, reason) => {
      await using it = await world();
      await it.client.channel.assertQueue('influxion.dead', { durable: true });
      await it.client.channel.purgeQueue('influxion.dead');
      it.client.publish(body, {
        contentType: type,
        contentEncoding: 'binary',
        correlationId: 'bad',
        headers: { task: 'influxion.generate_pdf', id: 'bad' },
        ...(type === 'application/json' && { contentEncoding: 'utf-8' }),
      });
      await answered(it.client, 'bad', 'FAILURE');
      const [letter] = await dead();
      expect(letter).toMatchObject({ taskId: 'bad', queue: it.queue, size: body.length });
      expect(letter?.reason).toMatch(reason);
    },
  );

  test('an unknown task is a dead letter, can be sent back and dropped', async () => {
    await using it = await world();
    await it.client.channel.assertQueue('influxion.dead', { durable: true });
    await it.client.channel.purgeQueue('influxion.dead');
    it.client.send({ id: 'who', task: 'other.task' });
    await answered(it.client, 'who', 'FAILURE');
    expect(it.client.resultOf('who')?.result).toMatchObject({ exc_type: 'NotRegistered' });
    const [letter] = await dead();
    expect(letter).toMatchObject({ task: 'other.task', worker: expect.stringContaining('@here') as string });
    // It is still here and still nobody knows it, so it comes back.
    await withConnection((connection) => settleDeadLetters(connection, 'retry', [letter?.id ?? '']));
    await vi.waitFor(async () => expect(await dead()).toHaveLength(1), SOON);
    expect((await dead())[0]?.id).not.toBe(letter?.id);
    await withConnection((connection) => settleDeadLetters(connection, 'drop', undefined));
    expect(await dead()).toEqual([]);
  });

  test('a message whose workers keep dying is given up as poison', async () => {
    const queue = newQueue();
    await using it = await world({ queue });
    await it.client.channel.assertQueue('influxion.dead', { durable: true });
    await it.client.channel.purgeQueue('influxion.dead');
    await it.close(0);
    it.client.send({ id: 'poison' });
    // Each time the next worker counts.
    for (let death = 0; death < 6; death += 1) {
      await dieWithMessageOf(queue);
      const work = heldWork();
      const counting = await world({ queue, perform: work.perform });
      const isOver = (): boolean => it.client.resultOf('poison') !== undefined || work.begun.length > 0;
      await vi.waitFor(() => expect(isOver()).toBe(true), SOON);
      await counting.close(0);
      await counting[Symbol.asyncDispose]();
    }
    await answered(it.client, 'poison', 'FAILURE');
    expect(it.client.resultOf('poison')?.result).toMatchObject({ exc_type: 'JOB_POISON' });
    expect(await dead()).toMatchObject([{ taskId: 'poison' }]);
  });

  test.each([
    [5, 'done', 'SUCCESS', DONE],
    [6, 'given up as poison', 'FAILURE', { exc_type: 'JOB_POISON' }],
  ] as const)(
    'a message of a quorum queue after %i deaths, which the broker counts, is %s',
    async (deaths, _end, status, result) => {
      const queue = newQueue('quorum');
      await using client = await celeryClient(broker.url, queue.name, queue.type);
      const id = client.send({});
      for (let death = 0; death < deaths; death += 1) await dieWithMessageOf(queue);
      await using _worker = await world({ queue });
      await answered(client, id, status);
      expect(client.resultOf(id)?.result).toMatchObject(result);
      await vi.waitFor(async () => expect(await client.depth(queue.name)).toBe(0), SOON);
    },
  );

  test('at its end it finishes what it can within the budget and gives the rest back', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    it.client.send({ id: 'quick' });
    it.client.send({ id: 'slow' });
    it.client.send({ id: 'untouched' });
    const held = [await work.next(0), await work.next(1)];
    const closing = it.close(500);
    held.find(({ task }) => task.id === 'quick')?.finish();
    await closing;
    await answered(it.client, 'quick', 'SUCCESS');
    expect(it.client.resultOf('slow')).toBeUndefined();
    expect(await it.client.depth(it.queue)).toBe(2);
    expect(it.client.events.map(({ type }) => type)).toContain('worker-offline');
  });

  test('work goes on while the connection is lost, and the message that comes again gets its result', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    it.client.send({ id: 'through' });
    const held = await work.next(0);
    await broker.closeAllConnections();
    await using client = await celeryClient(broker.url, it.queue);
    // The caller's own queue went with its connection, so it asks again, by the same id.
    client.send({ id: 'through' });
    await vi.waitFor(async () => expect(await client.ask('ping')).toBeDefined(), SOON);
    held.finish();
    await answered(client, 'through', 'SUCCESS');
    expect(work.begun).toHaveLength(1);
    await vi.waitFor(async () => expect(await client.depth(it.queue)).toBe(0), SOON);
  });

  test('comes back after the broker was killed, and does what waited there', async () => {
    await using it = await world();
    await it.close(0);
    it.client.send({ id: 'survivor' });
    await vi.waitFor(async () => expect(await it.client.depth(it.queue)).toBe(1), SOON);
    const work = heldWork();
    const other = await world({ queue: { name: it.queue, type: 'classic' }, perform: work.perform });
    await work.next(0);
    await broker.crash();
    const again = await work.next(0);
    again.finish();
    await vi.waitFor(
      async () => {
        await using client = await celeryClient(broker.url, it.queue);
        expect(await client.depth(it.queue)).toBe(0);
      },
      { timeout: 30_000, interval: 500 },
    );
    expect(work.begun).toHaveLength(1);
    await other[Symbol.asyncDispose]();
  });

  test('a queue that is deleted is declared again', async () => {
    await using it = await world();
    await it.client.channel.deleteQueue(it.queue);
    await vi.waitFor(async () => expect(await it.client.depth(it.queue)).toBe(0), SOON);
    const id = it.client.send({});
    await answered(it.client, id, 'SUCCESS');
  });

  test('a task that ends after its message was lost is at work no longer: its host would wait in vain', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    it.client.send({ id: 'orphan' });
    const held = await work.next(0);
    await it.client.channel.deleteQueue(it.queue);
    await vi.waitFor(async () => expect(await it.client.depth(it.queue)).toBe(0), SOON);
    const known = async (): Promise<unknown> =>
      (await it.client.ask('query_task', { ids: ['orphan'] }))[`test-${queues}@here`];
    expect(await known()).toMatchObject({ orphan: ['active', {}] });
    held.finish();
    await vi.waitFor(async () => expect(await known()).toEqual({}), SOON);
  });

  test('tells of itself and of its tasks, and answers what Flower and celery inspect ask', async () => {
    const work = heldWork();
    await using it = await world({ perform: work.perform });
    it.client.send({ id: 'seen', kwargs: { document_id: 'D-1', data: { secret: 'Ada' } } });
    const held = await work.next(0);
    const node = `test-${queues}@here`;
    expect((await it.client.ask('ping'))[node]).toEqual({ ok: 'pong' });
    expect((await it.client.ask('stats'))[node]).toMatchObject({ pool: { 'max-concurrency': 2 } });
    expect((await it.client.ask('registered'))[node]).toEqual(['influxion.generate_pdf']);
    const active = await it.client.ask('active');
    expect(active[node]).toMatchObject([{ id: 'seen', kwargs: { document_id: 'D-1' } }]);
    expect(JSON.stringify(active)).not.toContain('Ada');
    expect((await it.client.ask('query_task', { ids: ['seen', 'none'] }))[node]).toMatchObject({
      seen: ['active', {}],
    });
    expect((await it.client.ask('no_such_thing'))[node]).toMatchObject({
      error: expect.any(String) as string,
    });
    held.finish();
    await answered(it.client, 'seen', 'SUCCESS');
    const types = () => it.client.events.filter(({ hostname }) => hostname === node).map(({ type }) => type);
    await vi.waitFor(() => {
      expect(types()).toEqual(
        expect.arrayContaining([
          'worker-online',
          'task-received',
          'task-started',
          'task-succeeded',
          'worker-heartbeat',
        ]),
      );
    }, SOON);
  });

  test('what follows a task is called with its result: the next of a chain, a callback, an errback', async () => {
    const perform: Perform = (task) =>
      task.id === 'bad' ? Promise.reject(new InfluxionError('PRINT_FAILED', 'No.')) : Promise.resolve(DONE);
    await using it = await world({ perform });
    const { queue: other } = await it.client.channel.assertQueue('', { exclusive: true });
    const calls: unknown[] = [];
    await it.client.channel.consume(
      other,
      (message) =>
        message && calls.push([message.properties.headers?.['task'], JSON.parse(message.content.toString())]),
      { noAck: true },
    );
    const signature = (task: string, more: object = {}) => ({
      task,
      args: [1],
      kwargs: {},
      options: { queue: other },
      ...more,
    });
    it.client.send({
      id: 'good',
      embed: { callbacks: [signature('a', { immutable: true })], chain: [signature('c'), signature('b')] },
    });
    it.client.send({ id: 'bad', embed: { errbacks: [signature('e')] } });
    await vi.waitFor(() => expect(calls).toHaveLength(3), SOON);
    expect(calls).toEqual(
      expect.arrayContaining([
        ['a', [[1], {}, expect.anything()]],
        ['b', [[DONE, 1], {}, expect.objectContaining({ chain: [expect.objectContaining({ task: 'c' })] })]],
        ['e', [['bad', 1], {}, expect.anything()]],
      ]),
    );
  });
});

/** What a worker that dies leaves: a message that was taken and not acknowledged. */
async function dieWithMessageOf({ name, type }: TaskQueue): Promise<void> {
  await using victim = await celeryClient(broker.url, name, type);
  await vi.waitFor(async () => expect(await victim.channel.get(name)).not.toBe(false), SOON);
}

async function withConnection<T>(
  work: (connection: Awaited<ReturnType<typeof connectBroker>>) => Promise<T>,
): Promise<T> {
  const opened = Promise.withResolvers<undefined>();
  const connection = await connectBroker({
    address: parseBrokerUrl(broker.url),
    name: 'test',
    logger: silentLogger,
    setup: () => Promise.resolve(),
    changed: () => opened.resolve(undefined),
  });
  await opened.promise;
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

const dead = () => withConnection((connection) => listDeadLetters(connection, 100));
