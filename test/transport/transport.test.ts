/** The three ways of a job: in the host, on our worker over RabbitMQ, and on a real Celery worker in Python. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { describeTransport, type TransportWorld } from '../core/transport/transport.contract.ts';
import { apiClient } from '../support/api-client.ts';
import { cli, ServeProcess, startCli, temporaryFolder } from '../support/cli-run.ts';
import { startPythonWorker } from '../support/celery-python.ts';
import { startRabbitMq } from '../support/rabbitmq.ts';

/** A host with a template, a key and a client. */
async function openHost(
  data: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly host: ServeProcess; readonly headers: Readonly<Record<string, string>> }> {
  const template = join(data, 'templates/invoice');
  await mkdir(join(template, 'assets'), { recursive: true });
  await writeFile(
    join(template, 'template.html'),
    '<h1>Invoice {{number}}</h1><img src="assets/logo.svg" alt="Logo">',
  );
  await writeFile(
    join(template, 'assets/logo.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  );
  const made = await cli(['key', 'create', 'office', '--type', 'ec', '--common-name', 'Office'], { data });
  expect(made.code, made.stderr).toBe(0);
  const host = await ServeProcess.start({ data, env });
  return { host, headers: (await apiClient(host.url, data)).headers };
}

/** What `resources` holds goes with the world, and at once when there will be none. */
async function worldWith(
  resources: AsyncDisposableStack,
  data: string,
  env: Readonly<Record<string, string>>,
): Promise<TransportWorld> {
  const { host, headers } = await openHost(data, env);
  resources.use(host);
  const owned = resources.move();
  return { url: host.url, headers, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describeTransport({
  name: 'in the host',
  prints: true,
  ranOn: new RegExp(`^${hostname()}$`),
  async open() {
    await using resources = new AsyncDisposableStack();
    const folder = resources.use(await temporaryFolder());
    return await worldWith(resources, folder.path, {});
  },
});

describeTransport({
  name: 'on a worker over RabbitMQ',
  prints: true,
  ranOn: /^influxion.*@/,
  async open() {
    await using resources = new AsyncDisposableStack();
    const folder = resources.use(await temporaryFolder());
    const broker = resources.use(await startRabbitMq());
    const env = { INFLUXION_USE_CELERY: '1', INFLUXION_CELERY_BROKER_URL: broker.url };
    const worker = startCli(['worker', '--concurrency', '2'], { env });
    const ended = once(worker, 'exit');
    worker.stdin.end();
    for (const stream of [worker.stdout, worker.stderr]) stream.resume();
    resources.defer(async () => {
      worker.kill('SIGKILL');
      await ended;
    });
    return await worldWith(resources, folder.path, env);
  },
});

/** Gives one document that is ready for all requests, as large as the request was. */
const SERVES = (pdf: string): string => `
from base64 import b64decode, b64encode
from hashlib import sha256
from urllib.request import Request, urlopen

class TEMPLATE_SYNTAX(Exception):
    pass

@app.task(name=T, acks_late=True)
def generate_pdf(job_id=None, attempt=None, payload_url=None, upload_url=None, inline_limit=262144, **request):
    if payload_url:
        request = json.load(urlopen(payload_url))
    if '{{#if open}}' in request['html_template']['content']:
        raise TEMPLATE_SYNTAX('Line 1 is not closed.')
    time.sleep((request.get('data') or {}).get('wait', 0))
    pdf = b64decode('${pdf}')
    for file in request.get('attachments') or []:
        pdf += b'\\n%' + file['content'].encode()
    answer = {'pdf': None, 'url': None, 'size': len(pdf), 'sha256': sha256(pdf).hexdigest(), 'pages': 1,
              'warnings': [], 'timings_ms': {}}
    if upload_url and len(pdf) > inline_limit:
        urlopen(Request(upload_url, data=pdf, method='PUT', headers={'Content-Type': 'application/pdf'}))
        return {**answer, 'url': upload_url}
    return {**answer, 'pdf': b64encode(pdf).decode()}
`;

describeTransport({
  name: 'on a Celery worker in Python',
  prints: false,
  ranOn: /^python-.*@test$/,
  async open() {
    await using resources = new AsyncDisposableStack();
    const folder = resources.use(await temporaryFolder());
    const broker = resources.use(await startRabbitMq());
    const file = join(folder.path, 'page.pdf');
    const html = join(folder.path, 'page.html');
    await writeFile(html, '<h1>Python</h1>');
    const page = await cli(['render', html, '-o', file]);
    expect(page.code, page.stderr).toBe(0);
    const pdf = (await readFile(file)).toString('base64');
    resources.use(await startPythonWorker(broker.url, SERVES(pdf)));
    const env = { INFLUXION_USE_CELERY: '1', INFLUXION_CELERY_BROKER_URL: broker.url };
    return await worldWith(resources, folder.path, env);
  },
});
