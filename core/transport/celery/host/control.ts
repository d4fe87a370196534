/** Orders and questions to workers (Celery's remote control), and their answers. */
import { randomUUID } from 'node:crypto';
import type { BrokerConnection, BrokerSession } from '../connection.ts';
import { incoming } from '../connection.ts';
import {
  CONTROL_REPLY_EXCHANGE,
  declareControlExchange,
  declareControlReplies,
  decodeControlReply,
  encodeControl,
} from '../control-message.ts';

export interface Question {
  readonly method: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** Names of workers; absent: all. */
  readonly destination?: readonly string[];
}

export interface Control {
  /** To be called in each session, before anything is asked. */
  setup(session: BrokerSession): Promise<void>;
  /** Sends an order, if the broker is there. */
  tell(connection: BrokerConnection, order: Question): Promise<void>;
  /** Asks; each answer is given to `answered` of `createControl`. */
  ask(connection: BrokerConnection, question: Question): Promise<void>;
}

export type Answered = (method: string, worker: string, answer: unknown) => void;

/** Questions that may be open; the oldest is forgotten. */
const MAX_OPEN = 200;

export function createControl(answered: Answered): Control {
  const routingKey = randomUUID();
  const open = new Map<string, string>();
  return {
    async setup(session) {
      const channel = await session.openChannel();
      await declareControlExchange(channel);
      const queue = await declareControlReplies(channel, routingKey);
      await channel.consume(
        queue,
        (message) => {
          if (message === null) {
            session.renew('the queue for answers of workers was deleted');
            return;
          }
          try {
            const { ticket, replies } = decodeControlReply(incoming(message));
            const method = ticket === undefined ? undefined : open.get(ticket);
            if (method === undefined) return;
            for (const [worker, answer] of Object.entries(replies)) answered(method, worker, answer);
          } catch {
            // Whatever it is, it is no answer of a worker.
          }
        },
        { noAck: true },
      );
    },

    tell: (connection, { method, arguments: given = {}, destination }) =>
      connection.publish(encodeControl({ method, arguments: given, destination })),

    ask(connection, { method, arguments: given = {}, destination }) {
      const ticket = randomUUID();
      open.set(ticket, method);
      for (const oldest of open.keys()) {
        if (open.size <= MAX_OPEN) break;
        open.delete(oldest);
      }
      const replyTo = { exchange: CONTROL_REPLY_EXCHANGE, routingKey };
      return connection.publish(encodeControl({ method, arguments: given, destination, ticket, replyTo }));
    },
  };
}
