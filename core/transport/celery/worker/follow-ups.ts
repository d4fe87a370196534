/** What a caller wants done after a task: the next of a chain, callbacks, errbacks (celery/app/trace.py). */
import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../message.ts';
import { Signature } from '../signature.ts';
import { encodeTask, type TaskMessage } from '../task-message.ts';
import type { Outcome } from './outcome.ts';

/** `queue`: where a call goes that names none. */
export function followUps(task: TaskMessage, outcome: Outcome, queue: string): OutgoingMessage[] {
  const { callbacks, errbacks, chain } = task.embed;
  if (outcome.kind === 'failed') {
    // A task that this worker does not know gets the id of the one that failed (Backend._call_task_errbacks).
    return (errbacks ?? []).map((signature) => call(signature, { task, queue, first: task.id }));
  }
  if (outcome.kind !== 'done') return [];
  const first = outcome.value;
  const calls = (callbacks ?? []).map((signature) => call(signature, { task, queue, first }));
  const next = chain?.at(-1);
  if (next !== undefined) calls.push(call(next, { task, queue, first, chain: chain?.slice(0, -1) ?? [] }));
  return calls;
}

interface Context {
  readonly task: TaskMessage;
  readonly queue: string;
  /** Put before the arguments of a call that is not immutable. */
  readonly first: unknown;
  readonly chain?: readonly Signature[];
}

function call(signature: Signature, { task, queue, first, chain }: Context): OutgoingMessage {
  const { args, kwargs, immutable } = signature;
  const options = signature.options ?? {};
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = options[name];
    return typeof value === 'number' ? value : undefined;
  };
  const countdown = number('countdown');
  return encodeTask({
    id: text('task_id') ?? randomUUID(),
    task: signature.task,
    queue: text('queue') ?? text('routing_key') ?? queue,
    args: immutable === true ? (args ?? []) : [first, ...(args ?? [])],
    kwargs: kwargs ?? {},
    embed: {
      callbacks: signatures(options['link']),
      errbacks: signatures(options['link_error']),
      chain: chain === undefined || chain.length === 0 ? null : chain,
    },
    replyTo: text('reply_to'),
    rootId: task.rootId,
    parentId: task.id,
    group: text('group_id'),
    groupIndex: number('group_index'),
    eta: countdown === undefined ? text('eta') : new Date(Date.now() + countdown * 1000).toISOString(),
    expires: text('expires'),
    timeLimitS: number('time_limit'),
    softTimeLimitS: number('soft_time_limit'),
    priority: number('priority') ?? task.priority,
  });
}

function signatures(value: unknown): Signature[] | null {
  const list = Array.isArray(value) ? value : value == null ? [] : [value];
  const known = list.flatMap((one) => {
    const parsed = Signature.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
  return known.length === 0 ? null : known;
}
