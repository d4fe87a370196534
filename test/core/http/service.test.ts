import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatMetrics } from '../../../core/http/metrics.ts';
import { call } from '../../support/http-call.ts';
import { ZIP } from '../../support/http-templates.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

describe('templates over HTTP', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeEach(async () => {
    world = await openHttpWorld();
    headers = await world.signIn();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const zip = (method: string, url: string, body: Uint8Array<ArrayBuffer> = Buffer.from(ZIP)) =>
    call(world, method, url, { headers: { ...headers, 'content-type': 'application/zip' }, body });

  it('are listed, told, exported and give their samples', async () => {
    expect((await call(world, 'GET', '/templates', { headers })).json()).toMatchObject({
      templates: [{ id: 'invoice' }],
    });
    expect((await call(world, 'GET', '/templates/invoice', { headers })).json()).toMatchObject({
      html: '<p>{{x}}</p>',
    });
    const sample = await call(world, 'GET', '/templates/invoice/samples/default', { headers });
    expect([sample.text, sample.headers.get('content-type')]).toEqual(['{"x": 1}', 'application/json']);
    const exported = await call(world, 'GET', '/templates/invoice/export', { headers });
    expect(exported.bytes.equals(ZIP)).toBe(true);
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename="invoice.zip"');
  });

  it('come in as a zip: added once, replaced by PUT, deleted', async () => {
    const added = await zip('POST', '/templates?name=letter');
    expect([added.status, added.headers.get('location')]).toEqual([201, '/templates/letter']);
    expect((await zip('POST', '/templates?name=letter')).status).toBe(409);
    expect((await zip('PUT', '/templates/letter')).status).toBe(200);
    expect((await zip('PUT', '/templates/fresh')).status).toBe(201);
    expect((await call(world, 'DELETE', '/templates/letter', { headers })).status).toBe(204);
    expect((await call(world, 'GET', '/templates/letter', { headers })).status).toBe(404);
  });

  it('refuse what is no zip', async () => {
    expect((await zip('POST', '/templates', Buffer.from('hello'))).status).toBe(422);
    expect((await call(world, 'POST', '/templates', { headers, body: {} })).status).toBe(415);
    expect((await call(world, 'POST', '/templates', { headers })).status).toBe(415);
  });

  it('are not taken as zip where JSON belongs', async () => {
    expect((await zip('POST', '/pdf/generate')).status).toBe(415);
  });

  it('need their scopes', async () => {
    const reader = await world.signIn(['templates.read']);
    expect((await call(world, 'GET', '/templates', { headers: reader })).status).toBe(200);
    expect((await call(world, 'DELETE', '/templates/invoice', { headers: reader })).status).toBe(403);
    expect((await call(world, 'GET', '/pdf', { headers: reader })).status).toBe(403);
  });
});

describe('clients over HTTP', () => {
  it('are made by an admin, shown without their secret, and removed', async () => {
    await using world = await openHttpWorld();
    const headers = await world.signIn(['admin']);
    const made = await call(world, 'POST', '/clients', {
      headers,
      body: { name: ' billing ', scopes: ['pdf'] },
    });
    expect(made.status).toBe(201);
    const { client_id, client_secret } = made.json<{ client_id: string; client_secret: string }>();
    expect(made.headers.get('location')).toBe(`/clients/${client_id}`);
    const list = await call(world, 'GET', '/clients', { headers });
    expect(list.text).toContain('"name":"billing"');
    expect(list.text).not.toContain(client_secret);
    expect((await call(world, 'DELETE', `/clients/${client_id}`, { headers })).status).toBe(204);
    expect((await call(world, 'DELETE', `/clients/${client_id}`, { headers })).status).toBe(404);
    expect((await call(world, 'POST', '/clients', { headers, body: { name: '' } })).status).toBe(422);
    expect(
      (await call(world, 'POST', '/clients', { headers, body: { name: 'x', scopes: ['root'] } })).status,
    ).toBe(422);
  });
});

describe('the state of the service', () => {
  it('is 200 while ready, else 503 with the reason', async () => {
    await using world = await openHttpWorld();
    const ready = await call(world, 'GET', '/health');
    expect(ready.json()).toMatchObject({ status: 'ready', version: '1.2.3' });
    world.health = { ...world.health, status: 'degraded', checks: { ...world.health.checks, disk: 'low' } };
    const low = await call(world, 'GET', '/health');
    expect(low.status).toBe(503);
    expect(low.headers.get('retry-after')).not.toBeNull();
    expect(low.json()).toMatchObject({ status: 'degraded', checks: { disk: 'low' } });
  });

  it('is told to Prometheus with bounded labels: an address of a client must not become a series', async () => {
    await using world = await openHttpWorld();
    await call(world, 'GET', '/health');
    for (let id = 1; id < 20; id++) await call(world, 'GET', `/nothing/${id}`);
    const reply = await call(world, 'GET', '/metrics');
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.text).toContain('influxion_http_requests_total{route="GET /health",status="200"} 1\n');
    expect(reply.text).toContain('influxion_http_requests_total{route="GET (unknown)",status="404"} 19\n');
    expect(reply.text).toMatch(/^influxion_jobs\{status="Received"\} 0$/m);
    for (const line of reply.text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_][a-z0-9_]*(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e+-]+)$/,
      );
    }
  });

  it('escapes label values as the format asks', () => {
    const text = formatMetrics([
      { name: 'a', help: 'b', type: 'gauge', samples: [{ labels: { x: 'q"\\\n' }, value: 1 }] },
    ]);
    expect(text).toBe('# HELP a b\n# TYPE a gauge\na{x="q\\"\\\\\\n"} 1\n');
  });

  it('logs successful polls below info: at 100 polls a second they would bury the rest', async () => {
    await using world = await openHttpWorld();
    const headers = await world.signIn();
    world.log.length = 0;
    await call(world, 'GET', '/pdf', { headers });
    await call(world, 'GET', '/pdf/1', { headers });
    expect(world.log.map(({ level }) => level)).toEqual(['debug', 'debug']);
    expect(JSON.stringify(world.log)).not.toContain('/pdf/1"');
  });
});

describe('/docs', () => {
  it('is a page of this host alone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'influxion-docs-'));
    writeFileSync(path.join(folder, 'redoc.standalone.js'), 'var Redoc;');
    await using world = await openHttpWorld({ docsFolder: folder });
    const page = await call(world, 'GET', '/docs');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source ?? '');
    expect(sources).not.toHaveLength(0);
    for (const source of sources.filter((one) => one !== 'data:,')) {
      expect(source).toMatch(/^\//);
      expect((await call(world, 'GET', source)).status).toBe(200);
    }
    expect(page.text).not.toMatch(/<script>|style="|https?:/);
    rmSync(folder, { recursive: true });
  });

  it('says where the content is when the page is not installed', async () => {
    await using world = await openHttpWorld();
    const reply = await call(world, 'GET', '/docs/redoc.standalone.js');
    expect(reply.json<{ detail: string }>().detail).toContain('/openapi.json');
  });
});
