/** A worker of the fleet: takes `influxion.generate_pdf` from the broker and tells of itself as Celery's workers do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import { InfluxionError } from '../../../error.ts';
import type { Clock, Logger } from '../../../ports.ts';
import type { BrokerAddress } from '../broker-url.ts';
import { connectBroker, incoming, type BrokerSession, type BrokerState } from '../connection.ts';
import {
  CONTROL_REPLY_EXCHANGE,
  decodeControl,
  declareMailbox,
  encodeControlReply,
  isMeant,
} from '../control-message.ts';
import type { IncomingMessage } from '../message.ts';
import {
  declareDeadQueue,
  declareEventExchange,
  declareTaskQueue,
  declareWaitingRoom,
  type TaskQueue,
} from '../topology.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';
import { createWorkerEvents } from './events.ts';
import { createMailbox } from './mailbox.ts';
import type { Perform } from './perform.ts';
import { createRevoked } from './revoked.ts';
import { createTaskRuns, type TimeLimits } from './task-runs.ts';

export interface CeleryWorkerDeps {
  readonly address: BrokerAddress;
  readonly queue: TaskQueue;
  /** Name of the node, `NAME@HOST`, unique among those at the broker. */
  readonly hostname: string;
  readonly version: string;
  /** Tasks at once; that many messages are taken and no more. */
  readonly concurrency: number;
  readonly limits: TimeLimits;
  readonly perform: Perform;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Somebody asked over the broker that the worker ends. */
  stopAsked(): void;
  changed?(state: BrokerState, problem: string | undefined): void;
}

export interface CeleryWorker {
  /** Such as `RabbitMQ 3.10.8`. */
  readonly broker: string | undefined;
  readonly running: number;
  /** Takes nothing more, finishes what runs within the budget, gives the rest back. */
  close(budgetMs: number): Promise<void>;
}

/** What a task that is stopped gets to let go of its resources. */
const STOP_GRACE_MS = 2_000;

/** Connects in the background, for ever. Errors: those of connectBroker. */
export async function startCeleryWorker(deps: CeleryWorkerDeps): Promise<CeleryWorker> {
  const { queue, hostname, concurrency, clock, logger } = deps;
  const startedAt = clock.monotonic();
  const open = new Set<Promise<void>>();
  let stopping = false;
  let cancel: () => Promise<unknown> = () => Promise.resolve();

  const runs = createTaskRuns({
    concurrency,
    perform: deps.perform,
    limits: deps.limits,
    clock,
    started: ({ task }) => events.task('task-started', task),
  });
  const revoked = createRevoked(() => clock.now());
  const events = createWorkerEvents({
    hostname,
    version: deps.version,
    now: () => clock.now(),
    counts: () => ({
      active: runs.list().filter(({ state }) => state === 'active').length,
      processed: runs.finished,
    }),
    send: (message) => connection.publish(message),
  });
  const answer = createMailbox({
    ...deps,
    runs,
    revoked,
    events,
    uptimeS: () => (clock.monotonic() - startedAt) / 1000,
    stop: () => deps.stopAsked(),
  });
  const take = createDeliveries({
    hostname,
    version: deps.version,
    queue: queue.name,
    runs,
    revoked,
    events,
    clock,
    logger,
    publish: (message, options) => connection.publish(message, options),
    async waitingRoom(delayMs) {
      const channel = await connection.openChannel();
      try {
        return await declareWaitingRoom(channel, queue.name, delayMs);
      } finally {
        await channel.close();
      }
    },
  });

  async function setup(session: BrokerSession): Promise<void> {
    await listen(session);
    if (stopping) return;
    const channel = await session.openChannel();
    await declareTaskQueue(channel, queue);
    await declareDeadQueue(channel);
    await channel.prefetch(concurrency);
    const { consumerTag } = await channel.consume(queue.name, (raw) => {
      if (raw === null) session.renew('the queue was deleted');
      else receive(deliveryOf(raw, channel, session));
    });
    cancel = () => (session.lost.aborted ? Promise.resolve() : channel.cancel(consumerTag));
  }

  async function listen(session: BrokerSession): Promise<void> {
    const channel = await session.openChannel();
    await declareEventExchange(channel);
    const mailbox = await declareMailbox(channel, hostname);
    await channel.consume(mailbox, (raw) => raw && obey(incoming(raw)), { noAck: true });
  }

  function receive(delivery: Delivery): void {
    if (stopping) {
      delivery.giveBack();
      return;
    }
    const work = take(delivery).finally(() => open.delete(work));
    open.add(work);
  }

  function obey(message: IncomingMessage): void {
    try {
      const request = decodeControl(message);
      if (!isMeant(request, hostname)) return;
      const reply = answer(request.method, request.arguments);
      const { replyTo } = request;
      if (replyTo === undefined || reply === undefined) return;
      // To publish to an exchange that is not there ends the channel; this one was declared.
      if (replyTo.exchange !== CONTROL_REPLY_EXCHANGE) return;
      connection
        .publish(encodeControlReply(hostname, reply, { ...request, replyTo }))
        .catch((error: unknown) => logger.debug({ err: error }, 'nobody waits for the reply to a command'));
    } catch (error) {
      logger.warn({ reason: InfluxionError.from(error).message }, 'a command could not be read');
    }
  }

  const connection = await connectBroker({
    address: deps.address,
    name: hostname,
    logger,
    setup,
    changed(state) {
      if (state === 'open' && !stopping) events.online();
      deps.changed?.(state, connection.problem);
    },
  });

  const settledWithin = async (budgetMs: number): Promise<void> => {
    const over = new AbortController();
    const budget = sleep(budgetMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all(open), budget]);
    over.abort();
  };

  return {
    get broker() {
      return connection.product;
    },
    get running() {
      return open.size;
    },
    async close(budgetMs) {
      stopping = true;
      await cancel().catch(() => undefined);
      await settledWithin(budgetMs);
      runs.stop();
      await settledWithin(STOP_GRACE_MS);
      await events.offline();
      await connection.close();
    },
  };
}

function deliveryOf(raw: ConsumeMessage, channel: Channel, { lost }: BrokerSession): Delivery {
  const settle = (how: () => void): void => {
    if (!lost.aborted) how();
  };
  return {
    message: incoming(raw),
    lost,
    ack: () => settle(() => channel.ack(raw)),
    giveBack: () => settle(() => channel.nack(raw, false, true)),
  };
}
