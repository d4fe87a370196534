/** Large data beside the messages: at signed addresses of the host, and in an S3-compatible store. */
import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate, makeKey } from '../../core/tls/certificate.ts';
import { openBlob, readBlob, writeBlob } from '../../core/transport/blobs/blob-client.ts';
import type { BlobStore } from '../../core/transport/blobs/blob-store.ts';
import { openHttpBlobs, sweepBlobs } from '../../core/transport/blobs/http-blobs.ts';
import { createS3Blobs } from '../../core/transport/blobs/s3-blobs.ts';
import { presign } from '../../core/transport/blobs/s3-presign.ts';
import { systemClock } from '../../core/ports.ts';
import { memorySecrets } from '../support/celery-host.ts';
import { MovableClock, openHttpWorld, type HttpWorld } from '../support/http-world.ts';
import { NEVER, silentLogger } from '../support/job-world.ts';
import { startS3Server, type S3Server } from '../support/s3-server.ts';

const KEY = { id: 7, attempt: 2 };
const LARGE = randomBytes(3 * 1024 * 1024);
const facts = (bytes: Uint8Array) => ({
  size: bytes.length,
  sha256: hash('sha256', bytes, 'hex'),
  signal: NEVER,
});
const DAY_MS = 24 * 60 * 60_000;

const folder = mkdtempSync(join(tmpdir(), 'influxion-blobs-'));
const out = new Set<number>();
let http: HttpWorld;
let s3: S3Server;
const clock = new MovableClock();
const stores: { http?: BlobStore; s3?: BlobStore } = {};

beforeAll(async () => {
  s3 = await startS3Server();
  const own = await openHttpBlobs({
    folder,
    secrets: memorySecrets(),
    clock,
    baseUrl: () => Promise.resolve(http.url),
    isOut: ({ id }) => out.has(id),
    maxUploadBytes: 4 * 1024 * 1024,
  });
  http = await openHttpWorld({ blobs: own });
  stores.http = own;
  stores.s3 = createS3Blobs({
    bucket: s3.bucket,
    prefix: 'host-1',
    clock: systemClock,
    logger: silentLogger,
  });
}, 120_000);
afterAll(async () => {
  await http[Symbol.asyncDispose]();
  await s3[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => void out.add(KEY.id));

describe.each(['http', 's3'] as const)('the %s store', (kind) => {
  const store = (): BlobStore => stores[kind] as BlobStore;

  it('hands a request out to whoever has its address, as often as the task is delivered', async () => {
    const json = Buffer.from(JSON.stringify({ data: 'x'.repeat(300_000) }));
    const url = await store().keepPayload(KEY, json);
    for (let time = 0; time < 2; time += 1) {
      expect((await readBlob(url, { maxBytes: 1_000_000, signal: NEVER })).equals(json)).toBe(true);
    }
    await expect(readBlob(url, { maxBytes: 1_000, signal: NEVER })).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
    });
  });

  it('takes a document, in one piece or in many, and again when the task runs again', async () => {
    const url = await store().uploadUrl(KEY);
    await writeBlob(url, Buffer.from('%PDF- first'), facts(Buffer.from('%PDF- first')));
    const pieces = Readable.from(
      (function* () {
        for (let at = 0; at < LARGE.length; at += 65_536) yield LARGE.subarray(at, at + 65_536);
      })(),
    ) as AsyncIterable<Buffer>;
    await writeBlob(url, pieces, facts(LARGE));
    const kept = await buffer(await store().openUpload(KEY, NEVER));
    expect(kept.equals(LARGE)).toBe(true);
  });

  it('forgets both with the attempt', async () => {
    const url = await store().keepPayload(KEY, Buffer.from('{}'));
    await store().remove(KEY);
    await expect(readBlob(url, { maxBytes: 100, signal: NEVER })).rejects.toMatchObject({
      code: 'BLOB_UNREACHABLE',
    });
    await expect(async () => buffer(await store().openUpload(KEY, NEVER))).rejects.toMatchObject({
      code: 'BLOB_UNREACHABLE',
    });
  });
});

