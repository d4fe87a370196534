/** Takes results from the reply queue: each to the attempt that waits for it, everything else is dropped and counted. */
import type { ConsumeMessage } from 'amqplib';
import { InfluxionError } from '../../../error.ts';
import type { Logger } from '../../../ports.ts';
import { incoming } from '../connection.ts';
import { decodeResult, type TaskState } from '../result-message.ts';
import type { SentTask, SentTasks } from './sent-tasks.ts';

export interface ResultIntake {
  /** `lost`: aborted when the connection that it came over is gone. */
  take(message: ConsumeMessage, ack: () => void, lost: AbortSignal): void;
  readonly results: number;
  readonly dropped: number;
}

/** Largest result message; documents of any size come another way. */
const MAX_RESULT_BYTES = 64 * 1024 * 1024;

/** The others only tell how far a task is. */
const ENDS: ReadonlySet<TaskState> = new Set(['SUCCESS', 'FAILURE', 'REVOKED', 'REJECTED', 'IGNORED']);

export function createResultIntake(
  tasks: SentTasks,
  told: { readonly onProgress: (task: SentTask) => void; readonly onEnd: (task: SentTask) => void },
  logger: Logger,
): ResultIntake {
  let results = 0;
  let dropped = 0;

  function takeRead(message: ConsumeMessage, ack: () => void, lost: AbortSignal): 'kept' | 'done' {
    const result = decodeResult(incoming(message), MAX_RESULT_BYTES);
    const { taskId, status } = result;
    const task = tasks.get(taskId);
    if (task !== undefined && !ENDS.has(status)) {
      told.onProgress(task);
      return 'done';
    }
    const taken = tasks.deliver({ result, ack, lost });
    if (taken === 'first' && task !== undefined) {
      told.onEnd(task);
      results += 1;
      return 'kept';
    }
    dropped += 1;
    logger.info({ task: taskId, status, taken }, 'a result was dropped');
    return 'done';
  }

  return {
    take(message, ack, lost) {
      try {
        if (takeRead(message, ack, lost) === 'kept') return;
      } catch (error) {
        dropped += 1;
        const { message: reason } = InfluxionError.from(error);
        const { correlationId } = incoming(message);
        logger.warn({ task: correlationId, reason }, 'a result could not be read');
        tasks.get(correlationId ?? '')?.reject(unreadable(reason));
      }
      ack();
    },
    get results() {
      return results;
    },
    get dropped() {
      return dropped;
    },
  };
}

const unreadable = (reason: string): InfluxionError =>
  new InfluxionError('RESULT_INVALID', `The worker's answer cannot be used. ${reason}`);
