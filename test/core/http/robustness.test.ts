import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../contract/problem.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';
import { collect, parseReply, sendRaw } from '../../support/http-raw.ts';

const isProblem = (text: string, status: number): void => {
  const reply = parseReply(text);
  expect(reply.status, text.slice(0, 300)).toBe(status);
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(Problem.parse(JSON.parse(reply.body)).status).toBe(status);
};

describe('bytes that no client should send', () => {
  let world: HttpWorld;
  let authorization: string;
  beforeAll(async () => {
    world = await openHttpWorld({
      limits: { bodyBytes: 1000, headersTimeoutMs: 400, requestTimeoutMs: 800, connectionsPerAddress: 20 },
    });
    ({ authorization } = await world.signIn());
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const head = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
  const get = (path: string, ...lines: string[]): string =>
    head([`GET ${path} HTTP/1.1`, `Host: localhost:${world.port}`, ...lines]);

  it.each([
    ['garbage', '\u0000\u0001\u0002hello\r\n\r\n'],
    ['a TLS hello', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc'],
    ['a method that is none', 'FROB / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['HTTP/2 without negotiation', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without colon', 'GET /health HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n'],
    ['a space before the colon', 'GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n'],
    ['a folded header', 'GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n'],
    ['an absolute address', 'GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['* for a path', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [
      'length and chunks at once (CL.TE smuggling)',
      'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX',
    ],
    [
      'two lengths',
      'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x',
    ],
    [
      'an obfuscated Transfer-Encoding',
      'POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    ],
  ])('%s: 400 as a problem, and the connection is closed', async (_name, bytes) => {
    isProblem(await sendRaw(world.port, Buffer.from(bytes, 'latin1')), 400);
  });

  it('a header of 100 kB is 431, not memory', async () => {
    isProblem(await sendRaw(world.port, get('/health', `X: ${'a'.repeat(100_000)}`)), 431);
  });

  it('an address of 100 kB is 431', async () => {
    isProblem(await sendRaw(world.port, get(`/${'a'.repeat(100_000)}`)), 431);
  });

  it('a header that never ends is cut (slowloris)', async () => {
    const socket = connect(world.port, '127.0.0.1');
    const received = collect(socket);
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n');
    isProblem(await received, 408);
  });

  it('a body that never ends is cut', async () => {
    const socket = connect(world.port, '127.0.0.1');
    const received = collect(socket);
    socket.write(
      head([
        'POST /pdf/generate HTTP/1.1',
        'Host: localhost',
        `Authorization: ${authorization}`,
        'Content-Type: application/json',
        'Content-Length: 500',
      ]),
    );
    socket.write('{"data"');
    isProblem(await received, 408);
  });

  it('a body announced as too large is refused before any of it was sent', async () => {
    const socket = connect(world.port, '127.0.0.1');
    const received = collect(socket);
    socket.write(
      head([
        'POST /pdf/generate HTTP/1.1',
        'Host: localhost',
        `Authorization: ${authorization}`,
        'Content-Type: application/json',
        'Content-Length: 1000000',
        'Expect: 100-continue',
      ]),
    );
    const text = await received;
    expect(text).not.toContain('100 Continue');
    isProblem(text, 413);
  });

  it('chunks that add up to too much are cut while they come', async () => {
    const socket = connect(world.port, '127.0.0.1');
    const received = collect(socket);
    socket.write(
      head([
        'POST /pdf/generate HTTP/1.1',
        'Host: localhost',
        `Authorization: ${authorization}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ]),
    );
    socket.write(`400\r\n${'x'.repeat(1024)}\r\n`);
    socket.write(`400\r\n${'x'.repeat(1024)}\r\n`);
    isProblem(await received, 413);
  });

  it('a body that is allowed is invited with 100 Continue', async () => {
    const socket = connect(world.port, '127.0.0.1');
    const received = collect(socket);
    const body = '{"html_template":{"content":"x"}}';
    socket.write(
      head([
        'POST /pdf/generate HTTP/1.1',
        'Host: localhost',
        `Authorization: ${authorization}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Expect: 100-continue',
        'Connection: close',
      ]),
    );
    await once(socket, 'data');
    socket.write(body);
    expect(await received).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 202 /);
  });

  it('pipelined requests are answered in their order, on one connection', async () => {
    const text = await sendRaw(
      world.port,
      get('/health') + get('/nothing') + get('/openapi.json') + get('/pdf', 'Connection: close'),
    );
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '404',
      '200',
      '401',
    ]);
  });

  it('one address cannot take all connections', async () => {
    const sockets = Array.from({ length: 20 }, () => connect(world.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const extra = connect(world.port, '127.0.0.1');
    isProblem(await collect(extra), 503);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await fetch(`${world.url}/health`)).status).toBe(200);
  });

  it('the server still answers after all of that', async () => {
    expect((await fetch(`${world.url}/health`)).status).toBe(200);
  });
});

describe('who may talk to it', () => {
  let world: HttpWorld;
  beforeAll(async () => {
    world = await openHttpWorld({ allowedHosts: ['pdf.example'] });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const send = (method: string, ...headers: string[]): Promise<string> =>
    sendRaw(
      world.port,
      `${method} /health HTTP/1.1\r\n${[...headers, 'Connection: close', 'Content-Length: 0'].join('\r\n')}\r\n\r\n`,
    );

  it.each([
    'localhost',
    'LOCALHOST:8787',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]:80',
    'pdf.example',
  ])('the Host %s is served', async (host) => {
    expect(parseReply(await send('GET', `Host: ${host}`)).status).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:80',
    '127.0.0.1.nip.io',
    '192.168.1.1',
    '[::2]',
    'localhost@evil.example',
    '2130706433',
    '0x7f.1',
    '',
  ])('the Host "%s" is 421: a rebound name must not reach the API', async (host) => {
    const reply = parseReply(await send('GET', `Host: ${host}`));
    expect(reply.status).toBe(421);
    expect(Problem.parse(JSON.parse(reply.body)).code).toBe('HOST_NOT_ALLOWED');
  });

  it.each([
    ['another site', 'Origin: https://evil.example'],
    ['a sandboxed page', 'Origin: null'],
    ['another port', 'Origin: http://localhost:1'],
    ['a look-alike', 'Origin: http://localhost:8787.evil.example'],
    ['a cross-site request without Origin', 'Sec-Fetch-Site: cross-site'],
    ['another port on this site', 'Sec-Fetch-Site: same-site'],
  ])('a page of %s may change nothing', async (_name, header) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const reply = parseReply(await send(method, 'Host: localhost:8787', header));
      expect([method, reply.status]).toEqual([method, 403]);
    }
  });

  it('its own page may', async () => {
    const reply = await send('POST', 'Host: localhost:8787', 'Origin: http://localhost:8787');
    expect(parseReply(reply).status).toBe(405);
  });

  it('a preflight is never answered with an invitation', async () => {
    const reply = parseReply(
      await send(
        'OPTIONS',
        'Host: localhost',
        'Origin: https://evil.example',
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Private-Network: true',
      ),
    );
    expect(reply.status).toBe(405);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('every reply carries the security headers', async () => {
    const reply = await fetch(`${world.url}/health`);
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
    expect(reply.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(reply.headers.get('server')).toBeNull();
    expect(reply.headers.get('x-powered-by')).toBeNull();
  });
});
