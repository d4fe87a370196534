/** How the API host sends jobs and takes their results, whatever workers and people do. */
import { once } from 'node:events';
import { deflateSync } from 'node:zlib';
import { connect } from 'amqplib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeControl } from '../../core/transport/celery/control-message.ts';
import { incoming } from '../../core/transport/celery/connection.ts';
import { ADMIN, pdfOf } from '../support/job-world.ts';
import { openCeleryHost } from '../support/celery-host.ts';
import { startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';
import { emptyQueue, openStandInWorker, successOf } from '../support/stand-in-worker.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startRabbitMq();
}, 120_000);
afterAll(() => broker[Symbol.asyncDispose]());
beforeEach(() => emptyQueue(broker.url));

describe('a job on a worker', () => {
  it('comes back with its document, its facts and where it was made', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('hello', { document_id: 'A 1' });
    const held = await worker.next();
    expect(held.task).toMatchObject({ task: 'influxion.generate_pdf', retries: 0, timeLimitMs: 60_000 });
    expect(held.task.kwargs).toMatchObject({
      job_id: id,
      attempt: 1,
      data: { text: 'hello' },
      document_id: 'A 1',
      html_template: { content: '<p>{{text}}</p>' },
      inline_limit: 262_144,
    });
    expect(JSON.stringify(held.task.kwargs)).not.toContain('webhook');
    await held.finish();
    const job = await host.ended(id);
    expect(job).toMatchObject({ status: 'Done', pages: 1, attempt: 1, size: pdfOf('hello').length });
    expect(job.ran_on).toMatchObject({ version: '9.9.9' });
    expect(job.timings_ms).toMatchObject({ render: 1, print: 2 });
    await expect
      .poll(() => host.status())
      .toMatchObject({
        out: 0,
        counts: { published: 1, results: 1, dropped: 0, lost: 0 },
      });
  });

  it('fails with the code and the words of the worker, and is not tried again for what will not change', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('x');
    await (await worker.next()).fail('TEMPLATE_SYNTAX', 'Line 3 is not closed.');
    const job = await host.ended(id);
    expect(job).toMatchObject({ status: 'Error', error: 'Line 3 is not closed.', attempt: 1 });
    expect(job.error_detail?.code).toBe('TEMPLATE_SYNTAX');
  });

  it('is sent again as a new task after a failure that passes', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('again');
    const first = await worker.next();
    await first.fail('ENGINE_CRASHED', 'The browser stopped.');
    const second = await worker.next();
    expect(second.attempt).toBe(2);
    expect(second.task.id).not.toBe(first.task.id);
    await second.finish();
    expect(await host.ended(id)).toMatchObject({ status: 'Done', attempt: 2 });
  });

  it('names the exception of a Python worker that knows none of our codes', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('x');
    await (
      await worker.next()
    ).reply('FAILURE', { exc_type: 'KeyError', exc_message: ['total'], exc_module: 'builtins' });
    const job = await host.ended(id);
    expect(job.error_detail?.code).toBe('WORKER_FAILED');
    expect(job.error).toContain('KeyError');
  });

  it.each([
    ['another size', { size: 5 }],
    ['another digest', { sha256: 'a'.repeat(64) }],
    ['no PDF', successOf(Buffer.from('<html>'))],
    ['no document at all', { pdf: null, url: null }],
    ['an address of its own choice', { pdf: null, url: 'http://169.254.169.254/latest/meta-data' }],
    ['not even the fields', { pdf: 7 }],
  ])('is an Error when the answer has %s, and nothing of it is kept', async (_what, wrong) => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('x');
    const held = await worker.next();
    await held.reply('SUCCESS', { ...successOf(pdfOf('x')), ...wrong });
    held.ack();
    // The one that points elsewhere is tried again: what was delivered here may have been lost.
    if ('url' in wrong && wrong.url !== null) {
      const again = await worker.next();
      expect(again.attempt).toBe(2);
      await again.finish();
      expect((await host.ended(id)).status).toBe('Done');
      return;
    }
    const job = await host.ended(id);
    expect(job.error_detail?.code).toBe('RESULT_INVALID');
    expect(job.size).toBeNull();
  });
});

it('jobs go through a quorum queue where that is set', async () => {
  const queue = { name: 'pdf', type: 'quorum' } as const;
  await using host = await openCeleryHost(broker.url, { queue });
  await using worker = await openStandInWorker(broker.url, { queue, auto: true });
  const ids = await Promise.all(['a', 'b', 'c'].map((text) => host.submit(text)));
  for (const id of ids) expect((await host.ended(id)).status).toBe('Done');
  expect(await broker.ctl('list_queues', 'name', 'type')).toMatch(/pdf\s+quorum/);
  expect(new Set(worker.seen).size).toBe(3);
});

