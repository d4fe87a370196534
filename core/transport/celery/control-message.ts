/** Remote control of workers as kombu's mailboxes carry it (kombu/pidbox.py): a broadcast, and replies to who asked. */
import type { Channel } from 'amqplib';
import { z } from 'zod';
import { decodeJson, encodeJson, messageInvalid } from './json-content.ts';
import type { IncomingMessage, OutgoingMessage } from './message.ts';

/** Celery's `control_exchange`. */
export const CONTROL_EXCHANGE = 'celery.pidbox';
export const CONTROL_REPLY_EXCHANGE = 'reply.celery.pidbox';

const MAX_BYTES = 1_048_576;
/** Celery's `control_queue_ttl` and `control_queue_expires`. */
const QUEUE_ARGUMENTS = { messageTtl: 300_000, expires: 10_000 } as const;

const Request = z.looseObject({
  method: z.string().min(1).max(100),
  arguments: z.record(z.string(), z.unknown()).nullish(),
  destination: z.array(z.string()).nullish(),
  pattern: z.string().max(1000).nullish(),
  matcher: z.string().nullish(),
  ticket: z.string().max(255).nullish(),
  reply_to: z.looseObject({ exchange: z.string().max(255), routing_key: z.string().max(255) }).nullish(),
});

export interface ControlRequest {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Nodes that are meant; undefined is all. */
  readonly destination?: readonly string[] | undefined;
  /** A glob that the name of a node must match. */
  readonly pattern?: string | undefined;
  readonly ticket?: string | undefined;
  readonly replyTo?: { readonly exchange: string; readonly routingKey: string } | undefined;
}

export function encodeControl(request: ControlRequest): OutgoingMessage {
  const { method, arguments: given, destination, pattern, ticket, replyTo } = request;
  return {
    exchange: CONTROL_EXCHANGE,
    routingKey: '',
    persistent: false,
    headers: { clock: 0, expires: 0 },
    body: encodeJson({
      method,
      arguments: given,
      destination: destination ?? null,
      pattern: pattern ?? null,
      matcher: pattern === undefined ? null : 'glob',
      ...(ticket !== undefined && { ticket }),
      ...(replyTo && { reply_to: { exchange: replyTo.exchange, routing_key: replyTo.routingKey } }),
    }),
  };
}

/** Errors: MESSAGE_INVALID. */
export function decodeControl(message: IncomingMessage): ControlRequest {
  const parsed = Request.safeParse(decodeJson(message, MAX_BYTES));
  if (!parsed.success) throw messageInvalid('It is not a control command.');
  const { method, destination, pattern, matcher, ticket, reply_to: replyTo } = parsed.data;
  if (pattern != null && matcher !== 'glob')
    throw messageInvalid('Only patterns of the kind "glob" are matched.');
  return {
    method,
    arguments: parsed.data.arguments ?? {},
    destination: destination ?? undefined,
    pattern: pattern ?? undefined,
    ticket: ticket ?? undefined,
    replyTo: replyTo == null ? undefined : { exchange: replyTo.exchange, routingKey: replyTo.routing_key },
  };
}

/** Whether a command is for the node of that name. */
export function isMeant({ destination, pattern }: ControlRequest, node: string): boolean {
  if (destination !== undefined) return destination.includes(node);
  return pattern === undefined || matchesGlob(node, pattern);
}

/** `*` and `?` only, without backtracking into what was matched: linear in the worst case but for the last star. */
function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === '*') {
      star = place++;
      resume = at;
    } else if (wanted === '?' || wanted === text[at]) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}

export interface ControlReply {
  readonly ticket: string | undefined;
  /** By the name of the node. */
  readonly replies: Readonly<Record<string, unknown>>;
}

export function encodeControlReply(
  node: string,
  reply: unknown,
  { replyTo, ticket }: ControlRequest & { readonly replyTo: NonNullable<ControlRequest['replyTo']> },
): OutgoingMessage {
  return {
    exchange: replyTo.exchange,
    routingKey: replyTo.routingKey,
    persistent: false,
    headers: { ticket: ticket ?? null, clock: 0 },
    body: encodeJson({ [node]: reply }),
  };
}

/** Errors: MESSAGE_INVALID. */
export function decodeControlReply(message: IncomingMessage): ControlReply {
  const replies = z.record(z.string(), z.unknown()).safeParse(decodeJson(message, MAX_BYTES));
  if (!replies.success) throw messageInvalid('It is not the reply of a node.');
  const { ticket } = message.headers;
  return { ticket: typeof ticket === 'string' ? ticket : undefined, replies: replies.data };
}

export async function declareControlExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(CONTROL_EXCHANGE, 'fanout', { durable: false });
}

async function declareReplyExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(CONTROL_REPLY_EXCHANGE, 'direct', { durable: false });
}

/** The mailbox of one node; its name. */
export async function declareMailbox(channel: Channel, node: string): Promise<string> {
  await declareControlExchange(channel);
  await declareReplyExchange(channel);
  const name = `${node}.${CONTROL_EXCHANGE}`;
  await channel.assertQueue(name, { durable: false, exclusive: true, autoDelete: true, ...QUEUE_ARGUMENTS });
  await channel.bindQueue(name, CONTROL_EXCHANGE, '');
  return name;
}

/** Where the replies for `routingKey` arrive; the name of the queue. */
export async function declareControlReplies(channel: Channel, routingKey: string): Promise<string> {
  await declareReplyExchange(channel);
  const name = `${routingKey}.${CONTROL_REPLY_EXCHANGE}`;
  await channel.assertQueue(name, { durable: false, exclusive: true, autoDelete: true });
  await channel.bindQueue(name, CONTROL_REPLY_EXCHANGE, routingKey);
  return name;
}
