/** Verifies PDFs in workers. */
import type { PdfStandard } from '../../../contract/standard.ts';
import type { VerifyReport } from '../../../contract/verify.ts';
import type { Clock } from '../../ports.ts';
import type { PdfInput } from '../worker/pdf-task.ts';
import type { PdfWorkers } from '../worker/pdf-workers.ts';

export interface VerifyOptions {
  /** To check besides those that the file claims. */
  readonly standards?: readonly PdfStandard[];
  /** Certificates in PEM that are trusted besides those of the owner. */
  readonly roots?: readonly string[];
  readonly signal: AbortSignal;
}

export interface Verifier {
  /** Errors: PDF_DAMAGED, PDF_ENCRYPTED, PDF_TIMEOUT, PDF_TOO_COMPLEX, or the reason of the signal. */
  verify(pdf: Uint8Array | PdfInput, options: VerifyOptions): Promise<VerifyReport>;
}

const TIMEOUT_MS = 120_000;

/** `roots`: what the owner of this host trusts, in PEM. */
export function createVerifier(
  workers: PdfWorkers,
  clock: Pick<Clock, 'now'>,
  roots: readonly string[] = [],
): Verifier {
  return {
    verify(pdf, { standards = [], roots: more = [], signal }) {
      const input: PdfInput = pdf instanceof Uint8Array ? { kind: 'bytes', bytes: pdf } : pdf;
      return workers.run<'verify'>(
        { kind: 'verify', task: { input, roots: [...roots, ...more], now: clock.now(), standards } },
        { timeoutMs: TIMEOUT_MS, signal },
      );
    },
  };
}