it('an answer too large to be read ends the job in words, and the host reads none of it', async () => {
  await using host = await openCeleryHost(broker.url);
  await using worker = await openStandInWorker(broker.url);
  const id = await host.submit('x');
  const held = await worker.next();
  const json = Buffer.concat([
    Buffer.from('{"task_id":"'),
    Buffer.alloc(65 * 1024 * 1024, 'a'),
    Buffer.from('"}'),
  ]);
  await worker.connection.publish({
    exchange: '',
    routingKey: held.task.replyTo ?? '',
    correlationId: held.task.id,
    persistent: false,
    headers: { compression: 'application/x-gzip' },
    body: deflateSync(json),
  });
  held.ack();
  const job = await host.ended(id);
  expect(job.error_detail?.code).toBe('RESULT_INVALID');
  expect(job.error).toMatch(/larger than/);
  expect(host.status().counts.dropped).toBe(1);
});

describe('results that nobody waits for', () => {
  it('one that comes twice ends the job once; it is dropped and counted', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('once');
    const held = await worker.next();
    await held.reply('SUCCESS', successOf(pdfOf('once')));
    await held.reply('SUCCESS', successOf(pdfOf('twice')));
    held.ack();
    const job = await host.ended(id);
    await expect.poll(() => host.status().counts.dropped).toBe(1);
    expect(host.states(id)).toEqual(['Received 0', 'InProgress 1', 'Done 1']);
    expect(host.queue.get(id, ADMIN).sha256).toBe(job.sha256);
  });

  it('one of an unknown task, and what is no result, are dropped and counted', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('x');
    const held = await worker.next();
    const replyTo = held.task.replyTo ?? '';
    const stray = await connect(broker.url.replace(/\/\/$/, ''));
    const channel = await stray.createConfirmChannel();
    const json = { contentType: 'application/json', contentEncoding: 'utf-8' };
    channel.sendToQueue(replyTo, Buffer.from('{"task_id":"nobody","status":"SUCCESS","result":{}}'), json);
    channel.sendToQueue(replyTo, Buffer.from('cos\nsystem\n'), {
      contentType: 'application/x-python-serialize',
    });
    channel.sendToQueue(replyTo, Buffer.from('[1,2]'), json);
    await channel.waitForConfirms();
    await stray.close();
    await expect.poll(() => host.status().counts.dropped).toBe(3);
    await held.finish();
    expect((await host.ended(id)).status).toBe('Done');
  });

  it('the late one of an old attempt changes nothing: the document is that of the new one', async () => {
    await using host = await openCeleryHost(broker.url, { leaseMs: 1_200 });
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('x');
    // A worker that has frozen: it tells nothing and answers nothing.
    const frozen = await worker.next();
    const second = await worker.next();
    expect(second.attempt).toBe(2);
    await second.finish('new');
    const job = await host.ended(id);
    await frozen.finish('old');
    await expect.poll(() => host.status().counts).toMatchObject({ dropped: 1, lost: 1 });
    expect(host.queue.get(id, ADMIN)).toEqual(job);
    expect(job).toMatchObject({ status: 'Done', attempt: 2, size: pdfOf('new').length });
  });
});

describe('cancelling', () => {
  it('ends the job at once and revokes its task on whichever worker has it', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const watcher = await connect(broker.url.replace(/\/\/$/, ''));
    const channel = await watcher.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'celery.pidbox', '');
    const orders: unknown[] = [];
    await channel.consume(queue, (message) => message && orders.push(decodeControl(incoming(message))), {
      noAck: true,
    });
    const id = await host.submit('x');
    const held = await worker.next();
    await host.queue.cancel(id);
    expect((await host.ended(id)).error_detail?.code).toBe('JOB_CANCELLED');
    await expect
      .poll(() => orders)
      .toContainEqual(
        expect.objectContaining({
          method: 'revoke',
          arguments: { task_id: held.task.id, terminate: true, signal: 'SIGTERM' },
        }),
      );
    await held.finish();
    await expect.poll(() => host.status().counts.dropped).toBe(1);
    const closed = once(watcher, 'close');
    await watcher.close();
    await closed;
  });

  it('a task that somebody revoked by other means is a cancelled job', async () => {
    await using host = await openCeleryHost(broker.url);
    await using worker = await openStandInWorker(broker.url);
    const id = await host.submit('x');
    const held = await worker.next();
    await held.reply('REVOKED', {
      exc_type: 'TaskRevokedError',
      exc_message: ['terminated'],
      exc_module: 'celery',
    });
    held.ack();
    expect((await host.ended(id)).error_detail?.code).toBe('JOB_CANCELLED');
  });
});
