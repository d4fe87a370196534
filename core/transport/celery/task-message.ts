/** Task messages of Celery's protocol version 2 (celery/docs/internals/protocol.rst). */
import { hostname } from 'node:os';
import { z } from 'zod';
import { decodeJson, encodeJson, messageInvalid } from './json-content.ts';
import type { IncomingMessage, OutgoingMessage } from './message.ts';
import { Signature } from './signature.ts';

/** What a task is followed by; all are null in a plain call. */
export interface Embed {
  readonly callbacks: readonly Signature[] | null;
  readonly errbacks: readonly Signature[] | null;
  /** The rest of a chain; the last element is the next. */
  readonly chain: readonly Signature[] | null;
  readonly chord: Signature | null;
}

export interface TaskMessage {
  readonly id: string;
  /** Name of the task. */
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly embed: Embed;
  readonly rootId: string;
  readonly parentId: string | undefined;
  readonly group: string | undefined;
  readonly groupIndex: number | undefined;
  /** How often it was tried before. */
  readonly retries: number;
  /** Milliseconds since the epoch before which it shall not start. */
  readonly eta: number | undefined;
  /** Milliseconds since the epoch after which it shall not start. */
  readonly expires: number | undefined;
  /** Milliseconds. */
  readonly timeLimitMs: number | undefined;
  readonly softTimeLimitMs: number | undefined;
  readonly ignoreResult: boolean;
  readonly replyTo: string | undefined;
  readonly correlationId: string;
  readonly argsRepr: string;
  readonly kwargsRepr: string;
  readonly priority: number | undefined;
}

/** A message that is to be sent; what is left out takes Celery's default. */
export interface NewTask {
  readonly id: string;
  readonly task: string;
  readonly queue: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly embed?: Partial<Embed>;
  readonly replyTo?: string | undefined;
  readonly rootId?: string;
  readonly parentId?: string;
  readonly group?: string | undefined;
  readonly groupIndex?: number | undefined;
  readonly retries?: number;
  /** ISO 8601. */
  readonly eta?: string | undefined;
  readonly expires?: string | undefined;
  /** Seconds. */
  readonly timeLimitS?: number | undefined;
  readonly softTimeLimitS?: number | undefined;
  readonly priority?: number | undefined;
  /** What tools show of the arguments instead of the arguments, which are documents. */
  readonly kwargsRepr?: string;
}

const NO_EMBED: Embed = { callbacks: null, errbacks: null, chain: null, chord: null };

export function encodeTask(task: NewTask): OutgoingMessage {
  const { id, args = [], kwargs = {}, retries = 0 } = task;
  return {
    exchange: '',
    routingKey: task.queue,
    persistent: true,
    correlationId: id,
    priority: task.priority ?? 0,
    ...(task.replyTo !== undefined && { replyTo: task.replyTo }),
    headers: {
      lang: 'py',
      task: task.task,
      id,
      shadow: null,
      eta: task.eta ?? null,
      expires: task.expires ?? null,
      group: task.group ?? null,
      group_index: task.groupIndex ?? null,
      retries,
      timelimit: [task.timeLimitS ?? null, task.softTimeLimitS ?? null],
      root_id: task.rootId ?? id,
      parent_id: task.parentId ?? null,
      argsrepr: args.length === 0 ? '()' : '(…)',
      kwargsrepr: task.kwargsRepr ?? '{…}',
      origin: `gen${process.pid}@${hostname()}`,
      ignore_result: task.replyTo === undefined,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
    },
    body: encodeJson([args, kwargs, { ...NO_EMBED, ...task.embed }]),
  };
}

const Headers = z.looseObject({
  task: z.string().min(1).max(500),
  id: z.string().min(1).max(255),
  root_id: z.string().max(255).nullish(),
  parent_id: z.string().max(255).nullish(),
  group: z.string().max(255).nullish(),
  group_index: z.int().nullish(),
  retries: z.int().min(0).nullish(),
  eta: z.string().nullish(),
  expires: z.string().nullish(),
  timelimit: z.tuple([z.number().nullable(), z.number().nullable()]).nullish(),
  ignore_result: z.boolean().nullish(),
  argsrepr: z.string().nullish(),
  kwargsrepr: z.string().nullish(),
});

const Signatures = z.union([z.array(Signature), Signature.transform((one) => [one])]).nullish();
const Body = z.tuple([
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
  z
    .looseObject({
      callbacks: Signatures,
      errbacks: Signatures,
      chain: Signatures,
      chord: Signature.nullish(),
    })
    .nullish(),
]);

/** `maxBytes`: of the body. Errors: MESSAGE_INVALID. */
export function decodeTask(message: IncomingMessage, maxBytes: number): TaskMessage {
  if (message.headers['task'] === undefined) {
    throw messageInvalid(
      'It has no header "task"; only protocol version 2 of Celery is read (in Celery: task_protocol = 2).',
    );
  }
  const headers = parsed(Headers, message.headers, 'headers');
  const [args, kwargs, embed] = parsed(Body, decodeJson(message, maxBytes), 'body');
  const { id } = headers;
  const [hard, soft] = headers.timelimit ?? [null, null];
  return {
    id,
    task: headers.task,
    args,
    kwargs,
    embed: {
      callbacks: embed?.callbacks ?? null,
      errbacks: embed?.errbacks ?? null,
      chain: embed?.chain ?? null,
      chord: embed?.chord ?? null,
    },
    rootId: headers.root_id ?? id,
    parentId: headers.parent_id ?? undefined,
    group: headers.group ?? undefined,
    groupIndex: headers.group_index ?? undefined,
    retries: headers.retries ?? 0,
    eta: momentOf(headers.eta, 'eta'),
    expires: momentOf(headers.expires, 'expires'),
    timeLimitMs: hard === null ? undefined : hard * 1000,
    softTimeLimitMs: soft === null ? undefined : soft * 1000,
    ignoreResult: headers.ignore_result ?? false,
    replyTo: message.replyTo === '' ? undefined : message.replyTo,
    correlationId: message.correlationId ?? id,
    argsRepr: headers.argsrepr ?? '()',
    kwargsRepr: headers.kwargsrepr ?? '{}',
    priority: message.priority,
  };
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue === undefined ? '' : issue.path.map(String).join('.');
  throw messageInvalid(
    `Its ${where} are not those of a task${path === '' ? '' : ` (${path})`}: ${issue?.message ?? 'unreadable'}.`,
  );
}

/** Python leaves the offset out where it means UTC. */
function momentOf(text: string | null | undefined, header: string): number | undefined {
  if (text == null) return undefined;
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const moment = Date.parse(hasOffset ? text : `${text}Z`);
  if (Number.isNaN(moment)) throw messageInvalid(`Its header "${header}" is not a time of ISO 8601.`);
  return moment;
}
