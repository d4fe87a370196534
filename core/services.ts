/** What does the work: settings and store, templates, the way of a document, the queue, and what puts jobs into it. */
import { join } from 'node:path';
import { createRowGangs } from './batch/ahead/row-gangs.ts';
import { batchFolders } from './batch/batch-folders.ts';
import type { BatchService } from './batch/batch-service.ts';
import { createBatchService } from './batch/batch-service.ts';
import { createMergeBatch } from './batch/output/merge-documents.ts';
import { createPinnedTemplates, withPinned } from './batch/pin/pinned-templates.ts';
import { createGangPrinter } from './document/gang/gang-printer.ts';
import { createPrintsAhead } from './document/gang/prints-ahead.ts';
import { admitDocument, createPipeline } from './document/pipeline.ts';
import type { HotFolders } from './hot-folders/hot-folders.ts';
import { createHotFolders } from './hot-folders/hot-folders.ts';
import type { InfluxionDeps } from './influxion-deps.ts';
import type { RunPipeline } from './jobs/pipeline.ts';
import { DEFAULT_QUEUE_LIMITS } from './jobs/queue-limits.ts';
import type { JobQueue } from './jobs/queue.ts';
import { createJobQueue } from './jobs/queue.ts';
import type { RetentionPolicy } from './jobs/retention.ts';
import type { Finisher } from './pdf/finish/finisher.ts';
import { createFinisher } from './pdf/finish/finisher.ts';
import { openScratch } from './pdf/finish/scratch.ts';
import type { SigningKeys } from './pdf/signing/keys/signing-keys.ts';
import { createSigningKeys } from './pdf/signing/keys/signing-keys.ts';
import { signingNetwork } from './pdf/signing/network-settings.ts';
import type { Verifier } from './pdf/verify/verifier.ts';
import { createVerifier } from './pdf/verify/verifier.ts';
import { createPdfWorkers } from './pdf/worker/pdf-workers.ts';
import type { Db } from './store/db.ts';
import { openDatabase } from './store/sqlite.ts';
import { SETTINGS_FILE } from './studio/settings-file.ts';
import type { SettingsStore } from './studio/settings-store.ts';
import { openSettings } from './studio/settings-store.ts';
import { createTemplateLibrary } from './templates/library.ts';
import type { EditableLibrary } from './templates/template.ts';
import { createTemplateRenderer } from './templates/worker-renderer.ts';
import type { BlobAccess } from './transport/blobs/http-blobs.ts';
import { openTransport } from './transport/open-transport.ts';
import type { Transport } from './transport/transport.ts';
import type { Webhooks } from './webhooks/webhooks.ts';
import { createWebhooks } from './webhooks/webhooks.ts';

export interface Services {
  readonly settings: SettingsStore;
  readonly db: Db;
  readonly templates: EditableLibrary;
  /** The sample templates that were copied into a new library. */
  readonly seeded: readonly string[];
  readonly keys: SigningKeys;
  readonly finisher: Finisher;
  readonly verifier: Verifier;
  readonly run: RunPipeline;
  readonly transport: Transport;
  /** Where workers elsewhere fetch and leave what is too large for a message. */
  readonly blobs: BlobAccess | undefined;
  readonly webhooks: Webhooks;
  readonly queue: JobQueue;
  readonly batches: BatchService;
  readonly hotFolders: HotFolders;
}

/** Large documents while they are being finished. */
const SCRATCH_FOLDER = 'finishing';
/** Of rows that were printed before their jobs run. */
const AHEAD_BYTES = 64 * 1024 * 1024;

/**
 * In a data folder that is owned; what is opened is closed with `opened`. `listening`: the URL under which workers reach this host.
 * Errors: DATA_FOLDER_UNUSABLE, DISK_FULL.
 */
export async function openServices(
  deps: InfluxionDeps,
  { opened, listening }: { readonly opened: AsyncDisposableStack; readonly listening: Promise<string> },
): Promise<Services> {
  const { paths, engine, clock, logger } = deps;
  const settings = await openSettings({ file: join(paths.data, SETTINGS_FILE), logger });
  const db = openDatabase(paths.database, { logger });
  opened.defer(() => db.close());

  const templates = createTemplateLibrary({ folder: paths.templates, logger });
  const seeded = await templates.seed(join(paths.assets, 'samples'));

  opened.defer(() => engine.close());
  const renderer = createTemplateRenderer({ workers: 1, logger });
  opened.defer(() => renderer.close());

  const keys = createSigningKeys({ db, secrets: deps.secrets, clock });
  opened.defer(() => keys.close());
  // Which keys the workers hold is only known there.
  const usable = deps.celery?.signing === 'worker' ? { assertUsable: () => undefined } : keys;
  const workers = createPdfWorkers({ workers: engine.concurrency, logger });
  opened.defer(() => workers.close());
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
  const ahead = createPrintsAhead(AHEAD_BYTES);
  const run = createPipeline({ renderer, engine, finisher, library, clock, ahead });
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
    listening,
  });
  const webhooks = createWebhooks({
    db,
    secrets: deps.secrets,
    clock,
    logger,
    version: deps.version,
    allowed: () => settings.current.webhooks.allowed,
  });
  opened.defer(() => webhooks.close());
  opened.defer(() => transport.close?.());
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
  opened.defer(() => queue.close());
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
    ...(deps.celery === undefined && {
      gangs: createRowGangs({
        printer: createGangPrinter({ renderer, engine, clock, workers, logger }),
        ahead,
        library,
        // One more than the engine prints at once: it never waits while others are rendered and cut.
        most: engine.concurrency + 1,
      }),
    }),
    merge: createMergeBatch({ workers, pins, clock, fontsFolder: join(paths.assets, 'fonts') }),
  });
  opened.defer(() => batches.close());
  const hotFolders = createHotFolders({
    db,
    batches,
    clock,
    logger,
    dataFolder: paths.data,
    admit: (request) => admitDocument(templates, usable, request),
  });
  opened.defer(() => hotFolders.close());
  settings.onChange((_changed, patch) => {
    if (patch.retention !== undefined) queue.setRetention(keptFor(settings));
    if (patch.work?.max_queued !== undefined) queue.setMaxQueued(patch.work.max_queued);
  });

  return {
    settings,
    db,
    templates,
    seeded,
    keys,
    finisher,
    verifier,
    run,
    transport,
    blobs,
    webhooks,
    queue,
    batches,
    hotFolders,
  };
}

const DAY_MS = 24 * 60 * 60_000;

function keptFor({ current: { retention } }: SettingsStore): Omit<RetentionPolicy, 'graceMs'> {
  const { max_age_days, max_jobs, max_bytes } = retention;
  return { maxAgeMs: max_age_days * DAY_MS, maxJobs: max_jobs, maxBytes: max_bytes };
}
