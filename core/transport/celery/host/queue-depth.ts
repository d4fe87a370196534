/** How long the queues are. One that was deleted is declared anew, since workers may be long in coming. */
import type { Channel } from 'amqplib';
import type { Logger } from '../../../ports.ts';
import type { BrokerConnection } from '../connection.ts';
import { DEAD_QUEUE, declareDeadQueue, declareTaskQueue, type TaskQueue } from '../topology.ts';

export interface QueueDepth {
  /** Errors: BROKER_UNAVAILABLE. */
  look(connection: BrokerConnection): Promise<void>;
  declare(connection: BrokerConnection): Promise<void>;
  /** The connection is another one. */
  forget(): void;
  /** Messages that wait for a worker; null before the first look. */
  readonly waiting: number | null;
  readonly dead: number | null;
}

export function createQueueDepth(queue: TaskQueue, onDeleted: () => void, logger: Logger): QueueDepth {
  let channel: Channel | undefined;
  let waiting: number | null = null;
  let dead: number | null = null;

  async function declare(connection: BrokerConnection): Promise<void> {
    const own = await connection.openChannel();
    await declareTaskQueue(own, queue);
    await declareDeadQueue(own);
    await own.close();
  }

  return {
    declare,
    async look(connection) {
      try {
        channel ??= await connection.openChannel();
        waiting = (await channel.checkQueue(queue.name)).messageCount;
        dead = (await channel.checkQueue(DEAD_QUEUE)).messageCount;
      } catch (error) {
        channel = undefined;
        if (!(error instanceof Error) || !error.message.includes('NOT_FOUND')) throw error;
        logger.warn({ queue: queue.name }, 'a queue was deleted; it is declared anew');
        waiting = 0;
        onDeleted();
        await declare(connection);
      }
    },
    forget() {
      channel = undefined;
    },
    get waiting() {
      return waiting;
    },
    get dead() {
      return dead;
    },
  };
}
