/** Events of workers and tasks on `celeryev`, as celery/events/dispatcher.py writes them; Flower lives on them. */
import { z } from 'zod';
import { decodeJson, encodeJson, messageInvalid } from './json-content.ts';
import type { IncomingMessage, OutgoingMessage } from './message.ts';
import { EVENT_EXCHANGE } from './topology.ts';

export interface CeleryEvent {
  /** Such as `worker-heartbeat`, `task-started`. */
  readonly type: string;
  /** The node that it comes from. */
  readonly hostname: string;
  /** Seconds since the epoch, by the clock of that node. */
  readonly timestamp: number;
  readonly [field: string]: unknown;
}

const Event = z.looseObject({
  type: z.string().max(100),
  hostname: z.string().max(500),
  timestamp: z.number(),
});
const MAX_BYTES = 1_048_576;

/** One event by its own routing key; several of one group as a list, as Celery sends those of tasks. */
export function encodeEvents(
  hostname: string,
  events: readonly [CeleryEvent, ...CeleryEvent[]],
): OutgoingMessage {
  const [first] = events;
  const group = first.type.split('-', 1)[0] ?? '';
  const single = events.length === 1 && group === 'worker';
  return {
    exchange: EVENT_EXCHANGE,
    routingKey: single ? first.type.replaceAll('-', '.') : `${group}.multi`,
    persistent: false,
    headers: { hostname },
    body: encodeJson(single ? first : events),
  };
}

/** Errors: MESSAGE_INVALID. */
export function decodeEvents(message: IncomingMessage): CeleryEvent[] {
  const parsed = z.union([z.array(Event), Event]).safeParse(decodeJson(message, MAX_BYTES));
  if (!parsed.success) throw messageInvalid('It is not an event.');
  return Array.isArray(parsed.data) ? parsed.data : [parsed.data];
}
