/** The composition: a host's ports in, the services of the product out. Start-up and shut-down read from top to bottom. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudioStatus } from '../contract/studio/app.ts';
import type { ApiState } from '../contract/studio/api.ts';
import type { BrokerState, TransportStatus } from '../contract/transport.ts';
import { createAccessService } from './auth/access.ts';
import type { AccessService } from './auth/access-service.ts';
import { createStudioSessions } from './auth/studio-sessions.ts';
import { createMdnsAnnouncer, type Announcer } from './http/network/announcer.ts';
import { createApiSwitch, type LanOverride } from './http/network/api-switch.ts';
import { createOwnerCheck } from './http/bearer.ts';
import type { HealthFacts, HttpDeps } from './http/http-deps.ts';
import { RequestMetrics } from './http/metrics.ts';
import { ownAddresses, ownNames } from './http/network/own-addresses.ts';
import { engineMetrics } from './engine-metrics.ts';
import { InfluxionError } from './error.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { registerStudio } from './http/studio/studio-routes.ts';
import { studioLink } from './http/studio/studio-sign-in.ts';
import { createTokenLimits } from './http/token-limits.ts';
import { createHotFolders } from './hot-folders/hot-folders.ts';
import type { JobService } from './jobs/job-service.ts';
import { DEFAULT_QUEUE_LIMITS } from './jobs/queue-limits.ts';
import { createJobQueue, type JobQueue } from './jobs/queue.ts';
import type { RetentionPolicy } from './jobs/retention.ts';
import { keepLogTail } from './log-tail.ts';
import type { PdfEngine } from './pdf/engine.ts';
import { createSigningKeys } from './pdf/signing/keys/signing-keys.ts';
import { admitDocument, createPipeline } from './document/pipeline.ts';
import { rehearse } from './document/rehearse.ts';
import type { Clock, Logger, Paths, SecretStore } from './ports.ts';
import { acquireOwnership } from './store/owner-lock.ts';
import { openDatabase } from './store/sqlite.ts';
import { SETTINGS_FILE } from './studio/settings-file.ts';
import { openSettings, type SettingsStore } from './studio/settings-store.ts';
import { createSeenRequests } from './studio/seen-requests.ts';
import { createStudio, type Studio } from './studio/studio.ts';
import { batchFolders } from './batch/batch-folders.ts';
import { createBatchService, type BatchService } from './batch/batch-service.ts';
import { createMergeBatch } from './batch/output/merge-documents.ts';
import { createPinnedTemplates, withPinned } from './batch/pin/pinned-templates.ts';
import { createFinisher } from './pdf/finish/finisher.ts';
import { openScratch } from './pdf/finish/scratch.ts';
import { signingNetwork } from './pdf/signing/network-settings.ts';
import type { SigningNetwork } from './pdf/signing/trust/signing-network.ts';
import { createVerifier } from './pdf/verify/verifier.ts';
import { createPdfWorkers } from './pdf/worker/pdf-workers.ts';
import type { CelerySettings } from './transport/celery/celery-settings.ts';
import { openTransport } from './transport/open-transport.ts';
import { transportMetrics } from './transport/transport-metrics.ts';
import type { Transport } from './transport/transport.ts';
import { createTemplateLibrary } from './templates/library.ts';
import type { TemplateLibrary } from './templates/template.ts';
import { createTemplateRenderer } from './templates/worker-renderer.ts';
import { createTlsIdentities } from './tls/tls-identity.ts';
import { assertAllowList, createWebhooks } from './webhooks/webhooks.ts';

export interface InfluxionDeps {
  readonly paths: Paths;
  readonly engine: PdfEngine;
  readonly secrets: SecretStore;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** The built page of the studio, `dist/renderer`, where a browser shows it; absent where windows of its own do. */
  readonly pageFolder?: string;
  /** The built reference, `dist/docs`. */
  readonly docsFolder: string;
  /** What the environment of the host says of whom signatures may reach; it goes before the settings. */
  readonly signingNetwork?: Partial<Pick<SigningNetwork, 'timeStamp' | 'revocation'>>;
  /** The workers that jobs run on; absent: they run here. */
  readonly celery?: CelerySettings;
  /** Host names answered besides those of this computer. */
  readonly allowedHosts?: readonly string[];
  /** The network around this computer, for tests that have one of their own. */
  readonly network?: Partial<Network>;
}

export interface Network {
  readonly ownAddresses: () => string[];
  readonly ownNames: () => string[];
  readonly announcer: Announcer;
  /** Milliseconds between two looks at the addresses. */
  readonly recheckMs: number;
}

