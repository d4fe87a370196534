/** Workers as processes with a real browser, called by a real Celery; and their deaths. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { celeryClient } from '../support/celery-client.ts';
import { openCeleryHost } from '../support/celery-host.ts';
import { celeryCommand, celeryScript, startPythonWorker } from '../support/celery-python.ts';
import { cli } from '../support/cli-run.ts';
import { pdfOf } from '../support/job-world.ts';
import { hasRabbitMq, startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';
import { startWorker, type WorkerProcess } from '../support/worker-process.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 400_000 });
const PATIENT = { timeout: 90_000, interval: 50 };

let broker: TestBroker;
beforeAll(async () => {
  if (hasRabbitMq) broker = await startRabbitMq();
});
afterAll(() => broker[Symbol.asyncDispose]());

const QUORUM = { INFLUXION_CELERY_QUEUE_TYPE: 'quorum' };
const KWARGS = { html_template: { content: '<h1>{{name}}</h1>' }, data: { name: 'Ada' } };
/** Long enough to die in the middle of. */
const SLOW = {
  html_template: { content: '{{#each (range 1 1500)}}<p style="break-after: page">{{this}}</p>{{/each}}' },
};

describe.skipIf(!hasRabbitMq)('called by Celery', () => {
  let worker: WorkerProcess;
  beforeAll(async () => {
    worker = await startWorker(broker.url, ['--concurrency', '2']);
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  test('send_task gets its PDF', async () => {
    const [got] = await celeryScript(
      broker.url,
      `
import base64, hashlib
r = app.send_task(T, kwargs=${JSON.stringify(KWARGS)}, time_limit=60, expires=60).get(timeout=60)
pdf = base64.b64decode(r['pdf'])
say({'head': pdf[:5].decode(), 'size': len(pdf) == r['size'], 'sha': hashlib.sha256(pdf).hexdigest() == r['sha256'],
     'pages': r['pages'], 'url': r['url'], 'timings': sorted(r['timings_ms']), 'host': r['ran_on']['host']})
`,
    );
    expect(got).toEqual({
      head: '%PDF-',
      size: true,
      sha: true,
      pages: 1,
      url: null,
      timings: ['print', 'render'],
      host: worker.name,
    });
  });

  test('a failure raises in Python, by the name of our code, with place and hint', async () => {
    const [bad, wrong] = await celeryScript(
      broker.url,
      `
for kwargs in ({'html_template': {'content': 'a\\n{{#if x}}'}}, {'html_template': {'content': 'x'}, 'colour': 1}):
    r = app.send_task(T, kwargs=kwargs)
    try:
        r.get(timeout=60)
    except Exception as e:
        say({'type': type(e).__name__, 'text': str(e), 'traceback': r.traceback, 'state': r.state})
`,
    );
    expect(bad).toMatchObject({ type: 'TEMPLATE_SYNTAX', state: 'FAILURE' });
    expect((bad as { traceback: string }).traceback).toMatch(/html line \d/);
    expect(wrong).toMatchObject({
      type: 'VALIDATION_FAILED',
      text: expect.stringContaining('colour') as string,
    });
  });

  test('a document too large for a message raises, with its size and what to do', async () => {
    const [got] = await celeryScript(
      broker.url,
      `
import base64
file = {'filename': 'large.bin', 'mime_type': 'application/octet-stream',
        'content': base64.b64encode(os.urandom(12 * 1024 * 1024)).decode()}
r = app.send_task(T, kwargs={'html_template': {'content': '<title>Large</title><p>Large</p>'},
                             'metadata': {'language': 'en'}, 'pdf_standard': 'pdf/a-3b', 'attachments': [file]})
try:
    r.get(timeout=120)
except Exception as e:
    say({'type': type(e).__name__, 'text': str(e), 'traceback': r.traceback})
`,
    );
    expect(got).toMatchObject({ type: 'RESULT_TOO_LARGE' });
    const { text, traceback } = got as { readonly text: string; readonly traceback: string };
    expect(text).toMatch(/has 12\d{6} bytes; up to \d+ come back in a message/);
    expect(traceback).toMatch(/upload_url/);
  });

  test('an unknown task and a pickle raise, too, and lie among the dead letters that the command shows', async () => {
    const got = await celeryScript(
      broker.url,
      `
for args in ({'name': 'no.such.task'}, {'name': T, 'serializer': 'pickle', 'kwargs': ${JSON.stringify(KWARGS)}}):
    try:
        app.send_task(**args).get(timeout=60)
    except Exception as e:
        say(type(e).__name__)
`,
    );
    expect(got).toEqual(['NotRegistered', 'MESSAGE_INVALID']);
    const env = { INFLUXION_CELERY_BROKER_URL: broker.url };
    const { code, stdout } = await cli(['job', 'dead', 'list', '--json'], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ task: 'no.such.task' }, { task: 'influxion.generate_pdf' }]);
    expect((await cli(['job', 'dead', 'drop', '--all'], { env })).code).toBe(0);
    expect(JSON.parse((await cli(['job', 'dead', 'list', '--json'], { env })).stdout)).toEqual([]);
  });

  test('countdown, expires, revoke, group and chain do what Celery says', async () => {
    await using _python = await startPythonWorker(
      broker.url,
      `
@app.task(name='python.size')
def size(result, factor): return result['size'] * factor
`,
      ['-Q', 'python'],
    );
    const [countdown, expired, revoked, grouped, chained] = await celeryScript(
      broker.url,
      `
import time
K = ${JSON.stringify(KWARGS)}
start = time.time()
app.send_task(T, kwargs=K, countdown=2).get(timeout=60)
say(time.time() - start >= 2)
r = app.send_task(T, kwargs=K, expires=0.001, countdown=0)
try: r.get(timeout=5)
except Exception as e: say(type(e).__name__)
r = app.send_task(T, kwargs=K, countdown=3)
app.control.revoke(r.id)
try: r.get(timeout=60)
except Exception as e: say(type(e).__name__)
g = group(signature(T, kwargs=K, app=app), signature(T, kwargs=K, app=app))()
say([x['pages'] for x in g.get(timeout=60)])
c = chain(signature(T, kwargs=K, app=app), signature('python.size', args=(2,), app=app, options={'queue': 'python'}))()
say(c.get(timeout=60) > 1000)
`,
    );
    expect([countdown, revoked, grouped, chained]).toEqual([true, 'TaskRevokedError', [1, 1], true]);
    // A broker drops what has expired before anybody took it.
    expect(['TaskRevokedError', 'TimeoutError']).toContain(expired);
  });

  test('a quorum queue takes tasks of a client in Python (which declares it, too: other arguments are refused)', async () => {
    const queue = 'replicas';
    await using worker = await startWorker(broker.url, ['--concurrency', '1', '--queue', queue], QUORUM);
    const got = await celeryScript(
      broker.url,
      `
app.conf.update(task_default_queue='${queue}', task_default_queue_type='quorum')
for at in range(3):
    say(app.send_task(T, kwargs=${JSON.stringify(KWARGS)}).get(timeout=60)['ran_on']['host'])
`,
    );
    expect(got).toEqual([worker.name, worker.name, worker.name]);
    expect(await broker.ctl('list_queues', 'name', 'type')).toMatch(/replicas\s+quorum/);
  });

  test('a quorum queue gives jobs of the API host to a worker in Python', async () => {
    const queue = { name: 'python-replicas', type: 'quorum' } as const;
    await using _python = await startPythonWorker(
      broker.url,
      `
import base64, hashlib
app.conf.update(task_default_queue='${queue.name}', task_default_queue_type='quorum')
@app.task(name=T, acks_late=True)
def generate_pdf(**request):
    pdf = base64.b64decode('${Buffer.from(pdfOf('x')).toString('base64')}')
    return {'pdf': base64.b64encode(pdf).decode(), 'url': None, 'size': len(pdf), 'pages': 1,
            'sha256': hashlib.sha256(pdf).hexdigest(), 'warnings': [], 'timings_ms': {}}
`,
    );
    await using host = await openCeleryHost(broker.url, { queue });
    const ids = await Promise.all(['a', 'b', 'c'].map((text) => host.submit(text)));
    for (const id of ids) {
      const { status, ran_on } = await host.ended(id);
      expect(status).toBe('Done');
      expect(ran_on?.host).toMatch(/^python-/);
    }
  });

  test('celery inspect and celery status show it beside a worker in Python', async () => {
    await using _python = await startPythonWorker(broker.url, '', ['-Q', 'python']);
    const status = await celeryCommand(broker.url, 'status', '--timeout', '3');
    expect(status).toContain(`${worker.name}: OK`);
    expect(status).toContain('2 nodes online');
    for (const [what, shown] of [
      ['ping', 'pong'],
      ['registered', 'influxion.generate_pdf'],
      ['stats', 'max-concurrency'],
      ['active', worker.name],
      ['reserved', worker.name],
      ['revoked', worker.name],
      ['conf', 'task_acks_late'],
      ['active_queues', '"celery"'],
    ] as const) {
      expect(
        await celeryCommand(broker.url, 'inspect', what, '--json', '--timeout', '3', '-d', worker.name),
      ).toContain(shown);
    }
  });
});

