import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { call } from '../../support/http-call.ts';
import { PDF } from '../../support/http-job-service.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

/** The body of the published page, with the two fields that a later version brings as null. */
const PUBLISHED = {
  data: { name: 'Ada' },
  document_id: 'my-doc-123',
  pdf_standard: null,
  sign_key_id: null,
  html_template: { id: null, filename: null, content: '<html>{{ data }}</html>' },
  css_template: { id: null, filename: null, content: 'body { font-family: Arial; }' },
};

describe('the published calls', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeEach(async () => {
    world = await openHttpWorld();
    headers = await world.signIn();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('work as printed from token to document; a renamed field or another type breaks every client', async () => {
    const { client_id, client_secret } = await world.client();
    const token = await call(world, 'POST', '/token', {
      body: { client_id, client_secret, scope: 'api://d88ae758-e67d-492d-bcc6-63f560ee1f04/.default' },
    });
    expect(token.status).toBe(200);
    expect(token.json()).toMatchObject({ token_type: 'bearer', access_token: expect.any(String) as string });
    const bearer = { authorization: `Bearer ${token.json<{ access_token: string }>().access_token}` };

    const created = await call(world, 'POST', '/pdf/generate', { headers: bearer, body: PUBLISHED });
    expect(created.status).toBe(202);
    expect(created.text).toBe('{"job_id":1}');
    expect(created.headers.get('content-type')).toBe('application/json');
    expect(created.headers.get('location')).toBe('/pdf/1');

    const status = await call(world, 'GET', '/pdf/1', { headers: bearer });
    expect(status.json()).toMatchObject({
      id: 1,
      status: 'Received',
      created_at: expect.stringMatching(/Z$/) as string,
      started_at: null,
      completed_at: null,
      size: null,
      error: null,
    });

    world.jobs.finish(1);
    const document = await call(world, 'GET', '/pdf/1/download', { headers: bearer });
    expect(document.headers.get('content-type')).toBe('application/pdf');
    expect(document.headers.get('content-length')).toBe(String(PDF.length));
    expect(document.bytes.equals(PDF)).toBe(true);
    expect(document.headers.get('content-disposition')).toBe('attachment; filename="my-doc-123.pdf"');
  });

  it('answer 409 with Retry-After before the document is ready, so that a client knows to wait', async () => {
    await call(world, 'POST', '/pdf/generate', { headers, body: PUBLISHED });
    const early = await call(world, 'GET', '/pdf/1/download', { headers });
    expect(early.status).toBe(409);
    expect(early.json()).toMatchObject({ code: 'JOB_NOT_READY' });
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it.each(['0', '-1', '1.5', 'abc', '9999999999999999', '1e3', '%31%20', '01'])(
    'have no job "%s": 404, never a crash of the number parser',
    async (id) => {
      for (const path of [`/pdf/${id}`, `/pdf/${id}/download`]) {
        const reply = await call(world, 'GET', path, { headers });
        expect(reply.status).toBe(404);
        expect(reply.json()).toMatchObject({ code: 'JOB_NOT_FOUND' });
      }
    },
  );

  it('keep the jobs of one client from another', async () => {
    await call(world, 'POST', '/pdf/generate', { headers, body: PUBLISHED });
    const other = await world.signIn();
    expect((await call(world, 'GET', '/pdf/1', { headers: other })).status).toBe(404);
    expect((await call(world, 'DELETE', '/pdf/1', { headers: other })).status).toBe(404);
    const admin = await world.signIn(['pdf', 'admin']);
    expect((await call(world, 'GET', '/pdf/1', { headers: admin })).status).toBe(200);
  });

  it('list, cancel, retry and delete jobs', async () => {
    for (let count = 0; count < 3; count++) {
      await call(world, 'POST', '/pdf/generate', { headers, body: PUBLISHED });
    }
    const list = await call(world, 'GET', '/pdf?limit=2&status=Received', { headers });
    expect(list.json<{ jobs: { id: number }[] }>().jobs.map(({ id }) => id)).toEqual([3, 2]);
    expect(list.json()).toMatchObject({ next_cursor: 'more' });

    const cancelled = await call(world, 'DELETE', '/pdf/1', { headers });
    expect(cancelled.json()).toMatchObject({ status: 'Error', error_detail: { code: 'JOB_CANCELLED' } });
    const again = await call(world, 'POST', '/pdf/1/retry', { headers });
    expect(again.status).toBe(202);
    expect(again.json()).toMatchObject({ id: 1, status: 'Received' });
    expect((await call(world, 'POST', '/pdf/1/retry', { headers })).status).toBe(409);
    world.jobs.finish(1);
    const deleted = await call(world, 'DELETE', '/pdf/1', { headers });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await call(world, 'GET', '/pdf/1', { headers })).status).toBe(404);
  });

  it.each([
    ['QUEUE_FULL', 429],
    ['DISK_FULL', 507],
    ['SHUTTING_DOWN', 503],
  ] as const)(
    'refuse with %s as %i and Retry-After when the queue cannot take more',
    async (code, status) => {
      world.jobs.refusal = new InfluxionError(code, 'Not now.', { retryAfterSeconds: 7 });
      const reply = await call(world, 'POST', '/pdf/generate', { headers, body: PUBLISHED });
      expect(reply.status).toBe(status);
      expect(reply.headers.get('retry-after')).toBe('7');
    },
  );

  it('hide what went wrong inside and log it under the id that the reply names', async () => {
    world.jobs.get = () => {
      throw new TypeError('secret path /home/x/y.ts');
    };
    const reply = await call(world, 'GET', '/pdf/1', { headers });
    expect(reply.status).toBe(500);
    expect(reply.text).not.toContain('secret path');
    const id = reply.json<{ instance: string }>().instance.split(':').at(-1);
    const record = world.log.find(({ level }) => level === 'error');
    expect(record?.facts).toMatchObject({ requestId: id });
  });
});

describe('POST /pdf', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeEach(async () => {
    world = await openHttpWorld({ limits: { renderWaitMs: 150 } });
    headers = await world.signIn();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('answers with the document itself', async () => {
    world.jobs.instant = PDF;
    const reply = await call(world, 'POST', '/pdf', { headers, body: PUBLISHED });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(reply.bytes.equals(PDF)).toBe(true);
    expect(reply.headers.get('location')).toBe('/pdf/1');
  });

  it('is not turned into 206 or 412 by headers that only mean something for GET', async () => {
    world.jobs.instant = PDF;
    const reply = await call(world, 'POST', '/pdf', {
      headers: { ...headers, range: 'bytes=0-3', 'if-match': '"x"' },
      body: PUBLISHED,
    });
    expect(reply.status).toBe(200);
  });

  it('tells where the template failed', async () => {
    const sent = call(world, 'POST', '/pdf', { headers, body: PUBLISHED });
    await expect.poll(() => world.jobs.waits.length).toBe(1);
    world.jobs.fail(1, { code: 'TEMPLATE_SYNTAX', message: 'The template ends within {{oops.' });
    const reply = await sent;
    expect(reply.status).toBe(422);
    expect(reply.json()).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      job_id: 1,
      error_detail: { line: 3, column: 7 },
    });
  });

  it('hands over the job when the document takes too long, instead of an error that makes clients send it again', async () => {
    const reply = await call(world, 'POST', '/pdf', { headers, body: PUBLISHED });
    expect([reply.status, reply.text]).toEqual([202, '{"job_id":1}']);
  });
});