export interface Influxion {
  readonly jobs: JobService;
  readonly batches: BatchService;
  readonly templates: TemplateLibrary;
  readonly access: AccessService;
  readonly http: HttpServer;
  readonly settings: SettingsStore;
  /** The calls and events of the studio, for a host that shows it in windows of its own. */
  readonly studio: Studio;
  /** The sample templates that were copied into a new library. */
  readonly seeded: readonly string[];
  /**
   * Warms the engine up and takes up the work, that of a dead owner first. Errors: ENGINE_NOT_FOUND, no work is done;
   * ENGINE_START_FAILED, each job tries again.
   */
  start(): Promise<void>;
  /** Takes requests at an address and tells other commands of this user where; the URL. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /**
   * Opens the API as the settings say and follows them from then on, beside the address of `listen` if that was
   * called. What cannot be opened is no error: `api()` tells of it, and it is tried again.
   */
  openApi(options?: { readonly lan?: LanOverride }): Promise<void>;
  api(): ApiState;
  /** Where jobs run, and how broker and workers are. */
  transport(): TransportStatus;
  /** A one-time link to the studio's page at an origin of this host. */
  studioLink(origin: string): string;
  /** No new work, then finish what runs within the budget; what is left is taken up at the next start. */
  close(budgetMs: number): Promise<void>;
}

const PROMPT_BUDGET_MS = 1_000;
/** Large documents while they are being finished. */
const SCRATCH_FOLDER = 'finishing';
/** The certificate of the network's side, for people who give it to their clients. */
export const CERTIFICATE_FILE = 'lan-certificate.pem';

/**
 * Opens the data folder as its one owner. Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, DISK_FULL.
 */
