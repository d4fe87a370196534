/** The queues, declared exactly as Celery does: other arguments would be refused with 406 PRECONDITION_FAILED. */
import type { Channel } from 'amqplib';

/** Celery's `task_default_queue`. */
export const DEFAULT_QUEUE = 'celery';
/** What nobody can work on. Kept until a person looks. */
export const DEAD_QUEUE = 'influxion.dead';
/** Celery's `event_exchange`. */
export const EVENT_EXCHANGE = 'celeryev';

export interface TaskQueue {
  readonly name: string;
  /** `classic` is what every version of Celery declares by default; `quorum` needs Celery 5.5. */
  readonly type: 'classic' | 'quorum';
}

export async function declareTaskQueue(channel: Channel, { name, type }: TaskQueue): Promise<void> {
  await channel.assertQueue(name, {
    durable: true,
    ...(type === 'quorum' && { arguments: { 'x-queue-type': 'quorum' } }),
  });
}

export async function declareDeadQueue(channel: Channel): Promise<void> {
  await channel.assertQueue(DEAD_QUEUE, { durable: true });
}

/** Seconds of the longest of the waiting rooms for tasks whose time has not come: 2^23 s are 97 days. */
const LONGEST_WAIT = 23;

/**
 * A queue from which messages come back to `queue` after a while, so that a task of next week is held by the broker and
 * not by a worker (as Celery does it for quorum queues, "Native Delayed Delivery"). `delayMs` ≥ 1000; the wait is a power
 * of two seconds and not longer than that. The name of the queue.
 */
export async function declareWaitingRoom(channel: Channel, queue: string, delayMs: number): Promise<string> {
  const level = Math.min(LONGEST_WAIT, Math.floor(Math.log2(Math.max(1, delayMs / 1000))));
  const name = `influxion.later.${2 ** level}s.${queue}`;
  await channel.assertQueue(name, {
    durable: true,
    messageTtl: 2 ** level * 1000,
    deadLetterExchange: '',
    deadLetterRoutingKey: queue,
  });
  return name;
}

const DAY_MS = 24 * 60 * 60_000;

/** Outlives an API host that restarts; removed by the broker when nobody came back for a day (Celery: `result_expires`). */
export async function declareReplyQueue(channel: Channel, name: string): Promise<void> {
  await channel.assertQueue(name, { durable: true, expires: DAY_MS });
}

export async function declareEventExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(EVENT_EXCHANGE, 'topic', { durable: true });
}
