import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../support/http-call.ts';
import { collect } from '../../support/http-raw.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const SMALL = Buffer.from('0123456789');
const LARGE = Buffer.alloc(3_000_000, 'abcdefghij');
const etagOf = (bytes: Buffer): string => `"${createHash('sha256').update(bytes).digest('hex')}"`;
const COMPLETED = 'Wed, 04 Mar 2026 05:06:07 GMT';
const OLDER = 'Wed, 04 Mar 2026 05:06:06 GMT';

describe('GET /pdf/{id}/download', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  const job = async (bytes: Buffer, documentId?: string): Promise<number> => {
    const reply = await call(world, 'POST', '/pdf/generate', {
      headers,
      body: { html_template: { content: 'x' }, document_id: documentId },
    });
    const { job_id } = reply.json<{ job_id: number }>();
    world.jobs.finish(job_id, bytes);
    return job_id;
  };
  let small: number;
  let large: number;

  beforeAll(async () => {
    world = await openHttpWorld({ limits: { downloadGraceMs: 300, downloadBytesPerSecond: 100_000_000 } });
    headers = await world.signIn();
    small = await job(SMALL);
    large = await job(LARGE);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const get = (id: number, more: Record<string, string> = {}, method = 'GET') =>
    call(world, method, `/pdf/${id}/download`, { headers: { ...headers, ...more } });

  it('sends small and large documents whole, with their hash as a strong ETag', async () => {
    for (const [id, bytes] of [
      [small, SMALL],
      [large, LARGE],
    ] as const) {
      const reply = await get(id);
      expect(reply.status).toBe(200);
      expect(reply.bytes.equals(bytes)).toBe(true);
      expect(reply.headers.get('etag')).toBe(etagOf(bytes));
      expect(reply.headers.get('content-length')).toBe(String(bytes.length));
      expect(reply.headers.get('last-modified')).toBe(COMPLETED);
      expect(reply.headers.get('accept-ranges')).toBe('bytes');
      expect(reply.headers.get('cache-control')).toBe('private, no-cache');
    }
  });

  it('tells the same headers to HEAD, without the bytes', async () => {
    for (const id of [small, large]) {
      const full = await get(id);
      const head = await get(id, { range: 'bytes=0-1' }, 'HEAD');
      expect([head.status, head.bytes.length]).toEqual([200, 0]);
      for (const name of ['etag', 'content-length', 'content-type', 'content-disposition', 'last-modified']) {
        expect([name, head.headers.get(name)]).toEqual([name, full.headers.get(name)]);
      }
    }
  });

  const tag = etagOf(SMALL);
  it.each([
    [{ 'if-none-match': tag }, 304],
    [{ 'if-none-match': `"other", W/${tag}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': COMPLETED }, 200],
    [{ 'if-modified-since': COMPLETED }, 304],
    [{ 'if-modified-since': OLDER }, 200],
    [{ 'if-modified-since': 'nonsense' }, 200],
    [{ 'if-match': tag }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': `W/${tag}` }, 412],
    [{ 'if-match': tag, 'if-none-match': tag }, 304],
    [{ 'if-unmodified-since': COMPLETED }, 200],
    [{ 'if-unmodified-since': OLDER }, 412],
    [{ 'if-match': '"other"', range: 'bytes=0-1' }, 412],
    [{ 'if-none-match': tag, range: 'bytes=0-1' }, 304],
  ])('%j answers %i (RFC 9110 §13.2.2)', async (conditions, status) => {
    const reply = await get(small, conditions);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('etag')).toBe(tag);
  });

  it.each([
    ['bytes=0-3', '0123', '0-3'],
    ['bytes=4-', '456789', '4-9'],
    ['bytes=-2', '89', '8-9'],
    ['bytes=-100', '0123456789', '0-9'],
    ['bytes=8-100', '89', '8-9'],
    ['BYTES=9-9', '9', '9-9'],
  ])('the range %s is "%s"', async (range, text, where) => {
    const reply = await get(small, { range });
    expect([reply.status, reply.text]).toEqual([206, text]);
    expect(reply.headers.get('content-range')).toBe(`bytes ${where}/10`);
    expect(reply.headers.get('content-length')).toBe(String(text.length));
  });

  it.each(['bytes=0-1,3-4', 'bytes=5-2', 'bytes=-', 'bytes=a-b', 'lines=0-1', 'bytes 0-1', ''])(
    'the range "%s" is ignored: no single range of bytes',
    async (range) => {
      const reply = await get(small, { range });
      expect([reply.status, reply.text]).toEqual([200, '0123456789']);
    },
  );

  it.each(['bytes=10-', 'bytes=100-200', 'bytes=-0'])('the range %s is 416 with the size', async (range) => {
    const reply = await get(small, { range });
    expect(reply.status).toBe(416);
    expect(reply.headers.get('content-range')).toBe('bytes */10');
  });

  it.each([
    [tag, 206],
    [`W/${tag}`, 200],
    ['"other"', 200],
    [COMPLETED, 206],
    [OLDER, 200],
    ['nonsense', 200],
  ])(
    'If-Range %s answers %i: a part of another version must not be glued to this one',
    async (ifRange, status) => {
      expect((await get(small, { range: 'bytes=0-3', 'if-range': ifRange })).status).toBe(status);
    },
  );

  it('ranges within a large document come from the right place', async () => {
    const reply = await get(large, { range: 'bytes=1000003-1600004' });
    expect(reply.bytes.equals(LARGE.subarray(1_000_003, 1_600_005))).toBe(true);
  });

  it.each([
    ['Rechnung №5 «Ä».pdf', String.raw`attachment; filename="Rechnung _5 __._pdf"`],
    ['a"b\\c%d', ''],
    ["it's (1)*", ''],
    ['emoji 😀', ''],
    ['line\r\nset-cookie: x', ''],
  ])('the file name %j arrives at a client of RFC 6266 as it was', async (documentId) => {
    const reply = await get(await job(SMALL, documentId));
    const header = reply.headers.get('content-disposition') ?? '';
    expect(header).toMatch(/^attachment; filename="[^"\\%]*"(; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/);
    const extended = /filename\*=UTF-8''(.*)$/.exec(header)?.[1];
    if (extended !== undefined) expect(decodeURIComponent(extended)).toBe(`${documentId}.pdf`);
    expect(reply.headers.get('set-cookie')).toBeNull();
  });

  it.each(['small', 'large'])('a %s document that is gone from the disk is 410, not 500', async (size) => {
    const id = await job(size === 'small' ? SMALL : LARGE);
    rmSync(path.join(world.folder, `${id}.pdf`));
    const reply = await get(id);
    expect(reply.json()).toMatchObject({ status: 410, code: 'OUTPUT_MISSING' });
  });

  it('a document of a failed job is 409 without Retry-After: it will never come', async () => {
    const reply = await call(world, 'POST', '/pdf/generate', {
      headers,
      body: { html_template: { content: 'x' } },
    });
    const { job_id } = reply.json<{ job_id: number }>();
    world.jobs.fail(job_id, { code: 'TEMPLATE_SYNTAX', message: 'No.' });
    const download = await get(job_id);
    expect(download.json()).toMatchObject({ status: 409, code: 'JOB_FAILED' });
    expect(download.headers.get('retry-after')).toBeNull();
  });

  it('a reader that stops reading is cut, and others are served meanwhile', async () => {
    const huge = await job(Buffer.alloc(40_000_000, 'x'));
    const socket = connect(world.port, '127.0.0.1');
    socket.write(
      `GET /pdf/${huge}/download HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers['authorization'] ?? ''}\r\n\r\n`,
    );
    socket.pause();
    expect((await get(small)).status).toBe(200);
    const open = await world.http.openConnections();
    await expect.poll(() => world.http.openConnections(), { timeout: 5000 }).toBeLessThan(open);
    socket.resume();
    expect((await collect(socket)).length).toBeLessThan(40_000_000);
  });
});
