/** Results as Celery's rpc:// back end sends and reads them (celery/backends/rpc.py). */
import { z } from 'zod';
import { decodeJson, encodeJson, messageInvalid } from './json-content.ts';
import type { IncomingMessage, OutgoingMessage } from './message.ts';

export const TASK_STATES = [
  'PENDING',
  'RECEIVED',
  'STARTED',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
  'RETRY',
  'REJECTED',
  'IGNORED',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export interface TaskResult {
  readonly taskId: string;
  readonly status: TaskState;
  /** The value, or `{exc_type, exc_message, exc_module}` in a state of failure. */
  readonly result: unknown;
  readonly traceback: string | null;
}

const Result = z.looseObject({
  task_id: z.string().min(1).max(255),
  status: z.enum(TASK_STATES),
  result: z.unknown(),
  traceback: z.string().nullish(),
});

/** `children`: the tasks that were called with the result, as `[[id, parent], null]`. */
export function encodeResult(
  { taskId, status, result, traceback }: TaskResult,
  to: { readonly replyTo: string; readonly correlationId: string; readonly children?: readonly unknown[] },
): OutgoingMessage {
  return {
    exchange: '',
    routingKey: to.replyTo,
    correlationId: to.correlationId,
    persistent: true,
    body: encodeJson({ task_id: taskId, status, result, traceback, children: to.children ?? [] }),
  };
}

/** Errors: MESSAGE_INVALID. */
export function decodeResult(message: IncomingMessage, maxBytes: number): TaskResult {
  const parsed = Result.safeParse(decodeJson(message, maxBytes));
  if (!parsed.success) {
    throw messageInvalid(
      `It is not the result of a task: ${parsed.error.issues[0]?.message ?? 'unreadable'}.`,
    );
  }
  const { task_id: taskId, status, result, traceback } = parsed.data;
  return { taskId, status, result, traceback: traceback ?? null };
}
