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

it('an unknown key and an unknown standard are refused in words before a job is made', async () => {
  const key = await post('/pdf/generate', { ...request, sign_key_id: 'no-such-key' }, { authorization });
  expect(((await key.json()) as { code: string }).code).toBe('KEY_NOT_FOUND');
  const standard = await post('/pdf/generate', { ...request, pdf_standard: 'pdf/a-9z' }, { authorization });
  expect(standard.status).toBe(422);
  const problem = (await standard.json()) as { errors: { path: string; message: string }[] };
  expect(problem.errors[0]).toMatchObject({ path: 'pdf_standard' });
  expect(problem.errors[0]?.message).toContain('pdf/a-2b');
});

it('the request as it is printed gives a document that meets PDF/A-1b and is signed', async () => {
  const made = await influxion(['key', 'create', 'sign-key-id', '--common-name', 'Ada Lovelace'], data.path);
  expect(made.code).toBe(0);
  const printed = { ...request, pdf_standard: 'pdf/a-1b', sign_key_id: 'sign-key-id' };
  const accepted = await post('/pdf/generate', printed, { authorization });
  const { job_id: id } = (await accepted.json()) as { job_id: number };
  const status = await fetch(`${host.url}/pdf/${id}`, { headers: { authorization, prefer: 'wait=20' } });
  expect(await status.json()).toMatchObject({
    status: 'Done',
    pdf_standard: 'pdf/a-1b',
    signature: { key_id: 'sign-key-id', level: 'B-B', subject: 'CN=Ada Lovelace' },
  });

  const download = await fetch(`${host.url}/pdf/${id}/download`, { headers: { authorization } });
  const pdf = new Uint8Array(await download.arrayBuffer());
  const verified = await fetch(`${host.url}/pdf/verify`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/pdf' },
    body: pdf,
  });
  expect(await verified.json()).toMatchObject({
    ok: true,
    claims: ['pdf/a-1b'],
    conformance: [{ standard: 'pdf/a-1b', conformant: true, violations: [] }],
    signatures: [{ intact: true, covers_whole_file: true, level: 'B-B', changes_after: 'none' }],
  });
});

it('a document that cannot meet its standard ends as an error with rule, page and line', async () => {
  const html = '<html lang="en"><title>T</title>\n<h1>One</h1>\n<p>text</p>\n<img src="x.svg">\n</html>';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
  const accepted = await post(
    '/pdf/generate',
    {
      pdf_standard: 'pdf/ua-1',
      html_template: { content: html },
      assets: { 'x.svg': Buffer.from(svg).toString('base64') },
    },
    { authorization },
  );
  const { job_id: id } = (await accepted.json()) as { job_id: number };
  const status = await fetch(`${host.url}/pdf/${id}`, { headers: { authorization, prefer: 'wait=20' } });
  expect(await status.json()).toMatchObject({
    status: 'Error',
    error_detail: {
      code: 'STANDARD_NOT_MET',
      stage: 'conform',
      rule: '7.3-1',
      page: 1,
      template: 'html',
      line: 4,
    },
  });
});

it('refuses a call without a token', async () => {
  const reply = await fetch(`${host.url}/pdf/1`);
  expect(reply.status).toBe(401);
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
});
