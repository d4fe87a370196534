import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/http-call.ts';
import { collect, parseReply } from '../../support/http-raw.ts';
import { openHttpWorld } from '../../support/http-world.ts';

const BODY = { html_template: { content: 'x' } };

describe('closing the server', () => {
  it('answers those who wait at once with what there is, instead of making them lose the reply', async () => {
    const world = await openHttpWorld();
    const headers = await world.signIn();
    const sent = call(world, 'POST', '/pdf/generate', {
      headers: { ...headers, prefer: 'wait=60' },
      body: BODY,
    });
    await expect.poll(() => world.jobs.waits.length).toBe(1);
    const closed = world.http.close({ budgetMs: 10_000 });
    expect((await sent).text).toBe('{"job_id":1}');
    await closed;
    await expect(fetch(`${world.url}/health`)).rejects.toThrow();
    await world[Symbol.asyncDispose]();
  });

  it('refuses further requests on connections that are open, as a problem with Retry-After', async () => {
    const world = await openHttpWorld();
    const submit = Promise.withResolvers<{ id: number; replayed: boolean }>();
    world.jobs.submit = () => submit.promise;
    const { authorization } = await world.signIn();
    const body = JSON.stringify(BODY);
    const socket = connect(world.port, '127.0.0.1');
    const received = collect(socket);
    socket.write(
      `POST /pdf/generate HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await expect.poll(() => world.http.openConnections()).toBe(1);
    const idle = connect(world.port, '127.0.0.1');
    const idleReceived = collect(idle);
    idle.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(idle, 'data');
    const closed = world.http.close({ budgetMs: 10_000 });
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    submit.resolve({ id: 7, replayed: false });
    const text = await received;
    expect(text).toContain('{"job_id":7}');
    const second = parseReply(text.slice(text.lastIndexOf('HTTP/1.1 ')));
    if (second.status !== 202) {
      expect(second.status).toBe(503);
      expect(second.headers['content-type']).toBe('application/problem+json');
      expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
    }
    await idleReceived;
    await closed;
    await world[Symbol.asyncDispose]();
  });

  it('ends event streams and idle connections at once', async () => {
    const world = await openHttpWorld();
    const headers = await world.signIn();
    const stream = await fetch(`${world.url}/events`, { headers });
    await call(world, 'GET', '/health');
    await world.http.close({ budgetMs: 20_000 });
    await stream.text();
    expect(world.jobs.listeners).toBe(0);
    await world[Symbol.asyncDispose]();
  });

  it('cuts what is still under way after its budget', async () => {
    const world = await openHttpWorld();
    world.jobs.submit = () => new Promise(() => undefined);
    const headers = await world.signIn();
    const sent = fetch(`${world.url}/pdf/generate`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(BODY),
    });
    const failed = expect(sent).rejects.toThrow();
    await expect.poll(() => world.http.openConnections()).toBe(1);
    await world.http.close({ budgetMs: 200 });
    await failed;
    await world[Symbol.asyncDispose]();
  });

  it('may be asked for twice, and before anything listened', async () => {
    const world = await openHttpWorld();
    await Promise.all([world.http.close({ budgetMs: 100 }), world.http.close({ budgetMs: 100 })]);
    await world[Symbol.asyncDispose]();
  });
});
