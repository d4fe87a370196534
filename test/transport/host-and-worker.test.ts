/** `influxion serve` and `influxion worker` as processes of their own, with a real print: what only both together show. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient, type ApiClient } from '../support/api-client.ts';
import { cli, ServeProcess, temporaryFolder, type TemporaryFolder } from '../support/cli-run.ts';
import { startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';
import { startWorker, type WorkerProcess } from '../support/worker-process.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startRabbitMq();
}, 120_000);
afterAll(() => broker[Symbol.asyncDispose]());

interface World extends AsyncDisposable {
  readonly api: ApiClient;
  readonly worker: WorkerProcess;
}

interface WorldOptions {
  /** What a place has to sign with: the names of its keys; undefined is no data folder at all. */
  readonly keys?: { readonly host?: readonly string[]; readonly worker?: readonly string[] };
  /** Of the host. */
  readonly env?: Readonly<Record<string, string>>;
}

let worlds = 0;

async function world({ keys = {}, env = {} }: WorldOptions): Promise<World> {
  await using resources = new AsyncDisposableStack();
  const queue = `world-${(worlds += 1)}`;
  const folder: TemporaryFolder = resources.use(await temporaryFolder());
  const hosts = join(folder.path, 'host');
  const workers = join(folder.path, 'worker');
  for (const [data, names = []] of [
    [hosts, keys.host],
    [workers, keys.worker],
  ] as const) {
    for (const name of names) {
      const args = ['key', 'create', name, '--type', 'ec', '--common-name', 'Example Ltd'];
      const made = await cli(args, { data });
      expect(made.code, made.stderr).toBe(0);
    }
  }
  const worker = resources.use(
    await startWorker(broker.url, ['--concurrency', '2', '--queue', queue], { INFLUXION_DATA_DIR: workers }),
  );
  const host = resources.use(
    await ServeProcess.start({
      data: hosts,
      env: {
        INFLUXION_USE_CELERY: '1',
        INFLUXION_CELERY_BROKER_URL: broker.url,
        INFLUXION_CELERY_QUEUE: queue,
        ...env,
      },
    }),
  );
  const api = await apiClient(host.url, hosts);
  const owned = resources.move();
  return { api, worker, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const SIGNED = {
  html_template: { content: '<title>Signed</title><h1>Signed</h1><p id="sign" style="height: 3cm">By:</p>' },
  pdf_standard: 'pdf/a-2b',
  metadata: { language: 'en' },
  sign_key_id: 'office',
} as const;

describe('a signature', () => {
  it.each([
    ['the host, which alone has the key', 'host', undefined],
    ['the worker, which alone has the key', 'worker', undefined],
    ['the worker, at the element that the document names', 'worker', { anchor: '#sign' }],
  ] as const)('is made by %s, and verifies', async (_name, place, visible) => {
    await using it = await world({
      keys: { [place]: ['office'] },
      env: { INFLUXION_CELERY_SIGNING: place },
    });
    const id = await it.api.submit({ ...SIGNED, signature: { reason: 'I approve this', visible } });
    const job = await it.api.ended(id);
    expect(job.error).toBeNull();
    expect(job.ran_on?.host).toBe(it.worker.name);
    expect(job.signed_on).toBe(place === 'host' ? hostname() : it.worker.name);
    expect(job.signature).toMatchObject({ key_id: 'office', level: 'B-B' });
    const report = await it.api.verify(await it.api.download(id));
    expect(report.conformance).toMatchObject([{ standard: 'pdf/a-2b', conformant: true }]);
    expect(report.signatures).toMatchObject([
      { intact: true, changes_after: 'none', reason: 'I approve this' },
    ]);
  });

  it.each([
    ['no data folder', undefined, /This worker holds no keys, so not "office" either/],
    ['another key only', ['other'], /holds no signing key named "office"/],
  ] as const)('is refused in words by a worker that has %s', async (_name, names, words) => {
    await using it = await world({
      keys: { host: ['office'], ...(names && { worker: names }) },
      env: { INFLUXION_CELERY_SIGNING: 'worker' },
    });
    const job = await it.api.ended(await it.api.submit(SIGNED));
    expect(job).toMatchObject({
      status: 'Error',
      attempt: 1,
      signed_on: null,
      ran_on: { host: it.worker.name },
      error_detail: { code: 'KEY_NOT_FOUND' },
    });
    expect(job.error).toMatch(words);
  });
});

describe('a document that is too large', () => {
  it('for any message is delivered apart, even where messages of that size are allowed', async () => {
    await using it = await world({ env: { INFLUXION_BLOBS_ABOVE: '99999999' } });
    const content = randomBytes(12 * 1024 * 1024).toString('base64');
    const id = await it.api.submit({
      html_template: { content: '<title>Large</title><p>Large</p>' },
      metadata: { language: 'en' },
      pdf_standard: 'pdf/a-3b',
      attachments: [{ filename: 'large.bin', mime_type: 'application/octet-stream', content }],
    });
    const job = await it.api.ended(id);
    expect(job.error).toBeNull();
    expect((await it.api.download(id)).length).toBeGreaterThan(12 * 1024 * 1024);
  });

  it('for what stands before the host is an Error in words, with the size, and is not tried again', async () => {
    await using resources = new AsyncDisposableStack();
    const proxy = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(413).end());
    });
    resources.defer(() => new Promise<void>((resolve) => proxy.close(() => resolve())));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    await using it = await world({
      env: { INFLUXION_BLOBS_ABOVE: '1000', INFLUXION_BLOBS_URL: `http://127.0.0.1:${port}` },
    });
    const job = await it.api.ended(await it.api.submit({ html_template: { content: '<h1>Large</h1>' } }));
    expect(job).toMatchObject({
      status: 'Error',
      attempt: 1,
      ran_on: { host: it.worker.name },
      error_detail: { code: 'RESULT_TOO_LARGE', stage: 'store' },
    });
    expect(job.error).toMatch(/has \d+ bytes, more than its receiver takes/);
    expect(job.error_detail?.hint).not.toBeNull();
  });
});
