import { request as httpRequest } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../contract/problem.ts';
import {
  STUDIO_HEADER,
  STUDIO_JOB_HEADER,
  StudioJobList,
  StudioStatus,
  StudioTemplateList,
} from '../../../contract/studio.ts';
import { isLoopbackAddress, isFromThisComputer } from '../../../core/http/studio-guard.ts';
import { openStudioWorld, template, type StudioWorld } from '../../support/studio-world.ts';

const PDF = Buffer.from('%PDF-1.7\nnot much of one\n%%EOF\n');

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

  const render = (body: unknown, signal?: AbortSignal): Promise<Response> =>
    fetch(`${world.url}/studio/render`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
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

  it('answers with what the contract says', async () => {
    const get = async (route: string): Promise<unknown> =>
      (await fetch(`${world.url}/studio/${route}`, { headers: own })).json();
    world.templates.push(template('broken', { problem: 'template.html is missing' }));
    expect(StudioStatus.parse(await get('status')).version).toBe('0.1.0');
    expect(StudioTemplateList.parse(await get('templates')).templates.map(({ id }) => id)).toEqual([
      'invoice',
      'broken',
    ]);
    expect(await get('templates/invoice/samples/default')).toEqual({ number: '2026-0117' });
    await render({ template_id: 'invoice', data: {} });
    expect(StudioJobList.parse(await get('jobs')).jobs[0]).toMatchObject({
      id: 1,
      template_id: 'invoice',
      duration_ms: 125,
    });
  });

  it('renders through the queue and answers with the PDF and its job', async () => {
    world.outcome = { kind: 'pdf', bytes: PDF };
    const reply = await render({ template_id: 'invoice', data: { number: 'A1' } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/pdf');
    expect(reply.headers.get(STUDIO_JOB_HEADER)).toBe('1');
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(PDF);
    expect(world.submitted[0]).toMatchObject({ html_template: { id: 'invoice' }, data: { number: 'A1' } });
  });

  it('says where in the template a render failed', async () => {
    world.outcome = {
      kind: 'error',
      detail: {
        code: 'TEMPLATE_UNKNOWN_HELPER',
        stage: 'render',
        message: 'There is no helper "curency".',
        hint: 'Did you mean "currency"?',
        template: 'html',
        line: 12,
        column: 5,
        source_line: '<td>{{curency amount}}</td>',
      },
    };
    const reply = await render({ template_id: 'invoice', data: {} });
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(Problem.parse(await reply.json())).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_HELPER',
      job_id: 1,
      error_detail: { line: 12, column: 5, hint: 'Did you mean "currency"?' },
    });
  });

  it('refuses a render request of another form, naming the field', async () => {
    const reply = await render({ template: 'invoice' });
    expect(reply.status).toBe(422);
    expect(Problem.parse(await reply.json()).errors?.map(({ path: field }) => field)).toContain(
      'template_id',
    );
    expect(world.submitted).toEqual([]);
  });

  it('cancels the job when the page goes away', async () => {
    world.outcome = { kind: 'endless' };
    const controller = new AbortController();
    const reply = render({ template_id: 'invoice', data: {} }, controller.signal);
    await vi.waitFor(() => expect(world.submitted).toHaveLength(1));
    controller.abort();
    await expect(reply).rejects.toThrow();
    await vi.waitFor(() => expect(world.cancelled).toEqual([1]));
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
      for (const [method, route] of [
        ['GET', 'status'],
        ['POST', 'render'],
      ] as const) {
        const reply = await send(
          `${world.url}/studio/${route}`,
          { ...own, host, 'content-type': 'application/json', ...headers },
          method,
          method === 'POST' ? '{"template_id":"invoice","data":{}}' : '',
        );
        expect(reply.status).toBe(403);
      }
      expect(world.submitted).toEqual([]);
    });
  }

  it('refuses a host name that only points here (DNS rebinding)', async () => {
    const { port } = new URL(world.url);
    for (const host of [`rebind.example:${port}`, `127.0.0.1.rebind.example:${port}`]) {
      expect((await send(`${world.url}/studio/status`, { ...own, host })).status, host).toBe(421);
    }
  });

  it('never invites another origin', async () => {
    const reply = await send(
      `${world.url}/studio/render`,
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
