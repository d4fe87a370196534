/** Puts together where jobs run: here, or on the workers that the settings name. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunPipeline } from '../jobs/pipeline.ts';
import { DEFAULT_QUEUE_LIMITS } from '../jobs/queue-limits.ts';
import type { Finisher } from '../pdf/finish/finisher.ts';
import type { Clock, Logger, Paths, SecretStore } from '../ports.ts';
import type { Db } from '../store/db.ts';
import { createOutboxRepository } from '../store/outbox-repository.ts';
import type { TemplateFinder } from '../templates/template.ts';
import type { AttemptKey } from '../jobs/output-store.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import { openHttpBlobs, sweepBlobs, type BlobAccess } from './blobs/http-blobs.ts';
import { createS3Blobs } from './blobs/s3-blobs.ts';
import type { CelerySettings } from './celery/celery-settings.ts';
import { createLocalTransport } from './local.ts';
import type { Transport } from './transport.ts';

export interface OpenTransportDeps {
  /** Undefined: jobs run here. */
  readonly celery: CelerySettings | undefined;
  readonly run: RunPipeline;
  /** Attempts at once that run here. */
  readonly concurrency: number;
  readonly db: Db;
  readonly paths: Pick<Paths, 'cache'>;
  readonly secrets: SecretStore;
  readonly library: TemplateFinder;
  readonly finisher: Finisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** Where this host is reached; resolves once it listens. */
  readonly listening: Promise<string>;
}

export interface OpenedTransport {
  readonly transport: Transport;
  /** Large data that workers fetch here and deliver here. */
  readonly blobs: BlobAccess | undefined;
}

const BLOB_FOLDER = 'blobs';

export async function openTransport(deps: OpenTransportDeps): Promise<OpenedTransport> {
  const { celery, run, db, clock, logger } = deps;
  const here = { host: hostname(), version: deps.version };
  const local = createLocalTransport({ run, concurrency: deps.concurrency, here });
  if (celery === undefined) return { transport: local, blobs: undefined };

  const outbox = createOutboxRepository(db);
  const isOut = (key: AttemptKey): boolean => outbox.owns(key);
  const { s3, url } = celery.blobs;
  const folder = join(deps.paths.cache, BLOB_FOLDER);
  await sweepBlobs(folder, isOut);
  const { store, access } =
    s3 === undefined
      ? await ownBlobs(deps, folder, isOut, url)
      : {
          store: createS3Blobs({ bucket: s3, prefix: outbox.installation, clock, logger }),
          access: undefined,
        };
  const { leaseMs, attemptMs } = DEFAULT_QUEUE_LIMITS;
  // Hosts without a broker never need what speaks to one.
  const { createCeleryTransport } = await import('./celery/host/celery-transport.ts');
  const transport = createCeleryTransport({
    settings: celery,
    db,
    outbox,
    blobs: store,
    local,
    signing: { library: deps.library, finisher: deps.finisher },
    here,
    clock,
    logger,
    leaseMs,
    attemptMs,
  });
  return { transport, blobs: access };
}

async function ownBlobs(
  { secrets, clock, listening }: OpenTransportDeps,
  folder: string,
  isOut: (key: AttemptKey) => boolean,
  url: string | undefined,
): Promise<{ readonly store: BlobStore; readonly access: BlobAccess }> {
  const baseUrl = (): Promise<string> => (url === undefined ? listening : Promise.resolve(url));
  const blobs = await openHttpBlobs({ folder, secrets, clock, baseUrl, isOut });
  return { store: blobs, access: blobs };
}
