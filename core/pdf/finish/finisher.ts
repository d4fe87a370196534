/** Finishes printed documents: small ones in memory, large ones from file to file, the work itself in PDF workers. */
import type { JobWarning } from '../../../contract/job.ts';
import type { PdfStandard } from '../../../contract/standard.ts';
import type { PrintResult } from '../engine.ts';
import type { ConformPlan } from '../standards/plan.ts';
import type { FinishTask, PdfInput } from '../worker/pdf-task.ts';
import type { PdfWorkers } from '../worker/pdf-workers.ts';
import { readOnce, type Scratch } from './scratch.ts';

/** What a printed document shall become. */
export interface FinishOrder {
  readonly standards: readonly PdfStandard[];
  readonly plan: ConformPlan;
  readonly hasTitle: boolean;
}

export interface Finished {
  readonly pdf: PrintResult['pdf'];
  readonly warnings: readonly JobWarning[];
}

export interface FinishContext {
  /** Milliseconds for conforming and checking. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Finisher {
  /** Errors: STANDARD_NOT_MET, ATTACHMENT_INVALID, PDF_TIMEOUT, PDF_TOO_COMPLEX, those of the disk. */
  finish(pdf: PrintResult['pdf'], order: FinishOrder, context: FinishContext): Promise<Finished>;
}

export interface FinisherDeps {
  readonly workers: PdfWorkers;
  /** Opened when the first large document comes. */
  readonly openScratch: () => Promise<Scratch>;
}

export function createFinisher({ workers, openScratch }: FinisherDeps): Finisher {
  let scratch: Promise<Scratch> | undefined;

  const run = (input: PdfInput, order: FinishOrder, target: string | undefined, context: FinishContext) => {
    const task: FinishTask = { ...order, input, target };
    return workers.run<'finish'>(
      { kind: 'finish', task },
      context,
      input.kind === 'bytes' ? ownedBy(input.bytes) : [],
    );
  };

  async function finishLarge(
    pdf: AsyncIterable<Uint8Array>,
    order: FinishOrder,
    context: FinishContext,
  ): Promise<Finished> {
    const files = await (scratch ??= openScratch());
    const path = await files.spool(pdf, context.signal);
    const target = files.path();
    try {
      const { warnings } = await run({ kind: 'file', path }, order, target, context);
      return { pdf: readOnce(target, files), warnings };
    } catch (error) {
      await files.remove(target);
      throw error;
    } finally {
      await files.remove(path);
    }
  }

  return {
    async finish(pdf, order, context) {
      if (!(pdf instanceof Uint8Array)) return finishLarge(pdf, order, context);
      const { bytes, warnings } = await run({ kind: 'bytes', bytes: pdf }, order, undefined, context);
      if (bytes === undefined) throw new Error('A finished document is missing');
      return { pdf: bytes, warnings };
    },
  };
}

/** A buffer that holds nothing else can be handed over; of a shared one the bytes are copied. */
function ownedBy({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > LEAST_TRANSFER
    ? [buffer]
    : [];
}

const LEAST_TRANSFER = 256 * 1024;
