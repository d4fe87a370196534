/** `influxion serve` beside a broker, as programs and operators see it. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Health } from '../../contract/health.ts';
import type { Job } from '../../contract/job.ts';
import { apiClient } from '../support/api-client.ts';
import { ServeProcess, temporaryFolder, type TemporaryFolder } from '../support/cli-run.ts';
import { readBlob, writeBlob } from '../../core/transport/blobs/blob-client.ts';
import { NEVER, pdfOf } from '../support/job-world.ts';
import { startS3Server } from '../support/s3-server.ts';
import { startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';
import { emptyQueue, openStandInWorker, successOf } from '../support/stand-in-worker.ts';

let broker: TestBroker;
let folder: TemporaryFolder;
beforeAll(async () => {
  [broker, folder] = await Promise.all([startRabbitMq(), temporaryFolder()]);
}, 120_000);
beforeEach(() => emptyQueue(broker.url));
afterAll(async () => {
  await broker[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

it('takes jobs while the broker is away, says so, and catches up; killed with a job out, it still ends it', async () => {
  const data = folder.path;
  const env = {
    INFLUXION_USE_CELERY: '1',
    INFLUXION_CELERY_BROKER_URL: broker.url.replace('guest:guest', 'pdf:hushhush'),
    INFLUXION_CELERY_RESULT_BACKEND: 'rpc://',
  };
  await broker.ctl('add_user', 'pdf', 'hushhush');
  await broker.ctl('set_permissions', 'pdf', '.*', '.*', '.*');
  await broker.kill();

  const first = await ServeProcess.start({ data, env });
  const { headers } = await apiClient(first.url, data);
  const submit = async (url: string): Promise<number> => {
    const body = JSON.stringify({ html_template: { content: '<p>Hello</p>' }, data: { text: 'hello' } });
    const answer = await fetch(`${url}/pdf/generate`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { readonly job_id: number }).job_id;
  };
  const ended = async (url: string, id: number): Promise<Job> => {
    const answer = await fetch(`${url}/pdf/${id}`, { headers: { ...headers, prefer: 'wait=60' } });
    return (await answer.json()) as Job;
  };

  const away = await submit(first.url);
  const health = await fetch(`${first.url}/health`);
  expect(health.status).toBe(200);
  expect(((await health.json()) as Health).checks.broker).toBe('away');
  expect(await (await fetch(`${first.url}/metrics`)).text()).toContain(
    'influxion_broker_state{state="away"} 1',
  );

  await broker.start();
  const worker = await openStandInWorker(broker.url);
  const held = await worker.next();
  await held.finish();
  expect(await ended(first.url, away)).toMatchObject({ status: 'Done', attempt: 1 });
  const ready = (await (await fetch(`${first.url}/health`)).json()) as Health;
  expect(ready).toMatchObject({ status: 'ready', checks: { broker: 'ok' } });

  const out = await submit(first.url);
  const second = await worker.next();
  await first.end('SIGKILL');
  expect(first.stderr).not.toContain('hushhush');
  await second.finish('hello');
  await worker[Symbol.asyncDispose]();

  await using host = await ServeProcess.start({ data, env });
  const job = await ended(host.url, out);
  expect(job.status).toBe('Done');
  expect((await fetch(`${host.url}/pdf/${out}/download`, { headers })).status).toBe(200);
});

it('large data goes to the worker and the document comes back through an S3-compatible store, which is then empty', async () => {
  await using s3 = await startS3Server();
  await using place = await temporaryFolder();
  const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.bucket;
  await using host = await ServeProcess.start({
    data: place.path,
    env: {
      INFLUXION_USE_CELERY: '1',
      INFLUXION_CELERY_BROKER_URL: broker.url,
      INFLUXION_BLOBS: 's3',
      INFLUXION_BLOBS_ABOVE: '1000',
      INFLUXION_S3_ENDPOINT: endpoint,
      INFLUXION_S3_BUCKET: bucket,
      INFLUXION_S3_ACCESS_KEY_ID: accessKeyId,
      INFLUXION_S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
  });
  const { headers } = await apiClient(host.url, place.path);
  const text = 'long '.repeat(1000);
  const body = JSON.stringify({ html_template: { content: '<p>{{text}}</p>' }, data: { text } });
  const accepted = await fetch(`${host.url}/pdf/generate`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  expect(accepted.status).toBe(202);

  await using worker = await openStandInWorker(broker.url);
  const held = await worker.next();
  const { payload_url: payload, upload_url: upload } = held.task.kwargs as Record<string, string>;
  expect(payload).toContain(endpoint);
  expect(held.task.kwargs).not.toHaveProperty('data');
  const call = { signal: NEVER };
  const request = JSON.parse(
    (await readBlob(payload ?? '', { ...call, maxBytes: 1e6 })).toString(),
  ) as object;
  expect(request).toMatchObject({ data: { text }, html_template: { content: '<p>{{text}}</p>' } });
  const pdf = pdfOf('through S3');
  const facts = successOf(pdf);
  await writeBlob(upload ?? '', pdf, { ...call, size: facts.size, sha256: facts.sha256 });
  await held.reply('SUCCESS', { ...facts, pdf: null, url: upload });
  held.ack();

  const answer = await fetch(`${host.url}/pdf/1`, { headers: { ...headers, prefer: 'wait=30' } });
  expect(await answer.json()).toMatchObject({ status: 'Done', sha256: facts.sha256 });
  await expect
    .poll(() => readBlob(payload ?? '', { ...call, maxBytes: 1e6 }).catch((error: unknown) => String(error)))
    .toContain('404');
});
