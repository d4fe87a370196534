/** Messages that nobody can work on, kept as they came in `influxion.dead` until a person looks. */
import { randomUUID } from 'node:crypto';
import type { Channel, GetMessage } from 'amqplib';
import type { BrokerConnection } from './connection.ts';
import { incoming } from './connection.ts';
import { resend, type IncomingMessage, type OutgoingMessage } from './message.ts';
import { DEAD_QUEUE, declareDeadQueue, DEFAULT_QUEUE } from './topology.ts';

const ID = 'x-influxion-dead-id';
const REASON = 'x-influxion-reason';
const AT = 'x-influxion-dead-at';
const QUEUE = 'x-influxion-queue';
const WORKER = 'x-influxion-worker';
/** How often a message was delivered before, which classic queues do not count. */
export const DELIVERIES = 'x-influxion-deliveries';

export interface DeadLetter {
  /** Of this letter; tasks that cannot be read have none. */
  readonly id: string;
  readonly taskId: string | null;
  readonly task: string | null;
  readonly reason: string;
  readonly deadAt: string | null;
  /** Where it was taken from. */
  readonly queue: string;
  /** Who gave it up. */
  readonly worker: string | null;
  /** Bytes. */
  readonly size: number;
}

export function toDeadLetter(
  message: IncomingMessage,
  why: { readonly reason: string; readonly queue: string; readonly worker: string; readonly now: number },
): OutgoingMessage {
  return resend(message, DEAD_QUEUE, {
    [ID]: randomUUID().slice(0, 8),
    [REASON]: why.reason.slice(0, 2000),
    [AT]: new Date(why.now).toISOString(),
    [QUEUE]: why.queue,
    [WORKER]: why.worker,
  });
}

function describe({ headers, body }: IncomingMessage): DeadLetter {
  const text = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: text(ID) ?? '?',
    taskId: text('id'),
    task: text('task'),
    reason: text(REASON) ?? 'It was put here by somebody else.',
    deadAt: text(AT),
    queue: text(QUEUE) ?? DEFAULT_QUEUE,
    worker: text(WORKER),
    size: body.length,
  };
}

/** The oldest first. Errors: BROKER_UNAVAILABLE. */
export async function listDeadLetters(connection: BrokerConnection, limit: number): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await visit(connection, (letter) => {
    letters.push(letter);
    return Promise.resolve(letters.length >= limit ? 'enough' : 'keep');
  });
  return letters;
}

/**
 * Sends letters back to the queues that they were taken from, or drops them; those that it was. `ids` of letters or of
 * tasks; undefined is all. Errors: BROKER_UNAVAILABLE, BROKER_REFUSED where a queue is no longer there.
 */
export async function settleDeadLetters(
  connection: BrokerConnection,
  what: 'retry' | 'drop',
  ids: readonly string[] | undefined,
): Promise<DeadLetter[]> {
  const settled: DeadLetter[] = [];
  await visit(connection, async (letter, message) => {
    const isMeant = ids === undefined || ids.includes(letter.id) || ids.includes(letter.taskId ?? '');
    if (!isMeant) return 'keep';
    if (what === 'retry') await connection.publish(revived(message, letter.queue), { mandatory: true });
    settled.push(letter);
    return 'done';
  });
  return settled;
}

const OWN_HEADERS: ReadonlySet<string> = new Set([ID, REASON, AT, QUEUE, WORKER, DELIVERIES]);

function revived(message: IncomingMessage, queue: string): OutgoingMessage {
  const kept = Object.entries(message.headers).filter(([name]) => !OWN_HEADERS.has(name));
  return resend({ ...message, headers: Object.fromEntries(kept) }, queue, {});
}

type Verdict = 'keep' | 'done' | 'enough';

/** Those that are kept go back to their places when the channel closes. */
async function visit(
  connection: BrokerConnection,
  look: (letter: DeadLetter, message: IncomingMessage) => Promise<Verdict>,
): Promise<void> {
  const channel: Channel = await connection.openChannel();
  try {
    await declareDeadQueue(channel);
    const { messageCount } = await channel.checkQueue(DEAD_QUEUE);
    for (let seen = 0; seen < messageCount; seen += 1) {
      const got: GetMessage | false = await channel.get(DEAD_QUEUE);
      if (got === false) return;
      const message = incoming(got);
      const verdict = await look(describe(message), message);
      if (verdict === 'done') channel.ack(got);
      if (verdict === 'enough') return;
    }
  } finally {
    await channel.close();
  }
}
