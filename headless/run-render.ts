/**
 * `influxion render` from its arguments to the written file. The browser takes longest to start, so it is launched as
 * soon as the arguments are known to make sense, and everything else is loaded while it comes up.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { basename, extname } from 'node:path';
import type { JobStage } from '../contract/job.ts';
import { InfluxionError } from '../core/error.ts';
import type { RenderArguments } from './commands/render.ts';
import { keepCompiledCode } from './compile-cache.ts';
import { dieOf, listenForInterruption } from './interruption.ts';
import { findAssets, openCache } from './paths.ts';
import { assertWritable, readableSize, refuseTerminal, writePdf } from './pdf-file.ts';
import { silentLogger } from './silent-logger.ts';
import { findTemplate, type TemplateSource } from './template-source.ts';
import { note, ProgressLine, warn } from './terminal.ts';

/** The name of the template, or of its folder when the file has the usual name, in the present folder. */
function defaultOutput({ ref, folder }: TemplateSource): string {
  const file = ref.filename ?? undefined;
  const stem = file === undefined ? ref.id : basename(file, extname(file));
  return `${stem == null || stem === 'template' ? basename(folder) : stem}.pdf`;
}

const STAGES: Partial<Record<JobStage, string>> = {
  render: 'Filling in the template',
  print: 'Printing',
  conform: 'Checking the standard',
  sign: 'Signing',
};

/**
 * Resolves when this process launches its first child, which is the browser (diagnostics_channel, "child_process").
 * Loading modules keeps the thread busy; done earlier it would hold up the launch that all else waits for.
 */
function firstLaunch(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onLaunch = (): void => {
    unsubscribe('child_process', onLaunch);
    resolve(undefined);
  };
  subscribe('child_process', onLaunch);
  return promise;
}

async function renderTo(
  target: string,
  source: TemplateSource,
  options: RenderArguments,
  interrupted: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const progress = new ProgressLine();
  const onStage = (stage: JobStage): void => {
    const doing = STAGES[stage];
    if (doing !== undefined && !options.quiet) progress.update(`${doing} …`);
  };
  await using cache = await openCache(process.env);
  keepCompiledCode(cache.folder);
  const { openEngine } = await import('./open-engine.ts');
  const logger = silentLogger;
  const engine = openEngine({
    browser: options.browser,
    workers: 1,
    cacheFolder: cache.folder,
    assetsFolder: findAssets(),
    logger,
  });
  const engineFailed = new AbortController();
  const launched = firstLaunch();
  const starting = engine.start().catch((error: unknown) => engineFailed.abort(error));
  try {
    await Promise.race([launched, starting]);
    const { renderDocument } = await import('./render-document.ts');
    const signal = AbortSignal.any([interrupted, engineFailed.signal]);
    const { pdf, warnings } = await renderDocument(source, options, { engine, logger, signal, onStage });
    const size = await writePdf(target, pdf);
    progress.clear();
    for (const { message } of warnings) warn(message);
    if (!options.quiet && target !== '-') {
      note(`Wrote ${target}, ${readableSize(size)}, in ${(performance.now() - started).toFixed(0)} ms.`);
    }
  } finally {
    progress.clear();
    await engine.close();
    await starting;
  }
}

/** Errors: those of the template, the data and the print; TEMPLATE_NOT_FOUND; NOT_FOUND where nothing can be written. */
export async function runRender(template: string, options: RenderArguments): Promise<void> {
  const source = await findTemplate(template, undefined, process.env);
  const target = options.output ?? defaultOutput(source);
  refuseTerminal(target);
  await assertWritable(target);
  const interruption = listenForInterruption();
  try {
    await renderTo(target, source, options, interruption.signal);
  } catch (error) {
    const signal = interruption.received();
    interruption[Symbol.dispose]();
    if (signal === undefined) throw error;
    dieOf(signal);
    throw new InfluxionError('JOB_CANCELLED', 'Cancelled.', {}, error);
  } finally {
    interruption[Symbol.dispose]();
  }
}
