/** A real queue on a real data folder whose jobs tell real servers. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebhookDelivery } from '../../contract/webhook.ts';
import { createAccessService } from '../../core/auth/access.ts';
import type { AccessService } from '../../core/auth/access-service.ts';
import { systemClock, type Clock } from '../../core/ports.ts';
import { openDatabase } from '../../core/store/sqlite.ts';
import { createWebhooks, type Webhooks, type WebhooksDeps } from '../../core/webhooks/webhooks.ts';
import { createFileSecretStore } from '../../headless/secret-store.ts';
import { recordingLogger, type LogRecord } from './http-logger.ts';
import { openWorld, type JobWorld, type WorldOptions } from './job-world.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Retries at once, gives an answer a quarter of a second. */
const QUICK = { baseMs: 1, capMs: 20, maxAttempts: 5, answerMs: 250 };

export interface WebhookWorld extends AsyncDisposable {
  readonly jobs: JobWorld;
  readonly webhooks: Webhooks;
  readonly access: AccessService;
  readonly folder: string;
  readonly log: LogRecord[];
  allowed: string[];
  deliveries(): WebhookDelivery[];
  /** Closes all, leaves the folder. */
  close(): Promise<void>;
}

export interface WebhookWorldOptions extends Partial<Pick<WebhooksDeps, 'policy' | 'resolve'>> {
  readonly folder?: string;
  readonly clock?: Clock;
  readonly jobs?: WorldOptions;
  readonly allowed?: readonly string[];
}

export async function openWebhookWorld(options: WebhookWorldOptions = {}): Promise<WebhookWorld> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'influxion-webhooks-'));
  mkdirSync(folder, { recursive: true });
  const log: LogRecord[] = [];
  const logger = recordingLogger(log);
  const clock = options.clock ?? systemClock;
  const db = openDatabase(join(folder, 'influxion.db'), { logger });
  const secrets = createFileSecretStore({ folder: join(folder, 'secrets') });
  const world = { allowed: [...(options.allowed ?? [])] };
  const webhooks = createWebhooks({
    db,
    secrets,
    clock,
    logger,
    version: '1.2.3',
    allowed: () => world.allowed,
    policy: { ...QUICK, ...options.policy },
    ...(options.resolve && { resolve: options.resolve }),
  });
  const access = createAccessService({ db, secrets, clock, logger });
  const jobs = await openWorld({ folder, db, webhooks, logger, ...options.jobs });
  webhooks.start();
  const close = async (): Promise<void> => {
    await webhooks.close();
    await jobs.close();
  };
  return Object.assign(world, {
    jobs,
    webhooks,
    access,
    folder,
    log,
    deliveries: () => webhooks.list({ limit: 500 }, undefined).deliveries,
    close,
    async [Symbol.asyncDispose]() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