describe.skipIf(!hasRabbitMq)('a worker that dies', () => {
  test.each([
    ['SIGKILL', 'classic'],
    ['SIGSTOP', 'classic'],
    ['SIGKILL', 'quorum'],
  ] as const)(
    'by %s in the middle of a job of a %s queue: another one does it, once told',
    async (signal, type) => {
      const queue = `deaths-${signal}-${type}`;
      const env = { INFLUXION_CELERY_QUEUE_TYPE: type };
      const url = `${broker.url}?heartbeat=1`;
      await using client = await celeryClient(broker.url, queue, type);
      await using victim = await startWorker(url, ['--concurrency', '1', '--queue', queue], env);
      const id = client.send({ kwargs: SLOW });
      await vi.waitFor(() => {
        expect(client.events).toContainEqual(
          expect.objectContaining({ type: 'task-started', hostname: victim.name }),
        );
      }, PATIENT);
      victim.signal(signal);
      await using heir = await startWorker(url, ['--concurrency', '1', '--queue', queue], env);
      await vi.waitFor(() => expect(client.resultOf(id)?.status).toBe('SUCCESS'), PATIENT);
      expect(client.resultOf(id)?.result).toMatchObject({ ran_on: { host: heir.name }, pages: 1500 });
      await vi.waitFor(async () => expect(await client.depth(queue)).toBe(0), PATIENT);
      expect(client.results).toHaveLength(1);
    },
  );

  test('by SIGTERM: it finishes what runs, leaves what waits, and says goodbye', async () => {
    const queue = 'goodbye';
    await using client = await celeryClient(broker.url, queue);
    await using worker = await startWorker(broker.url, ['--concurrency', '1', '--queue', queue]);
    const running = client.send({ kwargs: SLOW });
    const waiting = client.send({ kwargs: KWARGS });
    await vi.waitFor(() => {
      expect(client.events).toContainEqual(expect.objectContaining({ type: 'task-started', uuid: running }));
    }, PATIENT);
    expect(await worker.end('SIGTERM')).toBe(0);
    await vi.waitFor(() => expect(client.resultOf(running)?.status).toBe('SUCCESS'), PATIENT);
    expect(client.resultOf(waiting)).toBeUndefined();
    expect(await client.depth(queue)).toBe(1);
    expect(client.events).toContainEqual(
      expect.objectContaining({ type: 'worker-offline', hostname: worker.name }),
    );
  });
});
