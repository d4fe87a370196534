/** What comes of a task, and how Celery tells it. */
import type { JobStage } from '../../../../contract/job.ts';
import type { InfluxionError } from '../../../error.ts';
import { failureOf, tracebackOf, type GeneratePdfResult, type WorkerName } from '../generate-pdf.ts';
import type { TaskResult } from '../result-message.ts';

export type Outcome =
  | { readonly kind: 'done'; readonly value: GeneratePdfResult; readonly runtimeS: number }
  | {
      readonly kind: 'failed';
      readonly error: InfluxionError;
      readonly stage: JobStage;
      readonly runtimeS: number;
    }
  /** It may go better another time. */
  | {
      readonly kind: 'retry';
      readonly error: InfluxionError;
      readonly stage: JobStage;
      readonly delayMs: number;
    }
  | { readonly kind: 'revoked'; readonly reason: 'revoked' | 'terminated' | 'expired' }
  /** The worker stops; another one takes it. */
  | { readonly kind: 'given-back' };

/** Undefined for what is no result. */
export function resultOf(taskId: string, outcome: Outcome, ranOn: WorkerName): TaskResult | undefined {
  switch (outcome.kind) {
    case 'done':
      return { taskId, status: 'SUCCESS', result: outcome.value, traceback: null };
    case 'failed':
    case 'retry': {
      const failure = failureOf(outcome.error, outcome.stage, ranOn);
      const status = outcome.kind === 'retry' ? 'RETRY' : 'FAILURE';
      return { taskId, status, result: failure, traceback: tracebackOf(failure.influxion) };
    }
    case 'revoked':
      return {
        taskId,
        status: 'REVOKED',
        result: {
          exc_type: 'TaskRevokedError',
          exc_message: [outcome.reason],
          exc_module: 'celery.exceptions',
        },
        traceback: null,
      };
    case 'given-back':
      return undefined;
  }
}
