/** `influxion worker`: the pipeline without queue and database, behind the broker. */
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { InfluxionError } from '../core/error.ts';
import type { RunPipeline } from '../core/jobs/pipeline.ts';
import { rehearse } from '../core/document/rehearse.ts';
import { createPipeline } from '../core/document/pipeline.ts';
import { openScratch } from '../core/pdf/finish/scratch.ts';
import { systemClock } from '../core/ports.ts';
import { createTemplateLibrary } from '../core/templates/library.ts';
import { createTemplateRenderer } from '../core/templates/worker-renderer.ts';
import { readBlob, writeBlob } from '../core/transport/blobs/blob-client.ts';
import { createPerformer } from '../core/transport/celery/worker/perform.ts';
import { startCeleryWorker, type CeleryWorker } from '../core/transport/celery/worker/worker.ts';
import { blobOrigins, brokerSettings } from './celery-settings.ts';
import type { WorkerOptions } from './commands/worker.ts';
import { createLogger } from './logger.ts';
import { openEngine } from './open-engine.ts';
import { openFinisher } from './open-finisher.ts';
import { findAssets, hasDataFolder, hostPaths, openCache, temporaryFolder } from './paths.ts';
import { stopRequested } from './stop-requested.ts';
import { note, printResult, warn } from './terminal.ts';
import { VERSION } from './version.ts';

/** Serves until a signal or a command over the broker comes, then drains. Errors: UsageError, those of the engine. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { broker, queue } = brokerSettings(process.env);
  const origins = blobOrigins(process.env);
  const stop = stopRequested('Jobs that were running go to other workers.');
  const asked = Promise.withResolvers<undefined>();
  const logger = createLogger({ level: options.loglevel });
  const concurrency = options.concurrency ?? availableParallelism() * 2;
  const name = options.hostname.replaceAll('%p', String(process.pid)).replaceAll('%h', hostname());
  await using closing = new AsyncDisposableStack();

  const cache = closing.use(await openCache(process.env));
  // Half of the jobs print while the others are filled in, finished and sent.
  const pages = Math.ceil(concurrency / 2);
  const engine = openEngine({
    browser: options.browser,
    workers: pages,
    cacheFolder: cache.folder,
    assetsFolder: findAssets(),
    logger,
  });
  closing.defer(() => engine.close());
  const renderer = createTemplateRenderer({ workers: 1, logger });
  closing.defer(() => renderer.close());
  const { finisher } = closing.use(openFinisher(options.data, process.env, { workers: pages, logger }));
  const paths = hostPaths(options.data, process.env);
  const library = createTemplateLibrary({ folder: paths.templates, logger });
  const pipeline = createPipeline({ renderer, engine, finisher, library, clock: systemClock });
  const run: RunPipeline = (request, context) => {
    if (request.sign_key_id != null && !hasDataFolder(paths)) throw noKeys(request.sign_key_id);
    return pipeline(request, context);
  };
  await rehearse(run, engine);

  const folder = closing.use(temporaryFolder());
  const perform = createPerformer({
    run,
    blobs: {
      read: (url, call) => readBlob(url, { ...call, origins }),
      write: (url, bytes, call) => writeBlob(url, bytes, { ...call, origins }),
    },
    openScratch: async () => openScratch(join(await folder.path(), 'documents')),
    ranOn: { host: name, version: VERSION },
  });
  const ready = Promise.withResolvers<undefined>();
  const worker = await startCeleryWorker({
    address: broker,
    queue: { ...queue, ...(options.queue !== undefined && { name: options.queue }) },
    hostname: name,
    version: VERSION,
    concurrency,
    limits: {
      hardMs: options.timeLimit * 1000,
      softMs: options.softTimeLimit === undefined ? undefined : options.softTimeLimit * 1000,
    },
    perform,
    clock: systemClock,
    logger,
    stopAsked: () => asked.resolve(undefined),
    changed(state, problem) {
      if (state === 'open') ready.resolve(undefined);
      else if (problem !== undefined && !options.json) warn(problem);
    },
  });
  const ending = Promise.race([stop, asked.promise]);
  await Promise.race([ready.promise, ending]);
  await announce(worker, { name, concurrency, shown: broker.shown }, options);
  await ending;
  if (worker.running > 0) note(`Stopping: ${worker.running} running jobs get up to ${options.drain} s.`);
  await worker.close(options.drain * 1000);
}

const noKeys = (id: string): InfluxionError =>
  new InfluxionError('KEY_NOT_FOUND', `This worker holds no keys, so not "${id}" either.`, {
    hint: 'Let the API host sign, or start the worker with the data folder that has the key (--data DIR).',
  });

async function announce(
  { broker }: CeleryWorker,
  facts: { readonly name: string; readonly concurrency: number; readonly shown: string },
  { json }: WorkerOptions,
): Promise<void> {
  const { name, concurrency, shown } = facts;
  if (json) await printResult(JSON.stringify({ event: 'ready', name, concurrency, broker }));
  else
    note(
      `Influxion ${VERSION}: ${name} takes up to ${concurrency} jobs at once from ${shown} (${broker ?? ''}).`,
    );
}
