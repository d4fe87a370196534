import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Job } from '../../../contract/job.ts';
import { JobWebhook } from '../../../contract/webhook.ts';
import { heldPipeline } from '../../support/job-world.ts';
import { isSigned, openReceiver, type Received, type Receiver } from '../../support/webhook-receiver.ts';
import { openWebhookWorld, SECRET, type WebhookWorld } from '../../support/webhook-world.ts';

const NONE: Received = { path: '', headers: {}, body: '' };

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function openFor(options: Parameters<typeof openWebhookWorld>[0] = {}): Promise<WebhookWorld> {
  const world = await openWebhookWorld({ allowed: [receiver.host], ...options });
  onTestFinished(() => world[Symbol.asyncDispose]());
  return world;
}

const wanted = (more: { url?: string } = {}) => ({
  webhook_url: more.url ?? `${receiver.url}/pdf`,
  webhook_secret: SECRET,
});

const settled = (world: WebhookWorld, state: string) =>
  expect.poll(() => world.deliveries().map((delivery) => delivery.state)).toEqual([state]);

describe('a job that has ended', () => {
  it('is told by a signed message that names it', async () => {
    const world = await openFor();
    const id = await world.jobs.submit('hello', wanted());
    const job = await world.jobs.ended(id);
    await settled(world, 'delivered');
    expect(receiver.received).toHaveLength(1);
    const [one = NONE] = receiver.received;
    expect(isSigned(one, SECRET)).toBe(true);
    expect(one).toMatchObject({
      path: '/pdf',
      headers: { 'content-type': 'application/json', 'user-agent': 'Influxion/1.2.3' },
    });
    expect(Math.abs(Number(one.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    const told = JobWebhook.parse(JSON.parse(one.body));
    expect(told).toMatchObject({ type: 'job.done', data: Job.parse(job) });
    expect(Math.abs(Date.parse(told.timestamp) - Date.parse(job.completed_at ?? ''))).toBeLessThan(60_000);
    expect(world.deliveries()).toMatchObject([
      { id: one.headers['webhook-id'], job_id: id, client_id: 'alice', attempts: 1, last_status: 204 },
    ]);
  });

  it('is told when it failed, and when it was cancelled', async () => {
    const held = heldPipeline();
    const world = await openFor({ jobs: { run: held.run } });
    const failing = await world.jobs.submit('fails', wanted());
    (await held.next()).fail(new Error('no'));
    const cancelled = await world.jobs.submit('cancelled', wanted());
    await held.next();
    await world.jobs.queue.cancel(cancelled);
    await expect.poll(() => receiver.received.length).toBe(2);
    const told = receiver.received.map(({ body }) => JobWebhook.parse(JSON.parse(body)));
    expect(told.map(({ type, data }) => [type, data.id, data.error_detail?.code])).toEqual([
      ['job.failed', failing, 'INTERNAL'],
      ['job.failed', cancelled, 'JOB_CANCELLED'],
    ]);
  });

  it('is told to the address of its client, unless it has one of its own', async () => {
    const world = await openFor();
    const { client_id } = await world.access.createClient({ name: 'billing' });
    const caller = { clientId: client_id, admin: false };
    const { secret } = await world.webhooks.setForClient(client_id, `${receiver.url}/client`, undefined);
    await world.jobs.ended(await world.jobs.submit('one', {}, caller));
    await world.jobs.ended(await world.jobs.submit('two', { webhook_url: `${receiver.url}/own` }, caller));
    await expect.poll(() => receiver.received.map(({ path }) => path).sort()).toEqual(['/client', '/own']);
    for (const one of receiver.received) expect(isSigned(one, secret)).toBe(true);
    expect(world.access.listClients()).toMatchObject([{ webhook_url: `${receiver.url}/client` }]);
    await world.webhooks.clearForClient(client_id);
    await world.jobs.ended(await world.jobs.submit('three', {}, caller));
    await world.webhooks.setForClient(client_id, `${receiver.url}/client`, SECRET);
    world.access.removeClient(client_id);
    await world.jobs.ended(await world.jobs.submit('four', {}, caller));
    expect(world.deliveries()).toHaveLength(2);
  });

  it('is not held up by a receiver that hangs', async () => {
    const world = await openFor({ policy: { answerMs: 600_000 } });
    receiver.answer = () => undefined;
    const id = await world.jobs.submit('hello', wanted());
    expect(await world.jobs.ended(id)).toMatchObject({ status: 'Done' });
    await expect.poll(() => receiver.received.length).toBe(1);
    expect(world.deliveries()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });
});

describe('what does not arrive', () => {
  it('is tried again with the same id and a new signature until it does', async () => {
    const world = await openFor();
    let failures = 2;
    receiver.answer = (_request, response) => response.writeHead(failures-- > 0 ? 503 : 200).end();
    await world.jobs.submit('hello', wanted());
    await settled(world, 'delivered');
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    for (const one of receiver.received) expect(isSigned(one, SECRET)).toBe(true);
    expect(world.deliveries()).toMatchObject([{ attempts: 3, last_status: 200, last_error: null }]);
  });

  it.each([
    ['answers with an error', 500, /^127\.0\.0\.1:\d+ answers with status 500\.$/],
    ['sends to this computer', 302, /sends elsewhere \(status 302\), which is not followed/],
  ])('is given up after its last attempt: %s', async (_name, status, error) => {
    await using other = await openReceiver();
    const world = await openFor();
    receiver.answer = (_request, response) =>
      response.writeHead(status, { location: `${other.url}/x` }).end();
    await world.jobs.submit('hello', wanted());
    await settled(world, 'failed');
    expect(receiver.received).toHaveLength(5);
    expect(other.received).toEqual([]);
    expect(world.deliveries()).toMatchObject([
      { attempts: 5, last_status: status, last_error: expect.stringMatching(error) as string },
    ]);
  });

  it('ends at once where the receiver says that it wants no more', async () => {
    const world = await openFor();
    receiver.answer = (_request, response) => response.writeHead(410).end();
    await world.jobs.submit('hello', wanted());
    await settled(world, 'failed');
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ['answers in an hour', (): void => undefined],
    [
      'drips its header',
      (response: ServerResponse): void => {
        response.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
        const timer = setInterval(() => response.socket?.write('a'), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('is told in words when the receiver %s', async (_name, answer) => {
    const world = await openFor({ policy: { maxAttempts: 1 } });
    receiver.answer = (_request, response) => answer(response);
    await world.jobs.submit('hello', wanted());
    await settled(world, 'failed');
    expect(world.deliveries()).toMatchObject([
      { last_status: null, last_error: expect.stringContaining('did not answer within 0.25 s') as string },
    ]);
    await expect.poll(() => receiver.open.now).toBe(0);
  });

  it('is told in words when nobody listens, and when it is no HTTP', async () => {
    const world = await openFor({ policy: { maxAttempts: 1 } });
    receiver.answer = (_request, response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n');
    await world.jobs.submit('hello', wanted());
    await settled(world, 'failed');
    expect(world.deliveries()[0]?.last_error).toContain('does not answer in HTTP');
    world.allowed = ['127.0.0.1:1'];
    await world.jobs.submit('hello', wanted({ url: 'http://127.0.0.1:1/' }));
    await expect.poll(() => world.deliveries()[0]?.last_error).toBe('127.0.0.1:1 takes no connections.');
  });

  it('an answer without end counts by its status and is cut off', async () => {
    const world = await openFor();
    receiver.answer = (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.once('close', () => clearInterval(timer));
    };
    await world.jobs.submit('hello', wanted());
    await settled(world, 'delivered');
    await expect.poll(() => receiver.open.now).toBe(0);
  });

  it('can be sent again under its old id', async () => {
    const world = await openFor({ policy: { maxAttempts: 1 } });
    receiver.answer = (_request, response) => response.writeHead(500).end();
    await world.jobs.submit('hello', wanted());
    await settled(world, 'failed');
    receiver.answer = (_request, response) => response.writeHead(200).end();
    const id = world.deliveries()[0]?.id ?? '';
    await expect(world.webhooks.resend(id, 'bob')).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    expect(await world.webhooks.resend(id, 'alice')).toMatchObject({ id, state: 'waiting', attempts: 0 });
    await settled(world, 'delivered');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
  });

  it('a host that hangs takes its own slots and no others', async () => {
    await using other = await openReceiver();
    const world = await openFor({
      allowed: [receiver.host, other.host],
      policy: { perHost: 2, atOnce: 3, answerMs: 600_000 },
    });
    receiver.answer = () => undefined;
    for (let n = 0; n < 10; n += 1) await world.jobs.submit(`hangs ${n}`, wanted());
    await expect.poll(() => receiver.received.length).toBe(2);
    for (let n = 0; n < 10; n += 1) await world.jobs.submit(`goes ${n}`, wanted({ url: other.url }));
    await expect.poll(() => other.received.length).toBe(10);
    expect(receiver.open.most).toBe(2);
    expect(other.open.most).toBe(1);
  });
});

describe('where webhooks may go', () => {
  it('nowhere, until the owner allows an address; then nothing was started', async () => {
    const world = await openFor({ allowed: [] });
    await expect(world.jobs.submit('hello', wanted())).rejects.toMatchObject({
      code: 'WEBHOOK_NOT_ALLOWED',
      message: expect.stringContaining('not on the list of addresses') as string,
      details: { hint: expect.stringContaining(`influxion webhook allow ${receiver.host}`) as string },
    });
    const domain = { ...wanted(), webhook_url: 'http://169.254.169.254/latest/meta-data' };
    world.allowed = ['*.example.com', 'example.com'];
    await expect(world.jobs.submit('hello', domain)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' });
    expect(world.jobs.queue.counts().received).toBe(0);
  });

  it('not to this computer by a name that leads there, whatever it led to before', async () => {
    // What a rebinding DNS server does: a public address for the check, loopback for the connection.
    let asked = 0;
    const world = await openFor({
      allowed: [`hooks.example.com:${new URL(receiver.url).port}`],
      resolve: () => {
        asked += 1;
        return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
      },
    });
    const url = receiver.url.replace('127.0.0.1', 'hooks.example.com');
    await world.jobs.submit('hello', wanted({ url }));
    await settled(world, 'failed');
    expect(asked).toBe(1);
    expect(world.deliveries()[0]?.last_error).toBe(
      'What the name hooks.example.com leads to is an address of this computer itself.',
    );
    expect(receiver.received).toEqual([]);
  });

  it('connects to what was looked up and judged, not to what the name means a moment later', async () => {
    const world = await openFor({
      allowed: [`localhost:${new URL(receiver.url).port}`],
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    await world.jobs.submit('hello', wanted({ url: receiver.url.replace('127.0.0.1', 'localhost') }));
    await settled(world, 'delivered');
    expect(receiver.received[0]?.headers.host).toBe(`localhost:${new URL(receiver.url).port}`);
  });

  it('no longer once the owner takes an address off the list', async () => {
    const world = await openFor({ jobs: { started: false } });
    await world.jobs.submit('hello', wanted());
    world.allowed = [];
    await world.jobs.queue.start();
    await settled(world, 'failed');
    expect(receiver.received).toEqual([]);
    expect(world.deliveries()[0]?.last_error).toContain('no longer on the list');
  });

  it('a webhook without a secret and a secret without a webhook are refused', async () => {
    const world = await openFor();
    for (const more of [{ webhook_url: receiver.url }, { webhook_secret: SECRET }]) {
      await expect(world.jobs.submit('hello', more)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });
});

describe('the outbox', () => {
  it('survives a restart, and a clock that was set back', async () => {
    const folder = (await openFor({ policy: { baseMs: 3_600_000, capMs: 3_600_000 } })).folder;
    let ahead = 24 * 3_600_000;
    const clock = { now: () => Date.now() + ahead, monotonic: () => performance.now() };
    const before = await openWebhookWorld({
      folder: join(folder, 'kept'),
      allowed: [receiver.host],
      clock,
      policy: { baseMs: 3_600_000, capMs: 3_600_000 },
    });
    receiver.answer = (_request, response) => response.writeHead(500).end();
    await before.jobs.submit('hello', wanted());
    await expect.poll(() => before.deliveries()[0]?.attempts).toBe(1);
    await before.close();
    receiver.answer = (_request, response) => response.writeHead(200).end();
    ahead = 0;
    const after = await openWebhookWorld({ folder: join(folder, 'kept'), allowed: [receiver.host], clock });
    onTestFinished(() => after.close());
    await settled(after, 'delivered');
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('holds no secret that could be read, nor do payloads, logs and lists', async () => {
    const world = await openFor();
    const id = await world.jobs.submit('hello', wanted());
    await settled(world, 'delivered');
    expect(await world.jobs.queue.inputs(id)).not.toHaveProperty('webhook_secret');
    expect(inspect([world.log, world.deliveries()], { depth: 9 })).not.toContain(SECRET.slice(6));
    await world.close();
    for (const name of readdirSync(world.folder, { recursive: true, encoding: 'utf8' })) {
      const file = join(world.folder, name);
      if (statSync(file).isFile())
        expect([name, readFileSync(file).includes(SECRET.slice(6))]).toEqual([name, false]);
    }
  });

  it('gives each idempotent request one job and one message, and refuses another address under the same key', async () => {
    const world = await openFor();
    const { queue } = world.jobs;
    const caller = { clientId: 'alice', admin: false };
    const request = { html_template: { content: 'x' }, data: { text: 'x' }, ...wanted() };
    const first = await queue.submit(request, { caller, idempotencyKey: 'k' });
    expect(await queue.submit(request, { caller, idempotencyKey: 'k' })).toEqual({
      id: first.id,
      replayed: true,
    });
    const other = { ...request, webhook_url: `${receiver.url}/other` };
    await expect(queue.submit(other, { caller, idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    });
    await settled(world, 'delivered');
  });
});
