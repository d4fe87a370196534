/** Who gets into the studio over HTTP, and who does not: the way of the key, the cookie, the events. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STUDIO_HEADER } from '../../../contract/studio/frame.ts';
import { studioRoutes } from '../../../contract/studio/table.ts';
import { OWNER_TOKEN, openStudioWorld, type StudioWorld } from '../../support/studio-world.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends exactly these headers. An endless reply is cut after its header. */
function send(url: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (reply) => {
      const done = (text: string): void =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text });
      if (reply.headers['content-type'] === 'text/event-stream') {
        done('');
        request.destroy();
        return;
      }
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => done(text));
    });
    request.once('error', reject);
    request.end(body);
  });
}

let page: string;
let world: StudioWorld;
beforeEach(async () => {
  page = await mkdtemp(path.join(tmpdir(), 'influxion-page-'));
  await mkdir(path.join(page, 'assets'));
  await writeFile(path.join(page, 'index.html'), '<!doctype html><title>The studio</title>');
  world = await openStudioWorld(page);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await rm(page, { recursive: true });
});

const cookieOf = ({ headers }: Reply): string => (headers['set-cookie']?.[0] ?? '').replace(/;.*/s, '');

describe('the one-time link', () => {
  it('gives a session cookie that no script and no other site has, and leaves the key behind', async () => {
    const entered = await send(world.link());
    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe('/');
    const { port } = new URL(world.url);
    expect(entered.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^influxion_studio_${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(entered.headers['referrer-policy']).toBe('no-referrer');
    expect(entered.headers['cache-control']).toBe('no-store');
    const studio = await send(world.url, { cookie: cookieOf(entered) });
    expect(studio.status).toBe(200);
    expect(studio.body).toContain('The studio');
  });

  it('works once; whoever follows his own link again is in already', async () => {
    const link = world.link();
    const cookie = cookieOf(await send(link));
    const again = await send(link);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain('npx influxion studio');
    expect((await send(link, { cookie })).headers.location).toBe('/');
  });

  it('of two that race for it lets one in', async () => {
    const link = world.link();
    const replies = await Promise.all([send(link), send(link), send(link)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 403, 403]);
  });

  it('followed from a page of another site gets in too, though a redirect would lose the cookie', async () => {
    const entered = await send(world.link(), { 'sec-fetch-site': 'cross-site' });
    expect(entered.status).toBe(200);
    expect(entered.body).toContain('<meta http-equiv="refresh" content="0; url=/">');
    expect((await send(world.url, { cookie: cookieOf(entered) })).body).toContain('The studio');
  });

  it.each([
    ['a browser that looks ahead', { 'sec-purpose': 'prefetch;prerender' }, 'GET'],
    ['an older one', { purpose: 'prefetch' }, 'GET'],
    ['HEAD', {}, 'HEAD'],
  ] as [string, Record<string, string>, string][])('is not used up by %s', async (_who, headers, method) => {
    const link = world.link();
    expect((await send(link, headers, method)).headers['set-cookie']).toBeUndefined();
    expect((await send(link)).status).toBe(303);
  });

  it.each([
    ['a wrong key', '/?key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['no key', '/?key='],
    ['two keys', '/?key=a&key=b'],
    ['a long key', `/?key=${'a'.repeat(4000)}`],
    ['markup', '/?key=%3Cscript%3Ealert(1)%3C/script%3E'],
  ])('is refused with %s, and what was sent is not repeated', async (_what, address) => {
    const reply = await send(`${world.url}${address}`);
    expect(reply.status).toBe(403);
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(reply.body).not.toMatch(/alert|aaaa/);
  });

  it('is of no use from elsewhere: a proxy, a name that only points here', async () => {
    const link = world.link();
    const { port } = new URL(world.url);
    expect((await send(link, { 'x-forwarded-for': '192.168.1.9' })).headers.location).toBe('/docs');
    expect((await send(link, { host: `rebind.example:${port}` })).status).toBe(421);
    expect((await send(link)).status).toBe(303);
  });
});

describe('without a session', () => {
  it('the page says how to get in, and runs nothing', async () => {
    const reply = await send(world.url);
    expect(reply.status).toBe(401);
    expect(reply.body).toContain('npx influxion studio');
    expect(reply.body).not.toMatch(/<script|The studio</);
    expect(reply.headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  const OWN = { [STUDIO_HEADER]: '1', 'content-type': 'application/json' };
  const cookies: Record<string, () => string> = {
    'no cookie': () => '',
    'a made-up cookie': () => `influxion_studio_${new URL(world.url).port}=AAAA`,
    'an empty cookie': () => `influxion_studio_${new URL(world.url).port}=`,
    'the cookie of another port': () => world.signIn().replace(/_\d+=/, '_1='),
    'a key in place of a session': () =>
      `influxion_studio_${new URL(world.url).port}=${new URL(world.link()).searchParams.get('key') ?? ''}`,
  };
  for (const [what, cookie] of Object.entries(cookies)) {
    it(`no call and no event is answered with ${what}`, async () => {
      for (const name of Object.keys(studioRoutes)) {
        const reply = await send(
          `${world.url}/studio/rpc/${name}`,
          { ...OWN, cookie: cookie() },
          'POST',
          '{}',
        );
        expect(reply.status, name).toBe(401);
        expect(reply.body, name).toContain('STUDIO_SIGN_IN');
      }
      const events = { cookie: cookie(), 'sec-fetch-site': 'same-origin' };
      expect((await send(`${world.url}/studio/events`, events)).status).toBe(401);
    });
  }

  it('a cookie of an earlier start is of no use', async () => {
    const cookie = world.signIn();
    await using other = await openStudioWorld(page);
    const renamed = cookie.replace(/_\d+=/, `_${new URL(other.url).port}=`);
    expect((await send(other.url, { cookie: renamed })).status).toBe(401);
  });
});

describe('with a session', () => {
  it('calls and events are answered', async () => {
    const cookie = world.signIn();
    const own = { [STUDIO_HEADER]: '1', 'content-type': 'application/json', cookie };
    const reply = await send(`${world.url}/studio/rpc/no.such`, own, 'POST', '{}');
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    const events = await send(`${world.url}/studio/events`, { cookie, 'sec-fetch-site': 'same-origin' });
    expect(events.status).toBe(200);
  });

  it('an open stream of events does not keep the host from stopping, and its page is told', async () => {
    const other = await openStudioWorld(page);
    const headers = { cookie: other.signIn(), 'sec-fetch-site': 'same-origin' };
    const ended = Promise.withResolvers<undefined>();
    const request = httpRequest(`${other.url}/studio/events`, { headers, agent: false }, (reply) => {
      reply.resume().once('end', () => ended.resolve(undefined));
      void other.close(60_000);
    });
    request.end();
    await ended.promise;
    await other[Symbol.asyncDispose]();
  });

  const foreign: Record<string, Record<string, string>> = {
    'from another site': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    'from another port of this computer': { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
    'by a program that says nothing of its origin': { [STUDIO_HEADER]: '0' },
    'through a proxy': { 'x-forwarded-for': '203.0.113.9', 'sec-fetch-site': 'same-origin' },
    'typed into the address bar': { 'sec-fetch-site': 'none' },
  };
  for (const [how, headers] of Object.entries(foreign)) {
    it(`a request ${how} is refused all the same`, async () => {
      const own = { [STUDIO_HEADER]: '1', 'content-type': 'application/json', cookie: world.signIn() };
      const reply = await send(`${world.url}/studio/rpc/app.status`, { ...own, ...headers }, 'POST', '{}');
      expect(reply.status).toBe(403);
      const asEvents = { 'sec-fetch-site': 'cross-site', ...headers, cookie: own.cookie };
      expect((await send(`${world.url}/studio/events`, asEvents)).status).toBe(403);
    });
  }
});

describe('a fresh link for the command line', () => {
  const ask = (headers: Record<string, string>) =>
    send(`${world.url}/studio-link`, { 'content-type': 'application/json', ...headers }, 'POST', '{}');

  it("is made for the owner's token alone", async () => {
    const reply = await ask({ authorization: `Bearer ${OWNER_TOKEN}` });
    const { studio_url } = JSON.parse(reply.body) as { studio_url: string };
    expect(studio_url.startsWith(`${world.url}/?key=`)).toBe(true);
    expect((await send(studio_url)).status).toBe(303);
  });

  it.each([
    ['nothing', {}, 401],
    ['another token', { authorization: 'Bearer abc' }, 401],
    ['a session of the page, which may not hand itself on', { cookie: 'studio' }, 401],
    ['the token through a proxy', { authorization: `Bearer ${OWNER_TOKEN}`, via: '1.1 proxy' }, 403],
  ] as [string, Record<string, string>, number][])('is not for %s', async (_who, headers, status) => {
    const cookie = headers['cookie'] === undefined ? {} : { cookie: world.signIn() };
    expect((await ask({ ...headers, ...cookie })).status).toBe(status);
  });
});
