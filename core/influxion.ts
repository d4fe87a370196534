/** The composition: a host's ports in, the services of the product out. Start-up and shut-down read from top to bottom. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudioStatus } from '../contract/studio.ts';
import { createAccessService } from './auth/access.ts';
import type { AccessService } from './auth/access-service.ts';
import type { HealthFacts } from './http/http-deps.ts';
import { engineMetrics } from './engine-metrics.ts';
import { InfluxionError } from './error.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { registerStudio } from './http/studio-routes.ts';
import type { JobService } from './jobs/job-service.ts';
import type { RunPipeline } from './jobs/pipeline.ts';
import { createJobQueue, type JobQueue } from './jobs/queue.ts';
import { refuseUnavailable } from './jobs/unavailable.ts';
import type { PdfEngine } from './pdf/engine.ts';
import { admitDocument, createPipeline } from './pipeline.ts';
import type { Clock, Logger, Paths, SecretStore } from './ports.ts';
import { acquireOwnership } from './store/owner-lock.ts';
import { openDatabase } from './store/sqlite.ts';
import { createTemplateLibrary } from './templates/library.ts';
import type { TemplateLibrary } from './templates/template.ts';
import { createTemplateRenderer } from './templates/worker-renderer.ts';

export interface InfluxionDeps {
  readonly paths: Paths;
  readonly engine: PdfEngine;
  readonly secrets: SecretStore;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** The built page of the studio and the reference, `dist/renderer` and `dist/docs`. */
  readonly pageFolder: string;
  readonly docsFolder: string;
  /** Host names answered besides those of this computer. */
  readonly allowedHosts?: readonly string[];
}

export interface Influxion {
  readonly jobs: JobService;
  readonly templates: TemplateLibrary;
  readonly access: AccessService;
  readonly http: HttpServer;
  /** The sample templates that were copied into a new library. */
  readonly seeded: readonly string[];
  /**
   * Warms the engine up and takes up the work, that of a dead owner first. Errors: ENGINE_NOT_FOUND, no work is done;
   * ENGINE_START_FAILED, each job tries again.
   */
  start(): Promise<void>;
  /** Takes requests at an address and tells other commands of this user where; the URL. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** No new work, then finish what runs within the budget; what is left is taken up at the next start. */
  close(budgetMs: number): Promise<void>;
}

const PROMPT_BUDGET_MS = 1_000;

/**
 * Opens the data folder as its one owner. Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, DISK_FULL.
 */
export async function openInfluxion(deps: InfluxionDeps): Promise<Influxion> {
  const { paths, engine, logger, clock } = deps;
  const ownership = await acquireOwnership(paths);
  const opened: (() => Promise<void> | void)[] = [() => ownership.release()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close();
  };

  try {
    for (const folder of [paths.output, paths.templates, paths.cache]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    const db = openDatabase(paths.database, { logger });
    opened.push(() => db.close());

    const templates = createTemplateLibrary({ folder: paths.templates, logger });
    const seeded = await templates.seed(join(paths.assets, 'samples'));

    opened.push(() => engine.close());
    const renderer = createTemplateRenderer({ workers: 1, logger });
    opened.push(() => renderer.close());

    const run = createPipeline({ renderer, engine, library: templates, clock });
    const queue = createJobQueue({
      db,
      paths,
      clock,
      logger,
      run,
      // Twice what the engine prints at once: it never waits while others are rendered and stored.
      concurrency: engine.concurrency * 2,
      admit: (request) => {
        refuseUnavailable(request);
        return admitDocument(templates, request);
      },
    });
    opened.push(() => queue.close());

    const access = createAccessService({ db, secrets: deps.secrets, clock, logger });
    const ownerToken = randomBytes(32).toString('base64url');
    const startedAt = clock.monotonic();
    const health = (): HealthFacts => healthFacts(queue, engine);
    const http = createHttpServer({
      jobs: queue,
      templates,
      access,
      health,
      metrics: () => engineMetrics(engine.status()),
      logger,
      clock,
      version: deps.version,
      ownerToken,
      docsFolder: deps.docsFolder,
      ...(deps.allowedHosts !== undefined && { allowedHosts: deps.allowedHosts }),
      register: async (app) => {
        await app.register(registerStudio, {
          jobs: queue,
          templates,
          rendererDir: deps.pageFolder,
          status: () => ({
            version: deps.version,
            uptime_s: Math.round((clock.monotonic() - startedAt) / 1000),
            api_url: http.url ?? '',
            ...studioFacts(queue, engine, health()),
          }),
        });
      },
    });

    return {
      jobs: queue,
      templates,
      access,
      http,
      seeded,
      async start() {
        // A job that is claimed is then printed in milliseconds, so that a start that is cut short costs it no attempt.
        const failure = await rehearse(run, engine).then(
          () => undefined,
          (error: unknown) => InfluxionError.from(error),
        );
        if (failure?.code === 'ENGINE_NOT_FOUND') throw failure;
        await queue.start();
        if (failure !== undefined) throw failure;
      },
      async listen(address) {
        const url = await http.listen(address);
        ownership.publish({ url, token: ownerToken });
        return url;
      },
      async close(budgetMs) {
        const started = clock.monotonic();
        const left = (): number => Math.max(budgetMs - (clock.monotonic() - started), PROMPT_BUDGET_MS);
        await Promise.all([http.close({ budgetMs }), queue.drain(left())]);
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const REHEARSAL_MS = 30_000;

/** The first document costs a browser and a renderer several times what the second does. Errors: those of the pipeline. */
async function rehearse(run: RunPipeline, engine: PdfEngine): Promise<void> {
  await engine.start();
  await run(
    { html_template: { content: '<p>Ready</p>' }, options: { timeout_ms: REHEARSAL_MS } },
    { signal: AbortSignal.timeout(REHEARSAL_MS), onStage: () => undefined },
  );
}

function healthFacts(queue: JobQueue, engine: PdfEngine): HealthFacts {
  const { draining, store, disk } = queue.condition();
  const { received, inProgress } = queue.counts();
  const { state } = engine.status();
  const checks = { store, disk, engine: state === 'failed' || state === 'starting' ? state : 'ok' } as const;
  return { status: healthStatus(draining, checks), checks, queue: { received, in_progress: inProgress } };
}

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
