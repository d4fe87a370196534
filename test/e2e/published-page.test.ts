/** The published page, request by request: a client written against it must work unchanged. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Host, influxion, temporaryFolder } from './host.ts';

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let host: Host;
let credentials: Record<string, string>;
let authorization: string;

beforeAll(async () => {
  data = await temporaryFolder();
  host = await Host.start(data.path);
  const added = await influxion(['client', 'add', 'published page', '--json'], data.path);
  credentials = JSON.parse(added.stdout) as Record<string, string>;
}, 60_000);

afterAll(async () => {
  expect(await host.stop()).toBe(0);
  await data.remove();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(host.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

it('POST /token answers access_token and token_type "bearer"', async () => {
  const reply = await post('/token', {
    client_id: credentials['client_id'],
    client_secret: credentials['client_secret'],
    scope: 'api://d88ae758-e67d-492d-bcc6-63f560ee1f04/.default',
  });
  expect(reply.status).toBe(200);
  const token = (await reply.json()) as Record<string, string>;
  expect(token['token_type']).toBe('bearer');
  authorization = `Bearer ${token['access_token'] ?? ''}`;
});

const request = {
  data: { name: 'Ada' },
  document_id: 'my-doc-123',
  pdf_standard: null,
  sign_key_id: null,
  html_template: { id: null, filename: null, content: '<html><body>Hello {{ name }}</body></html>' },
  css_template: { id: null, filename: null, content: 'body { font-family: Arial; }' },
};

it('POST /pdf/generate, GET /pdf/1 and GET /pdf/1/download give the document', async () => {
  const accepted = await post('/pdf/generate', request, { authorization });
  expect(accepted.status).toBe(202);
  expect(accepted.headers.get('location')).toBe('/pdf/1');
  expect(await accepted.json()).toEqual({ job_id: 1 });

  const status = await fetch(`${host.url}/pdf/1`, { headers: { authorization, prefer: 'wait=20' } });
  const job = (await status.json()) as Record<string, unknown>;
  expect(job).toMatchObject({ id: 1, status: 'Done', error: null, document_id: 'my-doc-123', pages: 1 });
  expect(job['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

  const download = await fetch(`${host.url}/pdf/1/download`, { headers: { authorization } });
  expect(download.headers.get('content-type')).toBe('application/pdf');
  const pdf = Buffer.from(await download.arrayBuffer());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBe(job['size']);
  expect(createHash('sha256').update(pdf).digest('hex')).toBe(job['sha256']);
});

it.each([
  ['pdf_standard', 'pdf/a-1b'],
  ['sign_key_id', 'sign-key-id'],
])('refuses %s in words until the version that brings it', async (field, value) => {
  const reply = await post('/pdf/generate', { ...request, [field]: value }, { authorization });
  expect(reply.status).toBe(422);
  const problem = (await reply.json()) as { code: string; detail: string; errors: { path: string }[] };
  expect(problem.code).toBe('FEATURE_UNAVAILABLE');
  expect(problem.errors[0]?.path).toBe(field);
});

it('refuses a call without a token', async () => {
  const reply = await fetch(`${host.url}/pdf/1`);
  expect(reply.status).toBe(401);
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
});