export async function openInfluxion(deps: InfluxionDeps): Promise<Influxion> {
  const { paths, engine, clock } = deps;
  const { logger, lines: logLines } = keepLogTail(deps.logger, () => clock.now());
  const ownership = await acquireOwnership(paths);
  const opened: (() => Promise<void> | void)[] = [() => ownership.release()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close();
  };

  try {
    for (const folder of [paths.output, paths.templates, paths.cache]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    const settings = await openSettings({ file: join(paths.data, SETTINGS_FILE), logger });
    const db = openDatabase(paths.database, { logger });
    opened.push(() => db.close());

    const templates = createTemplateLibrary({ folder: paths.templates, logger });
    const seeded = await templates.seed(join(paths.assets, 'samples'));

    opened.push(() => engine.close());
    const renderer = createTemplateRenderer({ workers: 1, logger });
    opened.push(() => renderer.close());

    const keys = createSigningKeys({ db, secrets: deps.secrets, clock });
    opened.push(() => keys.close());
    // Which keys the workers hold is only known there.
    const usable = deps.celery?.signing === 'worker' ? { assertUsable: () => undefined } : keys;
    const workers = createPdfWorkers({ workers: engine.concurrency, logger });
    opened.push(() => workers.close());
    const finisher = createFinisher({
      workers,
      openScratch: () => openScratch(join(paths.cache, SCRATCH_FOLDER)),
      signing: {
        keys,
        network: () => signingNetwork(settings.current.signing, deps.secrets, deps.signingNetwork),
        fontsFolder: join(paths.assets, 'fonts'),
      },
      now: () => clock.now(),
    });

    const verifier = createVerifier(workers, clock);
    const pins = createPinnedTemplates(batchFolders(paths.data).pins);
    const library = withPinned(templates, pins);
    const run = createPipeline({ renderer, engine, finisher, library, clock });
    const listening = Promise.withResolvers<string>();
    const { transport, blobs } = await openTransport({
      celery: deps.celery,
      run,
      // Twice what the engine prints at once: it never waits while others are rendered and stored. One more, which rows of
      // batches leave to jobs that somebody waits for.
      concurrency: engine.concurrency * 2 + 1,
      db,
      paths,
      secrets: deps.secrets,
      library,
      finisher,
      clock,
      logger,
      version: deps.version,
      listening: listening.promise,
    });
    const webhooks = createWebhooks({
      db,
      secrets: deps.secrets,
      clock,
      logger,
      version: deps.version,
      allowed: () => settings.current.webhooks.allowed,
    });
    opened.push(() => webhooks.close());
    opened.push(() => transport.close?.());
    const queue = createJobQueue({
      db,
      paths,
      clock,
      logger,
      transport,
      limits: {
        retention: { ...DEFAULT_QUEUE_LIMITS.retention, ...keptFor(settings) },
        maxQueued: settings.current.work.max_queued,
        attemptMs: settings.current.work.attempt_minutes * 60_000,
      },
      admit: (request) => admitDocument(templates, usable, request),
      webhooks,
    });
    opened.push(() => queue.close());
    const batches = createBatchService({
      db,
      data: paths.data,
      jobs: queue.rows,
      library: templates,
      keys: usable,
      pins,
      clock,
      logger,
      webhooks,
      keptMs: () => settings.current.retention.max_age_days * DAY_MS,
      merge: createMergeBatch({ workers, pins, clock, fontsFolder: join(paths.assets, 'fonts') }),
    });
    opened.push(() => batches.close());
    const hotFolders = createHotFolders({
      db,
      batches,
      clock,
      logger,
      dataFolder: paths.data,
      admit: (request) => admitDocument(templates, usable, request),
    });
    opened.push(() => hotFolders.close());

    const access = createAccessService({ db, secrets: deps.secrets, clock, logger });
    const ownerToken = randomBytes(32).toString('base64url');
    const startedAt = clock.monotonic();
    const health = (): HealthFacts => healthFacts(queue, engine, transport);
    const status = (): StudioStatus => ({
      version: deps.version,
      uptime_s: Math.round((clock.monotonic() - startedAt) / 1000),
      api_url: api.state().urls[0] ?? '',
      ...studioFacts(queue, engine, health()),
    });
    const requests = createSeenRequests(() => clock.now());
    const metrics = new RequestMetrics();
    opened.push(() => metrics.close());
    const sessions = createStudioSessions(clock);
    const link = (origin: string): string => studioLink(origin, sessions.issueKey());

    const apiDeps: HttpDeps = {
      limits: { bodyBytes: settings.current.work.body_mb * 1024 * 1024 },
      jobs: queue,
      batches,
      templates,
      access,
      keys,
      verifier,
      webhooks,
      hotFolders,
      allowedAddresses: {
        get current() {
          return settings.current.webhooks.allowed;
        },
        async set(allowed) {
          assertAllowList(allowed);
          await settings.write({ webhooks: { allowed: [...allowed] } });
        },
      },
      health,
      metrics: () => [...engineMetrics(engine.status()), ...transportMetrics(transport.status())],
      ...(blobs !== undefined && { blobs }),
      requests: metrics,
      tokenLimits: createTokenLimits(clock),
      onAnswered: (request) => requests.add(request),
      isOpen: () => api.isOpen,
      logger,
      clock,
      version: deps.version,
      docsFolder: deps.docsFolder,
    };
    const allowedHosts = [...(deps.allowedHosts ?? []), ...blobHost(deps.celery)];
    const names = deps.network?.ownNames ?? (() => ownNames());
    const api = createApiSwitch({
      settings: () => settings.current.api,
      createLocal: () => createHttpServer({ ...apiDeps, ownerToken, allowedHosts }),
      createLan: (tls) => createHttpServer({ ...apiDeps, tls, allowedHosts: [...allowedHosts, ...names()] }),
      identities: createTlsIdentities({
        secrets: deps.secrets,
        clock,
        logger,
        publish: (certificate) => writeFile(join(paths.data, CERTIFICATE_FILE), certificate, { mode: 0o600 }),
      }),
      announcer: deps.network?.announcer ?? createMdnsAnnouncer(logger),
      ownAddresses: deps.network?.ownAddresses ?? ownAddresses,
      ownNames: names,
      version: deps.version,
      logger,
      ...(deps.network?.recheckMs !== undefined && { recheckMs: deps.network.recheckMs }),
      localChanged: (url) => ownership.publish(url === undefined ? {} : { url, token: ownerToken }),
    });
    let settled = Promise.resolve();
    settings.onChange((_changed, patch) => {
      if (patch.retention !== undefined) queue.setRetention(keptFor(settings));
      if (patch.work?.max_queued !== undefined) queue.setMaxQueued(patch.work.max_queued);
      if (patch.api !== undefined) settled = api.apply(true);
    });

    let studio: Studio | undefined;
    /** Made when the first page asks: a command that only looks into the folder has no use for it. */
    const openStudio = (): Studio => {
      if (studio !== undefined) return studio;
      // Of its own: a template that never ends in a preview would hold up every job.
      const previews = createTemplateRenderer({ workers: 1, logger, startsOnDemand: true });
      opened.push(() => previews.close());
      const made = createStudio({
        paths,
        db,
        engine,
        renderer: previews,
        library: templates,
        queue,
        batches,
        access,
        keys,
        finisher,
        verifier,
        webhooks,
        hotFolders,
        settings,
        secrets: deps.secrets,
        requests,
        status,
        api: () => api.state(),
        transport: () => transport.status(),
        settled: () => settled,
        logLines,
        logger,
        clock,
      });
      opened.push(() => made.close());
      return (studio = made);
    };
    const { pageFolder } = deps;
    const http = createHttpServer({
      ...apiDeps,
      ownerToken,
      allowedHosts,
      ...(pageFolder !== undefined && {
        register: async (app) => {
          await app.register(registerStudio, {
            router: { handle: (name, input, call) => openStudio().router.handle(name, input, call) },
            events: { subscribe: (listener) => openStudio().events.subscribe(listener) },
            rendererDir: pageFolder,
            sessions,
            isOwner: createOwnerCheck(ownerToken),
            link: () => link(reachableOrigin(http.url ?? '')),
          });
        },
      }),
    });

    return {
      jobs: queue,
      batches,
      templates,
      access,
      http,
      settings,
      get studio() {
        return openStudio();
      },
      seeded,
      async start() {
        webhooks.start();
        // A job that is claimed is then printed in milliseconds, so that a start that is cut short costs it no attempt.
        const failure = await (deps.celery === undefined ? rehearse(run, engine) : Promise.resolve()).then(
          () => undefined,
          (error: unknown) => InfluxionError.from(error),
        );
        if (failure?.code === 'ENGINE_NOT_FOUND') throw failure;
        await batches.open();
        hotFolders.start();
        // Who waits for the jobs that are out is there before their results come.
        await queue.start();
        await transport.start?.();
        if (failure !== undefined) throw failure;
      },
      async listen(address) {
        const url = await http.listen(address);
        ownership.publish({ url, token: ownerToken });
        listening.resolve(reachableOrigin(url));
        return url;
      },
      openApi({ lan } = {}) {
        return api.start({
          ...(http.url !== undefined && { fixedUrl: reachableOrigin(http.url) }),
          ...(lan && { lan }),
        });
      },
      api: () => api.state(),
      transport: () => transport.status(),
      studioLink: link,
      async close(budgetMs) {
        const started = clock.monotonic();
        const left = (): number => Math.max(budgetMs - (clock.monotonic() - started), PROMPT_BUDGET_MS);
        await Promise.all([http.close({ budgetMs }), api.close(budgetMs), queue.drain(left())]);
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const DAY_MS = 24 * 60 * 60_000;

function keptFor({ current: { retention } }: SettingsStore): Omit<RetentionPolicy, 'graceMs'> {
  const { max_age_days, max_jobs, max_bytes } = retention;
  return { maxAgeMs: max_age_days * DAY_MS, maxJobs: max_jobs, maxBytes: max_bytes };
}

/** "All addresses" is none that a browser can open. */
const reachableOrigin = (url: string): string =>
  url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Workers reach this host by the name that the settings give them. */
function blobHost(celery: CelerySettings | undefined): string[] {
  const url = celery?.blobs.url;
  return url === undefined ? [] : [new URL(url).hostname];
}

function healthFacts(queue: JobQueue, engine: PdfEngine, transport: Transport): HealthFacts {
  const { draining, store, disk } = queue.condition();
  const { received, inProgress } = queue.counts();
  const { state } = engine.status();
  const { broker } = transport.status();
  const checks = {
    store,
    disk,
    engine: state === 'failed' || state === 'starting' ? state : 'ok',
    // Jobs are taken and kept all the same.
    ...(broker !== null && { broker: brokerCheck(broker.state) }),
  } as const;
  return { status: healthStatus(draining, checks), checks, queue: { received, in_progress: inProgress } };
}

const brokerCheck = (state: BrokerState): 'ok' | 'blocked' | 'away' => (state === 'ready' ? 'ok' : state);

function healthStatus(draining: boolean, checks: HealthFacts['checks']): HealthFacts['status'] {
  if (draining) return 'draining';
  if (checks.store === 'failed' || checks.engine === 'failed' || checks.disk === 'low') return 'degraded';
  return checks.engine === 'starting' ? 'starting' : 'ready';
}

function studioFacts(
  queue: JobQueue,
  engine: PdfEngine,
  health: HealthFacts,
): Pick<StudioStatus, 'state' | 'engine' | 'queue'> {
  const { state, product, problem } = engine.status();
  const { received, inProgress, done, error } = queue.counts();
  return {
    state: health.status,
    engine: { state, product: product ?? null, concurrency: engine.concurrency, problem: problem ?? null },
    queue: { received, in_progress: inProgress, done, error },
  };
}
