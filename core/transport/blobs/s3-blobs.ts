/** The blob store of an S3-compatible service. What a crash leaves there is for a lifecycle rule of the bucket. */
import { createHash } from 'node:crypto';
import type { AttemptKey } from '../../jobs/output-store.ts';
import type { Clock, Logger } from '../../ports.ts';
import { openBlob, removeBlob, writeBlob } from './blob-client.ts';
import type { BlobStore } from './blob-store.ts';
import { presign, type S3Bucket } from './s3-presign.ts';

export interface S3BlobsOptions {
  readonly bucket: S3Bucket;
  /** First part of all names: several API hosts share one bucket. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** As long as such an address can live, which is longer than any job waits. */
const WORKER_LIFETIME_S = 7 * 24 * 60 * 60;
const OWN_LIFETIME_S = 15 * 60;
const OWN_TIMEOUT_MS = 60_000;

export function createS3Blobs({ bucket, prefix, clock, logger }: S3BlobsOptions): BlobStore {
  const keyOf = ({ id, attempt }: AttemptKey, kind: 'json' | 'pdf'): string =>
    `${prefix}/${id}-${attempt}.${kind}`;
  const urlFor = (
    method: 'GET' | 'PUT' | 'DELETE',
    key: AttemptKey,
    kind: 'json' | 'pdf',
    lifetimeS = OWN_LIFETIME_S,
  ): string => presign(bucket, { method, key: keyOf(key, kind) }, clock.now(), lifetimeS);
  const own = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(OWN_TIMEOUT_MS) });

  return {
    async keepPayload(key, json) {
      await writeBlob(urlFor('PUT', key, 'json'), json, {
        ...own(),
        size: json.length,
        sha256: createHash('sha256').update(json).digest('hex'),
        contentType: 'application/json',
      });
      return urlFor('GET', key, 'json', WORKER_LIFETIME_S);
    },
    uploadUrl: (key) => Promise.resolve(urlFor('PUT', key, 'pdf', WORKER_LIFETIME_S)),
    openUpload: (key, signal) => openBlob(urlFor('GET', key, 'pdf'), { signal }),
    async remove(key) {
      for (const kind of ['json', 'pdf'] as const) {
        await removeBlob(urlFor('DELETE', key, kind), own()).catch((error: unknown) => {
          logger.debug({ err: error, job: key.id }, 'an object could not be removed from the S3 store');
        });
      }
    },
  };
}
