/** The way of a document, request → HTML → print → finished PDF. The queue runs it for each job, `influxion render` runs it alone. */
import type { GenerateRequest } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { PipelineResult, RunPipeline } from '../jobs/pipeline.ts';
import type { Finisher } from '../pdf/finish/finisher.ts';
import type { SigningKeys } from '../pdf/signing/keys/signing-keys.ts';
import { attachmentProblem } from '../pdf/standards/attachments/attachment-rules.ts';
import { standardsFrom } from '../pdf/standards/model.ts';
import type { TemplateFinder } from '../templates/template.ts';
import { finishOrder, givenFile, isGiven } from './finish-order.ts';
import { dataOf, prepareDocument } from './prepare-document.ts';
import { withTemplateLine } from './violation-line.ts';
import type { PrintsAhead } from './gang/prints-ahead.ts';
import { DEFAULT_TIMEOUT_MS, printDocument, type PrintDeps } from './print-document.ts';

export interface PipelineDeps extends PrintDeps {
  readonly library: TemplateFinder;
  readonly finisher: Finisher;
  /** Prints that were made before their requests ran. */
  readonly ahead?: Pick<PrintsAhead, 'take'>;
}

export function createPipeline({ library, finisher, ahead, ...deps }: PipelineDeps): RunPipeline {
  const { clock } = deps;
  return async (request, { signal, onStage }): Promise<PipelineResult> => {
    onStage('render');
    const started = clock.monotonic();
    const prepared = await prepareDocument(library, request);
    const preparedMs = clock.monotonic() - started;
    const data = dataOf(request);
    const made = ahead?.take(request, data);
    if (made !== undefined) onStage('print');
    const printed = made ?? (await printDocument(deps, prepared, { data, signal, onStage }));
    const timings = { render: preparedMs + printed.timings.render, print: printed.timings.print };
    const order = await finishOrder(prepared, printed.document, clock.now());
    if (order === undefined) return { pdf: printed.pdf, warnings: printed.warnings, timings };

    onStage('conform');
    const printedAt = clock.monotonic();
    let signedAt: number | undefined;
    const finished = await finisher
      .finish(printed.pdf, order, {
        timeoutMs: prepared.options.timeout_ms ?? DEFAULT_TIMEOUT_MS,
        signal,
        onSign() {
          signedAt = clock.monotonic();
          onStage('sign');
        },
      })
      .catch(async (error: unknown) => {
        const preview = { pageNumbers: printed.numbers };
        throw await withTemplateLine(error, () =>
          printDocument(deps, prepared, { data, signal, onStage: () => undefined, preview }),
        );
      });
    const ended = clock.monotonic();
    return {
      pdf: finished.pdf,
      warnings: [...printed.warnings, ...finished.warnings],
      signature: finished.signature,
      pages: finished.pages,
      timings: {
        ...timings,
        conform: (signedAt ?? ended) - printedAt,
        ...(signedAt !== undefined && { sign: ended - signedAt }),
      },
    };
  };
}

/**
 * What the queue asks before it accepts a request; an error is the answer to the caller. Errors: those of prepareDocument, KEY_NOT_FOUND,
 * KEY_UNUSABLE, ATTACHMENT_INVALID for what the standard forbids whatever the file holds, VALIDATION_FAILED.
 */
export async function admitDocument(
  library: TemplateFinder,
  keys: Pick<SigningKeys, 'assertUsable'>,
  request: GenerateRequest,
): Promise<{ readonly templateId: string | null; readonly pdfStandard: string | null }> {
  const { template, settings } = await prepareDocument(library, request);
  const { signKeyId, signature, standards, attachments } = settings;
  if (signKeyId !== undefined) keys.assertUsable(signKeyId);
  else if (Object.keys(signature).length > 0) throw signatureWithoutKey();
  const problem = attachments.every(isGiven)
    ? attachmentProblem(standardsFrom(standards), attachments.map(givenFile))
    : undefined;
  if (problem !== undefined) {
    throw new InfluxionError('ATTACHMENT_INVALID', problem, {
      errors: [{ path: 'attachments', message: problem }],
    });
  }
  return {
    templateId: template.id ?? null,
    pdfStandard: standards.length === 0 ? null : standards.join(', '),
  };
}

function signatureWithoutKey(): InfluxionError {
  const message = 'It says how to sign, but sign_key_id names no key.';
  return new InfluxionError('VALIDATION_FAILED', message, {
    errors: [{ path: 'sign_key_id', message }],
    hint: 'Name a key in sign_key_id ("influxion key list" shows them), or leave "signature" out.',
  });
}
