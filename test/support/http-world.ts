/** The real server on a free port, over real SQLite, real clients and tokens; fakes only for jobs and templates. */
import { createPdfWorkers } from '../../core/pdf/worker/pdf-workers.ts';
import { createVerifier } from '../../core/pdf/verify/verifier.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CreatedClient, Scope } from '../../contract/access.ts';
import type { AccessService } from '../../core/auth/access-service.ts';
import { createAccessService } from '../../core/auth/access.ts';
import type { HealthFacts, HttpDeps, HttpLimits } from '../../core/http/http-deps.ts';
import { createHttpServer, type HttpServer } from '../../core/http/server.ts';
import { createBatchService, type BatchService } from '../../core/batch/batch-service.ts';
import { createPinnedTemplates } from '../../core/batch/pin/pinned-templates.ts';
import { createHotFolders } from '../../core/hot-folders/hot-folders.ts';
import type { JobService } from '../../core/jobs/job-service.ts';
import type { RowJobs } from '../../core/jobs/row-jobs.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { createSigningKeys } from '../../core/pdf/signing/keys/signing-keys.ts';
import type { Clock, Logger } from '../../core/ports.ts';
import { openDatabase } from '../../core/store/sqlite.ts';
import { assertAllowList, createWebhooks } from '../../core/webhooks/webhooks.ts';
import { createFileSecretStore } from '../../headless/secret-store.ts';
import type { BlobAccess } from '../../core/transport/blobs/http-blobs.ts';
import { FakeJobService } from './http-job-service.ts';
import { createFakeTemplates } from './http-templates.ts';
import { recordingLogger, type LogRecord } from './http-logger.ts';

/** A clock that a test moves. */
export class MovableClock implements Clock {
  #ahead = 0;

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  now(): number {
    return Date.now() + this.#ahead;
  }

  monotonic(): number {
    return performance.now() + this.#ahead;
  }
}

export interface HttpWorld extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly http: HttpServer;
  readonly jobs: FakeJobService;
  readonly access: AccessService;
  readonly clock: MovableClock;
  readonly log: LogRecord[];
  health: HealthFacts;
  client(scopes?: readonly Scope[]): Promise<CreatedClient>;
  /** An Authorization header of a new client. */
  signIn(scopes?: readonly Scope[]): Promise<{ authorization: string }>;
}

export interface WorldOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly allowedHosts?: readonly string[];
  readonly ownerToken?: string;
  readonly docsFolder?: string;
  readonly register?: HttpDeps['register'];
  readonly isOpen?: () => boolean;
  /** Instead of the fake. */
  readonly queue?: JobService;
  readonly blobs?: BlobAccess;
  /** Instead of those whose rows never run. */
  readonly batches?: BatchService;
}

/** Rows enter it and stay. */
const NO_ROW_JOBS: RowJobs = {
  capacity: () => 1,
  enter: () => Promise.resolve(),
  watch: () => undefined,
  find: () => undefined,
  documentPath: () => '',
  settle: () => Promise.resolve(),
  cancel: () => Promise.resolve(),
  has: () => false,
};

export async function openHttpWorld(options: WorldOptions = {}): Promise<HttpWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'influxion-http-'));
  const clock = new MovableClock();
  const log: LogRecord[] = [];
  const logger: Logger = recordingLogger(log);
  const db = openDatabase(path.join(folder, 'influxion.db'), { logger });
  const secrets = createFileSecretStore({ folder: path.join(folder, 'secrets') });
  const access = createAccessService({ db, secrets, clock, logger });
  const jobs = new FakeJobService(folder);
  let allowed: readonly string[] = [];
  const webhooks = createWebhooks({ db, secrets, clock, logger, version: '1.2.3', allowed: () => allowed });
  const workers = createPdfWorkers({ workers: 1, logger });
  const { limits, allowedHosts, ownerToken, docsFolder, register, isOpen, blobs } = options;
  const keys = createSigningKeys({ db, secrets, clock });
  const batches = createBatchService({
    db,
    data: folder,
    jobs: NO_ROW_JOBS,
    library: createTemplateLibrary({ folder: path.join(folder, 'templates'), logger }),
    keys,
    pins: createPinnedTemplates(path.join(folder, 'pinned')),
    clock,
    logger,
  });
  const http = createHttpServer({
    jobs: options.queue ?? jobs,
    batches: options.batches ?? batches,
    templates: createFakeTemplates(),
    access,
    keys,
    verifier: createVerifier(workers, clock),
    webhooks,
    hotFolders: createHotFolders({
      db,
      batches,
      clock,
      logger,
      dataFolder: folder,
      admit: () => Promise.resolve(),
    }),
    allowedAddresses: {
      get current() {
        return allowed;
      },
      set(addresses) {
        assertAllowList(addresses);
        allowed = [...addresses];
        return Promise.resolve();
      },
    },
    health: () => world.health,
    logger,
    clock,
    version: '1.2.3',
    ...(limits && { limits }),
    ...(allowedHosts && { allowedHosts }),
    ...(ownerToken !== undefined && { ownerToken }),
    ...(docsFolder !== undefined && { docsFolder }),
    ...(register && { register }),
    ...(isOpen && { isOpen }),
    ...(blobs && { blobs }),
  });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });

  const client = (scopes?: readonly Scope[]) =>
    access.createClient({ name: 'test', ...(scopes && { scopes }) });
  const world: HttpWorld = {
    url,
    port: Number(new URL(url).port),
    folder,
    http,
    jobs,
    access,
    clock,
    log,
    health: {
      status: 'ready',
      checks: { store: 'ok', engine: 'ok', disk: 'ok' },
      queue: { received: 0, in_progress: 0 },
    },
    client,
    async signIn(scopes) {
      const { client_id, client_secret } = await client(scopes);
      const { accessToken } = await access.issueToken(client_id, client_secret, undefined);
      return { authorization: `Bearer ${accessToken}` };
    },
    async [Symbol.asyncDispose]() {
      await http.close({ budgetMs: 1000 });
      await batches.close();
      await workers.close();
      await webhooks.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
