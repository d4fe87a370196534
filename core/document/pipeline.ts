/** The way of a document, request → HTML → print → finished PDF. The queue runs it for each job, `influxion render` runs it alone. */
import type { GenerateRequest } from '../../contract/job.ts';
import type { PipelineResult, RunPipeline } from '../jobs/pipeline.ts';
import type { Finisher } from '../pdf/finish/finisher.ts';
import type { TemplateLibrary } from '../templates/template.ts';
import { finishOrder } from './finish-order.ts';
import { prepareDocument } from './prepare-document.ts';
import { DEFAULT_TIMEOUT_MS, printDocument, type PrintDeps } from './print-document.ts';

export interface PipelineDeps extends PrintDeps {
  readonly library: TemplateLibrary;
  readonly finisher: Finisher;
}

export function createPipeline({ library, finisher, ...deps }: PipelineDeps): RunPipeline {
  const { clock } = deps;
  return async (request, { signal, onStage }): Promise<PipelineResult> => {
    onStage('render');
    const started = clock.monotonic();
    const prepared = await prepareDocument(library, request);
    const preparedMs = clock.monotonic() - started;
    const data = JSON.stringify(request.data ?? {});
    const printed = await printDocument(deps, prepared, { data, signal, onStage });
    const timings = { render: preparedMs + printed.timings.render, print: printed.timings.print };
    const order = await finishOrder(prepared, printed.document, clock.now());
    if (order === undefined) return { pdf: printed.pdf, warnings: printed.warnings, timings };

    onStage('conform');
    const printedAt = clock.monotonic();
    const timeoutMs = prepared.options.timeout_ms ?? DEFAULT_TIMEOUT_MS;
    const finished = await finisher.finish(printed.pdf, order, { timeoutMs, signal });
    return {
      pdf: finished.pdf,
      warnings: [...printed.warnings, ...finished.warnings],
      timings: { ...timings, conform: clock.monotonic() - printedAt },
    };
  };
}

/** What the queue asks before it accepts a request; an error is the answer to the caller. */
export async function admitDocument(
  library: TemplateLibrary,
  request: GenerateRequest,
): Promise<{ readonly templateId: string | null }> {
  const { template } = await prepareDocument(library, request);
  return { templateId: template.id ?? null };
}
