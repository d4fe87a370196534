/** The composition: a host's ports in, the services of the product out. Start-up and shut-down read from top to bottom. */
import { mkdir } from 'node:fs/promises';
import type { ApiState } from '../contract/studio/api.ts';
import type { TransportStatus } from '../contract/transport.ts';
import type { AccessService } from './auth/access-service.ts';
import type { BatchService } from './batch/batch-service.ts';
import { rehearse } from './document/rehearse.ts';
import { createEntrances, reachableOrigin } from './entrances.ts';
import { InfluxionError } from './error.ts';
import type { LanOverride } from './http/network/api-switch.ts';
import type { HttpServer } from './http/server.ts';
import type { InfluxionDeps } from './influxion-deps.ts';
import type { JobService } from './jobs/job-service.ts';
import { keepLogTail } from './log-tail.ts';
import { openServices } from './services.ts';
import { acquireOwnership } from './store/owner-lock.ts';
import type { SettingsStore } from './studio/settings-store.ts';
import type { Studio } from './studio/studio.ts';
import type { TemplateLibrary } from './templates/template.ts';

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

/**
 * Opens the data folder as its one owner. Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, DISK_FULL.
 */
export async function openInfluxion(given: InfluxionDeps): Promise<Influxion> {
  const { paths, engine, clock } = given;
  const { logger, lines: logLines } = keepLogTail(given.logger, () => clock.now());
  const deps = { ...given, logger };
  const opened = new AsyncDisposableStack();
  const ownership = await acquireOwnership(paths);
  opened.defer(() => ownership.release());

  try {
    for (const folder of [paths.output, paths.templates, paths.cache]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    const listening = Promise.withResolvers<string>();
    const services = await openServices(deps, { opened, listening: listening.promise });
    const { settings, templates, seeded, run, transport, webhooks, queue, batches, hotFolders } = services;
    const { http, api, access, ownerToken, openStudio, studioLink } = createEntrances(deps, services, {
      opened,
      ownership,
      logLines,
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
      studioLink,
      async close(budgetMs) {
        const started = clock.monotonic();
        const left = (): number => Math.max(budgetMs - (clock.monotonic() - started), PROMPT_BUDGET_MS);
        await Promise.all([http.close({ budgetMs }), api.close(budgetMs), queue.drain(left())]);
        await opened.disposeAsync();
      },
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}
