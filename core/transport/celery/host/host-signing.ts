/** Signs on the API host what workers made: the private keys never leave it. */
import type { GenerateRequest } from '../../../../contract/job.ts';
import { signatureOrder } from '../../../document/finish-order.ts';
import { prepareDocument, type PreparedDocument } from '../../../document/prepare-document.ts';
import { DEFAULT_TIMEOUT_MS } from '../../../document/print-document.ts';
import type { Finished, Finisher } from '../../../pdf/finish/finisher.ts';
import type { PipelineResult } from '../../../jobs/pipeline.ts';
import type { TemplateFinder } from '../../../templates/template.ts';

export interface HostSigning {
  readonly library: TemplateFinder;
  readonly finisher: Finisher;
}

/** Undefined when the request asks for no signature. Errors: those of prepareDocument and the finisher. */
export async function signOnHost(
  pdf: PipelineResult['pdf'],
  request: GenerateRequest,
  { library, finisher }: HostSigning,
  context: { readonly signal: AbortSignal; readonly onSign: () => void },
): Promise<Finished | undefined> {
  const prepared = await prepareDocument(library, request);
  const signature = await signatureOrder(prepared);
  if (signature === undefined) return undefined;
  const order = { standards: prepared.settings.standards, plan: undefined, hasTitle: false, signature };
  const timeoutMs = prepared.options.timeout_ms ?? DEFAULT_TIMEOUT_MS;
  return finisher.finish(pdf, order, { ...context, timeoutMs });
}

/**
 * Whether the place of the signature is only known while the document is printed: it then has to be printed where the key
 * is.
 */
export function signsWherePrinted({ settings }: Pick<PreparedDocument, 'settings'>): boolean {
  const { visible } = settings.signature;
  return settings.signKeyId !== undefined && visible != null && 'anchor' in visible;
}
