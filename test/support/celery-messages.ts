/** Messages that Celery 5.6.3 sent over RabbitMQ, taken from the queues as they lay there. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingMessage } from '../../core/transport/celery/message.ts';

interface Captured {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  readonly priority: number;
  readonly headers: Record<string, unknown>;
  /** Base64 where it is not JSON. */
  readonly body: string;
}

const file = new URL('../fixtures/celery/messages.json', import.meta.url);
const captured = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly tasks: Record<string, Captured[]>;
  readonly results: Captured[];
  readonly events: Captured[];
  readonly control: Captured[];
};

function toIncoming(message: Captured): IncomingMessage {
  const isText = /^[[{]/.test(message.body);
  return {
    contentType: message.contentType,
    contentEncoding: message.contentEncoding,
    correlationId: message.correlationId,
    replyTo: message.replyTo,
    priority: message.priority,
    headers: message.headers,
    redelivered: false,
    body: Buffer.from(message.body, isText ? 'utf8' : 'base64'),
  };
}

export type TaskName =
  'plain' | 'options' | 'ignore_result' | 'pickle' | 'zlib' | 'chain' | 'group' | 'links' | 'protocol1';

export function celeryTask(name: TaskName, index = 0): IncomingMessage {
  const message = captured.tasks[name]?.[index];
  if (message === undefined) throw new Error(`There is no message ${name} ${index}`);
  return toIncoming(message);
}

export const celeryResults = captured.results.map(toIncoming);
export const celeryEvents = captured.events.map(toIncoming);
export const celeryControl = captured.control.map(toIncoming);

/** What is sent, as it arrives. */
export function arrived(message: OutgoingMessage): IncomingMessage {
  return {
    body: message.body,
    headers: message.headers ?? {},
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    correlationId: message.correlationId,
    replyTo: message.replyTo,
    priority: message.priority,
    redelivered: false,
  };
}
