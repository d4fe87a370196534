/** One document from what the command line names, with nothing kept: no queue, no data folder. */
import type { GenerateRequest, JobStage } from '../contract/job.ts';
import { InfluxionError } from '../core/error.ts';
import type { PipelineResult } from '../core/jobs/pipeline.ts';
import { createPipeline } from '../core/document/pipeline.ts';
import { systemClock, type Logger, type PdfEngine } from '../core/ports.ts';
import { createTemplateLibrary } from '../core/templates/library.ts';
import { createTemplateRenderer } from '../core/templates/worker-renderer.ts';
import type { RenderArguments } from './commands/render.ts';
import { openFinisher } from './open-finisher.ts';
import { readJson, readText } from './read-input.ts';
import { readPrintOptions } from './render-options.ts';
import { parseStandard } from './standard-flag.ts';
import type { TemplateSource } from './template-source.ts';

/** Names the file where the core, which knows none, says "html" or the name of a partial. */
function withFileName(error: unknown, source: TemplateSource, cssFile: string | undefined): unknown {
  if (!InfluxionError.is(error) || error.details.template === undefined) return error;
  const { template } = error.details;
  const file = template === 'css' && cssFile !== undefined ? cssFile : source.fileOf(template);
  return new InfluxionError(error.code, error.message, { ...error.details, template: file }, error);
}

async function buildRequest(source: TemplateSource, options: RenderArguments): Promise<GenerateRequest> {
  const data = options.data === undefined ? {} : await readJson(options.data, 'data');
  const css = options.css === undefined ? undefined : await readText(options.css, 'style sheet');
  return {
    data,
    html_template: source.ref,
    options: await readPrintOptions(options),
    ...(css !== undefined && { css_template: { content: css } }),
    ...(options.sign !== undefined && { sign_key_id: options.sign }),
    ...(options.standard !== undefined && { pdf_standard: parseStandard(options.standard) }),
  };
}

export interface RenderContext {
  readonly engine: PdfEngine;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onStage: (stage: JobStage) => void;
}

/** Reads what the command line names and renders it. The engine is used, not closed. */
export async function renderDocument(
  source: TemplateSource,
  options: RenderArguments,
  context: RenderContext,
): Promise<PipelineResult> {
  const request = await buildRequest(source, options);
  context.signal.throwIfAborted();
  const { engine, logger, signal, onStage } = context;
  const library = createTemplateLibrary({ folder: source.folder, logger });
  const renderer = createTemplateRenderer({ workers: 1, logger });
  await using finishing = openFinisher(undefined, process.env);
  try {
    const run = createPipeline({
      renderer,
      engine,
      finisher: finishing.finisher,
      library,
      clock: systemClock,
    });
    return await run(request, { signal, onStage });
  } catch (error) {
    throw withFileName(error, source, options.css);
  } finally {
    await renderer.close();
  }
}
