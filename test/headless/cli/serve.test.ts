/** `influxion serve` as a process: ready, refusals, the end by signals, the start after SIGKILL. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cli, ServeProcess, startCli, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
const PATIENT = { timeout: 30_000 };

let folder: TemporaryFolder;
let data: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Serves as a person starts it, until its stderr says that it is ready. */
async function startTalking(args: readonly string[]) {
  const child = startCli(['serve', '--port', '0', ...args], { data, env: { npm_command: '' } });
  let stderr = '';
  const ready = Promise.withResolvers<string>();
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (stderr.includes('Ctrl+C')) ready.resolve(stderr);
  });
  child.once('exit', () => ready.reject(new Error(stderr)));
  return { child, said: await ready.promise, all: () => stderr };
}

describe('ready', () => {
  it('is one line of JSON on stdout, and the server then answers', async () => {
    await using host = await ServeProcess.start({ data });
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${host.url}/openapi.json`)).status).toBe(200);
    expect(await host.end()).toBe(0);
  });

  it('tells a person the address, the new data folder and how to get an API client', async () => {
    const { child, said } = await startTalking([]);
    expect(said).toMatch(/ready at http:\/\/127\.0\.0\.1:\d+/);
    expect(said).toContain(data);
    expect(said).toMatch(/new templates .*invoice/);
    expect(said).toMatch(/client add "My program"/);
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
    expect(child.exitCode).toBe(0);
  });

  it('keeps the data folder to its user', async () => {
    await using host = await ServeProcess.start({ data });
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(data)) {
      const { mode } = await stat(join(data, name));
      if (name !== 'owner.lock') expect(mode & 0o077, name).toBe(0);
    }
    expect(await host.end()).toBe(0);
  });
});

describe('refused at the start, with a sentence and exit code', () => {
  it('a port in use: 1, names it and --port 0', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await cli(['serve', '--port', String(port), '--json'], { data });
    server.close();
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(stderr).toContain('--port 0');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('a second owner of the data folder: 1, names the first, which goes on', async () => {
    await using host = await ServeProcess.start({ data });
    const { code, stderr } = await cli(['serve', '--port', '0', '--json'], { data });
    expect(code).toBe(1);
    expect(stderr).toMatch(/already in use by another Influxion \(process \d+/);
    expect(stderr).toContain(host.url);
    expect((await fetch(`${host.url}/openapi.json`)).status).toBe(200);
  });

  it.each([
    [['--host', '0.0.0.0'], {}, 2, /plain HTTP/, /--allow-plain-http/],
    [['--host', '192.0.2.1', '--allow-plain-http'], {}, 1, /no address 192\.0\.2\.1/, /127\.0\.0\.1/],
    [
      [],
      { INFLUXION_USE_CELERY: '1', INFLUXION_CELERY_RESULT_BACKEND: 'redis://:hush@localhost/0' },
      2,
      /results over "redis" are not supported/,
      /Supported: rpc:\/\//,
    ],
    [
      [],
      { INFLUXION_USE_CELERY: '1', INFLUXION_CELERY_BROKER_URL: 'redis://:hush@localhost/0' },
      1,
      /brokers of the kind "redis" are not supported/,
      /amqp:\/\/user:password@host/,
    ],
    [['--browser', '/no/such/chrome'], {}, 1, /browser|program "chrome"/, /INFLUXION_BROWSER/],
  ] as [string[], Record<string, string>, number, RegExp, RegExp][])(
    '%j %j: %d',
    async (args, env, expected, message, hint) => {
      const { code, stderr } = await cli(['serve', '--port', '0', '--json', ...args], { data, env });
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(hint);
      expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
      expect(stderr).not.toContain('hush');
      expect(code).toBe(expected);
    },
  );

  it('a data folder that cannot be made: 1, with the path and a way out', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const { code, stderr } = await cli(['serve', '--json', '--data', join(folder.path, 'file', 'data')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/data folder .*file\/data cannot be used: a part of its path is a file/);
    expect(stderr).toContain('--data DIR');
  });

  it('RabbitMQ switched off in so many words is no reason to refuse', async () => {
    await using host = await ServeProcess.start({ data, env: { INFLUXION_USE_CELERY: '0' } });
    expect(await host.end()).toBe(0);
  });
});

it('listens for other computers only when told twice, and is still reached here', async () => {
  await using host = await ServeProcess.start({ data }, ['--host', '0.0.0.0', '--allow-plain-http']);
  expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect((await cli(['client', 'list'], { data })).code).toBe(0);
  expect(await host.end()).toBe(0);
});

/** A template whose page is never ready, so that its job runs until something ends it. */
const ENDLESS = {
  html_template: { content: '<script>window.influxionReady = new Promise(() => {})</script>' },
  options: { scripts: true, timeout_ms: 60_000 },
};

async function tokenFor(url: string): Promise<Record<string, string>> {
  const added = await cli(['client', 'add', 'test', '--json'], { data });
  const { client_id, client_secret } = JSON.parse(added.stdout) as Record<string, string>;
  const reply = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id, client_secret }),
  });
  const { access_token } = (await reply.json()) as { access_token: string };
  return { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
}

async function submitRunning(url: string, headers: Record<string, string>): Promise<number> {
  const reply = await fetch(`${url}/pdf/generate`, {
    method: 'POST',
    headers,
    body: JSON.stringify(ENDLESS),
  });
  const { job_id } = (await reply.json()) as { job_id: number };
  await expect
    .poll(
      async () =>
        ((await (await fetch(`${url}/pdf/${job_id}`, { headers })).json()) as { status: string }).status,
      PATIENT,
    )
    .toBe('InProgress');
  return job_id;
}

describe('the end', () => {
  it('leaves a job that outlasts the budget for the next start, and says 0', async () => {
    await using host = await ServeProcess.start({ data }, ['--drain', '1']);
    const id = await submitRunning(host.url, await tokenFor(host.url));
    expect(await host.end('SIGTERM')).toBe(0);
    const shown = await cli(['job', 'show', String(id), '--json'], { data });
    expect(['Received', 'InProgress']).toContain((JSON.parse(shown.stdout) as { status: string }).status);
  });

  it('is not hurried by one Ctrl+C that npm passes on a second time', async () => {
    await using host = await ServeProcess.start({ data }, ['--drain', '1']);
    await submitRunning(host.url, await tokenFor(host.url));
    const exited = once(host.child, 'exit');
    host.child.kill('SIGINT');
    // Another one, because the system merges two pending signals of one kind.
    host.child.kill('SIGTERM');
    await exited;
    expect(host.child.exitCode).toBe(0);
  });

  it('comes at once with the second signal', async () => {
    await using host = await ServeProcess.start({ data }, ['--drain', '3600']);
    await submitRunning(host.url, await tokenFor(host.url));
    host.child.kill('SIGTERM');
    await expect.poll(() => host.stderr, PATIENT).toContain('Stopping');
    const exited = once(host.child, 'exit');
    const again = setInterval(() => host.child.kill('SIGTERM'), 100);
    await exited;
    clearInterval(again);
    expect(host.child.exitCode).toBe(1);
  });

  it('by SIGKILL frees the data folder: the next start owns it and knows its clients', async () => {
    const first = await ServeProcess.start({ data });
    await tokenFor(first.url);
    await first.end('SIGKILL');
    await using second = await ServeProcess.start({ data });
    expect((await cli(['client', 'list', '--json'], { data })).stdout).toContain('"test"');
    expect(await second.end()).toBe(0);
  });
});

it('goes on when nobody reads its ready line', async () => {
  const child = startCli(['serve', '--port', '0', '--json'], { data });
  child.stdout.destroy();
  await expect
    .poll(
      async () => (await readFile(join(data, 'owner.json'), 'utf8').catch(() => '')).includes('"url"'),
      PATIENT,
    )
    .toBe(true);
  expect(child.exitCode).toBeNull();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  expect(child.exitCode).toBe(0);
});

it('takes a data folder that is there but empty', async () => {
  await mkdir(data);
  await using host = await ServeProcess.start({ data });
  expect(await host.end()).toBe(0);
});
