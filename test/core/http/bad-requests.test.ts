import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const GOOD = { html_template: { content: '<p>x</p>' } };
const JSON_TYPE = { 'content-type': 'application/json' };
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const withData = (json: string): string => `{"html_template":{"content":"x"},"data":${json}}`;

describe('a request that is not what it should be', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeAll(async () => {
    world = await openHttpWorld();
    headers = await world.signIn(['pdf', 'admin', 'templates.read', 'templates.write']);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const post = (body: unknown, extra: Record<string, string> = {}) =>
    call(world, 'POST', '/pdf/generate', { headers: { ...headers, ...extra }, body });

  const BROKEN_JSON: [string, string | Uint8Array<ArrayBuffer>, RegExp][] = [
    ['no JSON', 'hello', /not valid JSON/],
    ['cut off', '{"data": [1, 2', /not valid JSON/],
    ['NaN', withData('NaN'), /not valid JSON/],
    ['Infinity', withData('-Infinity'), /not valid JSON/],
    ['single quotes', "{'data': 1}", /not valid JSON/],
    ['a trailing comma', '{"data": 1,}', /not valid JSON/],
    ['a comment', '{"data": 1 /* one */}', /not valid JSON/],
    ['a byte order mark', `\ufeff${withData('1')}`, /byte order mark/],
    ['UTF-16', Buffer.from(withData('1'), 'utf16le'), /not valid JSON|UTF-8/],
    ['Latin-1', Buffer.from(withData('"é"'), 'latin1'), /UTF-8/],
    ['10,000 levels', withData(nested(10_000)), /deeper than 256/],
    ['a million levels', withData(nested(1_000_000)), /deeper than 256/],
    ['a lone high surrogate', withData('"\\ud83d"'), /surrogate/],
    ['a lone low surrogate', withData('"a\\uDE00"'), /surrogate/],
    [
      'a lone surrogate far into a long text',
      withData(`"${'x'.repeat(5_000)}\\udc00${'y'.repeat(5_000)}"`),
      /surrogate/,
    ],
    ['a long text without its end', `{"data":"${'x'.repeat(5_000)}`, /not valid JSON/],
    ['two high surrogates', withData('"\\ud83d\\ud83d"'), /surrogate/],
    ['a field twice', '{"html_template":{"content":"x"},"data":1,"data":2}', /twice/],
  ];
  it.each(BROKEN_JSON)('%s is 400 with the reason', async (_name, body, reason) => {
    const reply = await post(body, JSON_TYPE);
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ code: 'BAD_JSON', detail: expect.stringMatching(reason) as string });
  });

  it.each([
    ['a pair of surrogate escapes', withData('"\\ud83d\\ude00"')],
    ['an escaped backslash before what looks like one', withData('"\\\\ud83d"')],
    [
      'long texts with quotes and brackets in them',
      withData(`["${'x'.repeat(200)}\\"]}{[", "${'é'.repeat(300)}"]`),
    ],
    ['200 levels', withData(nested(200))],
    ['the same name in two objects', withData('{"a":{"x":1},"b":{"x":2}}')],
    ['quotes and colons in strings', withData('"a\\":{[\\\\"')],
    ['__proto__ as a name', withData('{"__proto__":{"admin":true}}')],
  ])('%s is taken', async (_name, body) => {
    expect((await post(body, JSON_TYPE)).status).toBe(202);
  });

  it('__proto__ in data stays data and changes no object', async () => {
    const { job_id } = (await post(withData('{"__proto__":{"admin":true}}'), JSON_TYPE)).json<{
      job_id: number;
    }>();
    const { data } = world.jobs.requestOf(job_id);
    expect(Object.keys(data as object)).toEqual(['__proto__']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  const INVALID: [string, unknown, string][] = [
    ['an unknown field', { ...GOOD, html: 'x' }, 'html'],
    ['an unknown field inside', { html_template: { content: 'x', file: 'y' } }, 'html_template.file'],
    ['no template', {}, 'html_template'],
    ['a template that is a number', { html_template: 5 }, 'html_template'],
    ['content that is a number', { html_template: { content: 5 } }, 'html_template.content'],
    ['content that is an AST', { html_template: { content: { type: 'Program' } } }, 'html_template.content'],
    ['none of id, filename and content', { html_template: { id: null } }, 'html_template'],
    ['both id and content', { html_template: { id: 'a', content: 'x' } }, 'html_template'],
    ['an unknown standard', { ...GOOD, pdf_standard: 'pdf/x-4' }, 'pdf_standard'],
    ['a priority beyond', { ...GOOD, priority: 11 }, 'priority'],
    ['a document_id that is too long', { ...GOOD, document_id: 'x'.repeat(201) }, 'document_id'],
    [
      'a page of no size',
      { ...GOOD, options: { page_size: { width: '0mm', height: '0mm' } } },
      'options.page_size.width',
    ],
    [
      'a page of 1 km',
      { ...GOOD, options: { page_size: { width: '1000000mm', height: '10mm' } } },
      'options.page_size.width',
    ],
    ['page ranges that run backwards', { ...GOOD, options: { page_ranges: '5-2' } }, 'options.page_ranges'],
    ['an asset that climbs out', { ...GOOD, assets: { '../x.png': 'AAAA' } }, 'assets.../x.png'],
    ['an asset that is not base64', { ...GOOD, assets: { 'x.png': '%%%' } }, 'assets.x.png'],
    ['a list', [GOOD], ''],
    ['null', 'null', ''],
  ];
  it.each(INVALID)('%s is 422 naming the field', async (_name, body, path) => {
    const reply = await post(body, JSON_TYPE);
    expect(reply.status).toBe(422);
    const { code, errors } = reply.json<{ code: string; errors: { path: string }[] }>();
    expect(code).toBe('VALIDATION_FAILED');
    expect(errors.map((error) => error.path)).toContain(path);
  });

  it('an unknown standard lists the known ones', async () => {
    const reply = await post({ ...GOOD, pdf_standard: 'pdf/x-4' });
    expect(reply.text).toContain('pdf/a-3b');
  });

  it('an empty body is 422 and not a crash', async () => {
    expect((await post('', JSON_TYPE)).status).toBe(422);
    expect((await call(world, 'POST', '/pdf/generate', { headers })).status).toBe(422);
  });

  it('thousands of unknown fields do not make the reply as large as the request', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field${at}`, 1]));
    const reply = await post({ ...GOOD, ...fields });
    expect(reply.json<{ errors: unknown[] }>().errors).toHaveLength(100);
  });

  it.each([
    ['another type', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type', { 'content-type': '' }],
    ['a malformed type', { 'content-type': 'json' }],
    ['a compressed body', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
  ])('%s is 415', async (_name, extra) => {
    expect((await post(JSON.stringify(GOOD), extra as Record<string, string>)).status).toBe(415);
  });

  it('a charset parameter is taken', async () => {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    expect((await post(JSON.stringify(GOOD), type)).status).toBe(202);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/pdf/1/nothing', 404],
    ['POST', '/', 404],
    ['GET', '/pdf/%zz', 400],
    ['GET', `/pdf/${'1'.repeat(500)}`, 404],
    ['GET', '/templates/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/pdf?limit=0', 422],
    ['GET', '/pdf?limit=1&limit=2', 422],
    ['GET', '/pdf?nonsense=1', 422],
    ['GET', '/pdf?created_after=yesterday', 422],
  ])('%s %s is a problem of status %i', async (method, path, status) => {
    expect((await call(world, method, path, { headers })).status).toBe(status);
  });

  it.each([
    ['GET', '/token', 'POST'],
    ['PUT', '/pdf/generate', 'POST'],
    ['PATCH', '/pdf', 'GET, HEAD, POST'],
    ['DELETE', '/clients', 'GET, HEAD, POST'],
    ['OPTIONS', '/pdf/generate', ''],
    ['PROPFIND', '/clients', 'GET, HEAD, POST'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
    const reply = await call(world, method, path, { headers });
    expect(reply.status).toBe(405);
    if (allow !== '') expect(reply.headers.get('allow')).toBe(allow);
    expect(reply.headers.get('access-control-allow-methods')).toBeNull();
  });

  it.each([
    ['', 400],
    ['x'.repeat(256), 400],
    ['käse', 400],
    ['plain-key', 202],
    ['"quoted \\" key"', 202],
  ])('an Idempotency-Key of %j is %i', async (key, status) => {
    const reply = await post(GOOD, { 'idempotency-key': Buffer.from(key).toString('latin1') });
    expect(reply.status).toBe(status);
  });

  it('the same Idempotency-Key answers with the same job, quoted or not', async () => {
    const first = await post(GOOD, { 'idempotency-key': 'once' });
    const second = await post(GOOD, { 'idempotency-key': '"once"' });
    expect(second.text).toBe(first.text);
  });
});

describe('a body that is too large', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeAll(async () => {
    world = await openHttpWorld({ limits: { bodyBytes: 100_000 } });
    headers = await world.signIn();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('is 413 even while the client is still sending: a reset connection would tell it nothing', async () => {
    const body = withData(`"${'x'.repeat(20_000_000)}"`);
    const reply = await call(world, 'POST', '/pdf/generate', { headers: { ...headers, ...JSON_TYPE }, body });
    expect(reply.json()).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
      detail: expect.stringContaining('97 kB') as string,
    });
  });

  it('is refused for its token before anything of it is read', async () => {
    const body = 'x'.repeat(1_000_000);
    const reply = await call(world, 'POST', '/pdf/generate', { headers: JSON_TYPE, body });
    expect(reply.status).toBe(401);
  });
});