describe('the addresses of the host', () => {
  const status = async (method: string, url: string, body?: Uint8Array, headers = {}): Promise<number> =>
    (await fetch(url, { method, headers, ...(body && { body: new Uint8Array(body) }) })).status;

  it('give nothing to who changes them', async () => {
    const store = stores.http as BlobStore;
    await store.keepPayload({ ...KEY, attempt: 3 }, Buffer.from('{}'));
    const url = await store.keepPayload(KEY, Buffer.from('{}'));
    const upload = await store.uploadUrl(KEY);
    const others = [
      url.replace('7-2', '7-3'),
      url.replace('signature=', 'signature=_'),
      url.replace(/expires=\d/, 'expires=9'),
      url.replace(/\?.*/, ''),
      upload,
      upload.replace('.pdf', '.json'),
    ];
    for (const other of others) expect(await status('GET', other), other).toBeGreaterThanOrEqual(404);
    expect(await status('PUT', url, Buffer.from('%PDF-'))).toBeGreaterThanOrEqual(404);
  });

  it('end with the attempt and with their time', async () => {
    const url = await (stores.http as BlobStore).keepPayload(KEY, Buffer.from('{}'));
    const upload = await (stores.http as BlobStore).uploadUrl(KEY);
    expect(await status('GET', url)).toBe(200);
    out.delete(KEY.id);
    expect(await status('GET', url)).toBe(404);
    expect(await status('PUT', upload, Buffer.from('late'))).toBe(404);
    out.add(KEY.id);
    clock.advance(8 * DAY_MS);
    expect(await status('GET', url)).toBe(404);
    clock.advance(-8 * DAY_MS);
    expect(await status('GET', url)).toBe(200);
  });

  it('refuse what is too large or not what its digest says, and keep nothing of it', async () => {
    await (stores.http as BlobStore).remove(KEY);
    const upload = await (stores.http as BlobStore).uploadUrl(KEY);
    expect(await status('PUT', upload, randomBytes(5 * 1024 * 1024))).toBe(413);
    const digest = { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` };
    expect(await status('PUT', upload, Buffer.from('%PDF-'), digest)).toBe(400);
    expect(readdirSync(folder).filter((name) => name.includes('pdf'))).toEqual([]);
    expect(await status('PUT', upload, Buffer.from('%PDF-'))).toBe(204);
  });

  it('are swept of what dead processes left', async () => {
    for (const name of ['7-2.json', '8-1.pdf', '9-1.pdf.abc.tmp']) writeFileSync(join(folder, name), 'x');
    await sweepBlobs(folder, ({ id }) => out.has(id));
    expect(readdirSync(folder)).toContain('7-2.json');
    expect(readdirSync(folder)).not.toContain('8-1.pdf');
    expect(readdirSync(folder)).not.toContain('9-1.pdf.abc.tmp');
  });
});

describe('who fetches', () => {
  const call = { maxBytes: 100, signal: NEVER };

  it.each([
    ['file:///etc/passwd', undefined],
    ['ftp://example.com/x', undefined],
    ['no address', undefined],
    ['http://169.254.169.254/latest/meta-data/', undefined],
    ['http://[fe80::1]/', undefined],
    ['http://127.0.0.1:1/', ['http://api.example.com']],
  ])('does not ask %s', async (url, origins) => {
    await expect(readBlob(url, { ...call, origins })).rejects.toMatchObject({ code: 'BLOB_REFUSED' });
  });

  it('follows no redirect, and says without the address what went wrong', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/secret' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const failure = await readBlob(`http://127.0.0.1:${port}/x?signature=hush`, call).catch(
      (error: unknown) => error,
    );
    server.close();
    expect(failure).toMatchObject({ code: 'BLOB_UNREACHABLE', retryable: true });
    expect(String(failure)).toContain('302');
    expect(String(failure)).not.toContain('hush');
    await expect(openBlob('http://127.0.0.1:1/', call)).rejects.toMatchObject({ code: 'BLOB_UNREACHABLE' });
  });
});

it('says what to do where a certificate is not trusted', async () => {
  const key = await makeKey();
  const cert = await makeCertificate(key, { names: ['localhost'], addresses: ['127.0.0.1'] }, Date.now());
  const server = createTlsServer({ key, cert }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reading = readBlob(`https://127.0.0.1:${port}/`, { signal: NEVER, maxBytes: 1 });
  await expect(reading).rejects.toMatchObject({
    code: 'BLOB_UNREACHABLE',
    details: { hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string },
  });
  server.close();
});

it('signs as the documentation of S3 does', () => {
  const url = presign(
    {
      endpoint: 'https://examplebucket.s3.amazonaws.com',
      bucket: '',
      region: 'us-east-1',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    { method: 'GET', key: 'test.txt' },
    Date.UTC(2013, 4, 24),
    86_400,
  );
  expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});
