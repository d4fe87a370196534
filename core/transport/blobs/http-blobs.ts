/** The blob store of the API host itself: files in its cache folder, fetched and delivered over its own HTTP server. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfluxionError } from '../../error.ts';
import type { AttemptKey } from '../../jobs/output-store.ts';
import type { Clock, SecretStore } from '../../ports.ts';
import { MAX_UPLOAD_BYTES, type BlobStore } from './blob-store.ts';
import { createSignedUrls, type SignedUrls } from './signed-url.ts';

/** What the routes of the HTTP server need. */
export interface BlobAccess {
  /** The payload's file. Errors: NOT_FOUND for whoever has no right to it, and when it is gone. */
  openPayload(request: BlobRequest): Promise<{ readonly size: number; readonly body: NodeJS.ReadableStream }>;
  /** Takes a document. Errors: NOT_FOUND, BODY_TOO_LARGE, BAD_REQUEST when it is not what its digest says. */
  takeUpload(
    request: BlobRequest,
    body: AsyncIterable<Uint8Array>,
    sha256: string | undefined,
  ): Promise<void>;
}

/** What was asked for: `/blobs/1-1.json`, and its query. */
export interface BlobRequest {
  readonly path: string;
  readonly query: URLSearchParams;
}

export type HttpBlobs = BlobStore & BlobAccess;

export interface HttpBlobsOptions {
  /** Only for blobs; made when it is not there. */
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** Where workers reach this host, such as `http://10.0.0.5:8787`; resolves once it listens. */
  readonly baseUrl: () => Promise<string>;
  /** Whether the attempt is still out: what is over can be neither fetched nor delivered. */
  readonly isOut: (key: AttemptKey) => boolean;
  readonly maxUploadBytes?: number;
}

const SECRET_NAME = 'blob-urls';
/** Longer than any job waits; the end of its attempt ends the right to it sooner. */
const LIFETIME_MS = 7 * 24 * 60 * 60_000;
const BLOB_PATH = /^\/blobs\/(\d{1,15})-(\d{1,9})\.(json|pdf)$/;

export async function openHttpBlobs(options: HttpBlobsOptions): Promise<HttpBlobs> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const urls = createSignedUrls(await secretOf(options.secrets));
  return createHttpBlobs(options, urls);
}

async function secretOf(secrets: SecretStore): Promise<Uint8Array> {
  const known = await secrets.get(SECRET_NAME);
  if (known !== undefined) return known;
  const made = randomBytes(32);
  await secrets.set(SECRET_NAME, made);
  return made;
}

function createHttpBlobs(
  { folder, clock, baseUrl, isOut, maxUploadBytes = MAX_UPLOAD_BYTES }: HttpBlobsOptions,
  urls: SignedUrls,
): HttpBlobs {
  const nameOf = ({ id, attempt }: AttemptKey, kind: 'json' | 'pdf'): string => `${id}-${attempt}.${kind}`;
  const fileOf = (key: AttemptKey, kind: 'json' | 'pdf'): string => join(folder, nameOf(key, kind));
  const urlFor = async (method: string, key: AttemptKey, kind: 'json' | 'pdf'): Promise<string> =>
    (await baseUrl()) + urls.sign(method, `/blobs/${nameOf(key, kind)}`, clock.now() + LIFETIME_MS);

  /** Says the same whatever is wrong: who has no right learns nothing. */
  const granted = (method: string, kind: 'json' | 'pdf', { path, query }: BlobRequest): AttemptKey => {
    const match = BLOB_PATH.exec(path);
    const key = { id: Number(match?.[1]), attempt: Number(match?.[2]) };
    if (match?.[3] === kind && urls.verify(method, path, query, clock.now()) && isOut(key)) return key;
    throw gone();
  };

  return {
    async keepPayload(key, json) {
      await writeFile(fileOf(key, 'json'), json, { mode: 0o600 });
      return urlFor('GET', key, 'json');
    },

    uploadUrl: (key) => urlFor('PUT', key, 'pdf'),

    async openUpload(key) {
      const file = await open(fileOf(key, 'pdf')).catch(() => undefined);
      if (file === undefined) {
        throw new InfluxionError(
          'BLOB_UNREACHABLE',
          'The worker says that it delivered a document, but there is none.',
        );
      }
      return file.createReadStream({ highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
    },

    async remove(key) {
      for (const kind of ['json', 'pdf'] as const) {
        await rm(fileOf(key, kind), { force: true }).catch(() => undefined);
      }
    },

    async openPayload(request) {
      const file = fileOf(granted('GET', 'json', request), 'json');
      const facts = await stat(file).catch(() => undefined);
      if (facts === undefined) throw gone();
      return { size: facts.size, body: createReadStream(file) };
    },

    async takeUpload(request, body, sha256) {
      const key = granted('PUT', 'pdf', request);
      const temporary = `${fileOf(key, 'pdf')}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        const digest = await writeCapped(temporary, body, maxUploadBytes);
        if (sha256 !== undefined && digest !== sha256) {
          throw new InfluxionError('BAD_REQUEST', 'The document is not the one that its digest belongs to.');
        }
        granted('PUT', 'pdf', request);
        await rename(temporary, fileOf(key, 'pdf'));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

const gone = (): InfluxionError =>
  new InfluxionError('NOT_FOUND', 'There is nothing here, or the address is no longer valid.');

/** The SHA-256 of what was written, in hexadecimal. */
async function writeCapped(path: string, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const digest = createHash('sha256');
  await using file = await open(path, 'wx', 0o600);
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new InfluxionError(
        'BODY_TOO_LARGE',
        `The document is larger than the ${maxBytes} bytes that are taken.`,
      );
    }
    digest.update(chunk);
    await file.writeFile(chunk);
  }
  return digest.digest('hex');
}

/** Removes what dead processes left of attempts that are no longer out. */
export function sweepBlobs(folder: string, isOut: (key: AttemptKey) => boolean): Promise<unknown> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stale = readdirSync(folder).filter((name) => {
    const match = /^(\d{1,15})-(\d{1,9})\.(?:json|pdf)$/.exec(name);
    return match === null || !isOut({ id: Number(match[1]), attempt: Number(match[2]) });
  });
  return Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}
