/** What a preview becomes of the standards that its template names: the finished file, or the print with the rules that it breaks. */
import type { JobWarning } from '../../contract/job.ts';
import type { Place, PreviewConformance, PreviewViolation } from '../../contract/studio/preview.ts';
import type { Violation } from '../../contract/verify.ts';
import { finishOrder } from '../document/finish-order.ts';
import type { PreparedDocument } from '../document/prepare-document.ts';
import { DEFAULT_TIMEOUT_MS } from '../document/print-document.ts';
import { placeAbove } from '../document/printed-places.ts';
import { InfluxionError } from '../error.ts';
import type { Finisher } from '../pdf/finish/finisher.ts';
import type { Clock } from '../ports.ts';
import type { RenderedDocument } from '../templates/renderer.ts';

export interface PrintedPreview {
  readonly prepared: PreparedDocument;
  readonly document: RenderedDocument;
  readonly bytes: Uint8Array;
  /** By page, then by y. */
  readonly places: readonly Place[];
  readonly signal: AbortSignal;
}

export interface FinishedPreview {
  readonly bytes: Uint8Array;
  readonly warnings: readonly JobWarning[];
  readonly conformance: PreviewConformance[];
}

/** It is not signed: that is for documents that are meant. Errors: those of the finisher but STANDARD_NOT_MET. */
export async function finishPreview(
  { finisher, clock }: { readonly finisher: Finisher; readonly clock: Clock },
  { prepared, document, bytes, places, signal }: PrintedPreview,
): Promise<FinishedPreview> {
  const { standards } = prepared.settings;
  const order = await finishOrder(prepared, document, clock.now());
  if (order === undefined || standards.length === 0) return { bytes, warnings: [], conformance: [] };
  const context = {
    timeoutMs: prepared.options.timeout_ms ?? DEFAULT_TIMEOUT_MS,
    signal,
    onSign: () => undefined,
  };
  try {
    // The print is shown when it breaks a rule, so what is finished is a copy.
    const finished = await finisher.finish(
      new Uint8Array(bytes),
      { ...order, signature: undefined },
      context,
    );
    return {
      bytes: finished.pdf instanceof Uint8Array ? finished.pdf : bytes,
      warnings: finished.warnings,
      conformance: standards.map((standard) => ({ standard, conformant: true, violations: [] })),
    };
  } catch (error) {
    if (!InfluxionError.is(error) || error.code !== 'STANDARD_NOT_MET') throw error;
    const violations = error.details.violations ?? [];
    return {
      bytes,
      warnings: [],
      conformance: standards.map((standard) => {
        const own = violations.filter((violation) => violation.standard === standard);
        return {
          standard,
          conformant: own.length === 0,
          violations: own.map((violation) => located(violation, places)),
        };
      }),
    };
  }
}

function located(violation: Violation, places: readonly Place[]): PreviewViolation {
  const place = placeAbove(places, violation);
  return { ...violation, path: place?.path ?? null, line: place?.line ?? null };
}
