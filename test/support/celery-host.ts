/** A real queue on a real data folder whose jobs go to workers over a real broker; only what prints is a stand-in. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransportStatus } from '../../contract/transport.ts';
import { systemClock, type Clock, type SecretStore } from '../../core/ports.ts';
import { createOutboxRepository } from '../../core/store/outbox-repository.ts';
import { openDatabase } from '../../core/store/sqlite.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { openHttpBlobs } from '../../core/transport/blobs/http-blobs.ts';
import { parseBrokerUrl } from '../../core/transport/celery/broker-url.ts';
import { createCeleryTransport } from '../../core/transport/celery/host/celery-transport.ts';
import { DEFAULT_QUEUE, type TaskQueue } from '../../core/transport/celery/topology.ts';
import { openWorld, silentLogger, type JobWorld } from './job-world.ts';

export interface CeleryHost extends JobWorld {
  status(): TransportStatus;
  /** Resolves when the broker is in that state. */
  until(state: NonNullable<TransportStatus['broker']>['state']): Promise<void>;
}

export interface CeleryHostOptions {
  readonly folder?: string;
  readonly leaseMs?: number;
  readonly clock?: Clock;
  /** Default: as Celery declares its own. */
  readonly queue?: TaskQueue;
}

export const CELERY_QUEUE: TaskQueue = { name: DEFAULT_QUEUE, type: 'classic' };
const HERE = { host: 'api-host', version: '1.2.3' };

export const memorySecrets = (): SecretStore => {
  const kept = new Map<string, Uint8Array>();
  return {
    protection: 'In memory.',
    get: (name) => Promise.resolve(kept.get(name)),
    set: (name, secret) => Promise.resolve(void kept.set(name, secret)),
    delete: (name) => Promise.resolve(void kept.delete(name)),
  };
};

export async function openCeleryHost(
  brokerUrl: string,
  {
    folder = mkdtempSync(join(tmpdir(), 'influxion-jobs-')),
    leaseMs = 30_000,
    clock = systemClock,
    queue = CELERY_QUEUE,
  }: CeleryHostOptions = {},
): Promise<CeleryHost> {
  for (const name of ['output', 'templates']) mkdirSync(join(folder, name), { recursive: true });
  const db = openDatabase(join(folder, 'influxion.db'), { logger: silentLogger });
  const outbox = createOutboxRepository(db);
  const never = (): never => {
    throw new Error('Nothing runs or is signed here');
  };
  const transport = createCeleryTransport({
    settings: {
      broker: parseBrokerUrl(brokerUrl),
      queue,
      signing: 'host',
      blobs: { inlineBytes: 256 * 1024, url: undefined, s3: undefined },
    },
    db,
    outbox,
    blobs: await openHttpBlobs({
      folder: join(folder, 'blobs'),
      secrets: memorySecrets(),
      clock,
      baseUrl: () => Promise.resolve('http://127.0.0.1:9'),
      isOut: (key) => outbox.owns(key),
    }),
    local: { run: never },
    signing: {
      library: createTemplateLibrary({ folder: join(folder, 'templates'), logger: silentLogger }),
      finisher: { finish: never },
    },
    here: HERE,
    clock,
    logger: silentLogger,
    leaseMs,
    attemptMs: 60_000,
  });
  const world = await openWorld({ folder, db, clock, transport });
  await transport.start?.();
  const close = async (): Promise<void> => {
    await world.queue.close();
    await transport.close?.();
    await world.close();
  };
  return {
    ...world,
    close,
    status: () => transport.status(),
    async until(state) {
      while (transport.status().broker?.state !== state)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
    async [Symbol.asyncDispose]() {
      await close();
      await world[Symbol.asyncDispose]();
    },
  };
}
