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

const DAY_MS = 24 * 60 * 60_000;

/** Outlives an API host that restarts; removed by the broker when nobody came back for a day (Celery: `result_expires`). */
export async function declareReplyQueue(channel: Channel, name: string): Promise<void> {
  await channel.assertQueue(name, { durable: true, expires: DAY_MS });
}

export async function declareEventExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(EVENT_EXCHANGE, 'topic', { durable: true });
}
