import { request as httpRequest } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STUDIO_HEADER } from '../../../contract/studio/frame.ts';
import { isLoopbackAddress, isFromThisComputer } from '../../../core/http/studio/studio-guard.ts';
import { openStudioWorld, type StudioWorld } from '../../support/studio-world.ts';

interface RawReply {
  readonly status: number;
  readonly body: string;
}

/** Sends exactly these headers; `fetch` forbids Host, Origin and the like. */
function send(url: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: text }));
    });
    request.once('error', reject);
    request.end(body);
  });
}

describe('the studio over HTTP', () => {
  let page: string;
  let world: StudioWorld;
  /** What the page sends by itself. */
  let own: Record<string, string>;

  beforeEach(async () => {
    page = await mkdtemp(path.join(tmpdir(), 'influxion-page-'));
    await mkdir(path.join(page, 'assets'));
    await writeFile(path.join(page, 'index.html'), '<!doctype html><title>Influxion</title>');
    await writeFile(path.join(page, 'assets', 'index-1a2b.js'), 'export {};');
    await writeFile(path.join(page, 'secret.map'), 'sources');
    world = await openStudioWorld(page);
    own = { [STUDIO_HEADER]: '1', cookie: world.signIn() };
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
    await rm(page, { recursive: true });
  });

  it('serves the page under a policy that lets no foreign or inline code run', async () => {
    const reply = await fetch(`${world.url}/`, { headers: own });
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy.replace("style-src 'self' 'unsafe-inline'", '')).not.toMatch(/unsafe|\*/);
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    const asset = await fetch(`${world.url}/assets/index-1a2b.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });

  it('serves nothing but the files of the page', async () => {
    for (const url of [
      '/secret.map',
      '/assets/../secret.map',
      '/assets/%2e%2e/secret.map',
      '/index.html',
      '/assets/',
    ]) {
      expect((await send(`${world.url}${url}`, {})).status, url).toBe(404);
    }
  });

  it('says what to do when the page was not built', async () => {
    await using unbuilt = await openStudioWorld(path.join(page, 'nowhere'));
    const reply = await fetch(unbuilt.url, { headers: { cookie: unbuilt.signIn() } });
    expect(reply.status).toBe(503);
    expect(await reply.text()).toContain('npm run build');
  });

  const foreign: Record<string, Record<string, string>> = {
    'without the header that only the page can send': { [STUDIO_HEADER]: '0' },
    'from another site': { origin: 'https://evil.example' },
    'from another port of this computer': { origin: 'http://127.0.0.1:1' },
    'from a sandboxed frame': { origin: 'null' },
    'marked cross-site by the browser': { 'sec-fetch-site': 'cross-site' },
    'marked same-site by the browser': { 'sec-fetch-site': 'same-site' },
    'through a proxy (X-Forwarded-For)': { 'x-forwarded-for': '203.0.113.9' },
    'through a proxy (Forwarded)': { forwarded: 'for=203.0.113.9' },
    'through a proxy (Via)': { via: '1.1 proxy' },
  };
  for (const [how, headers] of Object.entries(foreign)) {
    it(`refuses a request ${how}`, async () => {
      const { host } = new URL(world.url);
      const sent = { ...own, host, 'content-type': 'application/json', ...headers };
      expect((await send(`${world.url}/studio/rpc/app.status`, sent, 'POST', '{}')).status).toBe(403);
      expect(world.calls).toEqual([]);
    });
  }

  it('refuses a host name that only points here (DNS rebinding)', async () => {
    const { port } = new URL(world.url);
    for (const host of [`rebind.example:${port}`, `127.0.0.1.rebind.example:${port}`]) {
      const reply = await send(`${world.url}/studio/rpc/app.status`, { ...own, host }, 'POST', '{}');
      expect(reply.status, host).toBe(421);
    }
  });

  it('never invites another origin', async () => {
    const reply = await send(
      `${world.url}/studio/rpc/jobs.submit`,
      {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': STUDIO_HEADER,
      },
      'OPTIONS',
    );
    expect(reply.status).toBeGreaterThanOrEqual(400);
  });
});

describe('who counts as this computer', () => {
  it('knows the loopback addresses and no others', () => {
    for (const address of ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1']) {
      expect(isLoopbackAddress(address), address).toBe(true);
    }
    for (const address of [
      '10.0.0.1',
      '0.0.0.0',
      '::',
      '::ffff:10.0.0.1',
      '127.0.0.1.example',
      '',
      undefined,
    ]) {
      expect(isLoopbackAddress(address), address).toBe(false);
    }
  });

  it('wants a loopback name in Host as well', () => {
    const from = (host: string): boolean =>
      isFromThisComputer({ remoteAddress: '127.0.0.1', headers: { host } });
    for (const host of ['localhost', 'localhost:8787', 'LOCALHOST:80', '127.0.0.1:8787', '[::1]:8787']) {
      expect(from(host), host).toBe(true);
    }
    for (const host of [
      'example.com',
      '10.0.0.1:8787',
      '127.0.0.1.example:80',
      'localhost.example',
      'user@localhost',
      '',
    ]) {
      expect(from(host), host).toBe(false);
    }
  });

  it('turns away what another computer sends', () => {
    expect(isFromThisComputer({ remoteAddress: '192.168.1.7', headers: { host: 'localhost:8787' } })).toBe(
      false,
    );
  });
});
