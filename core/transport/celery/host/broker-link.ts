/** The API host's side of the broker: queues, results, events of workers, orders to them, and its state for people. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ConsumeMessage } from 'amqplib';
import type { BrokerStatus, TransportCounts, WorkerStatus } from '../../../../contract/transport.ts';
import { InfluxionError } from '../../../error.ts';
import type { Clock, Logger } from '../../../ports.ts';
import type { CelerySettings } from '../celery-settings.ts';
import {
  connectBroker,
  incoming,
  type BrokerConnection,
  type BrokerSession,
  type BrokerState,
} from '../connection.ts';
import { decodeEvents } from '../event-message.ts';
import {
  declareDeadQueue,
  declareEventExchange,
  declareReplyQueue,
  declareTaskQueue,
  EVENT_EXCHANGE,
} from '../topology.ts';
import { createControl } from './control.ts';
import { createFleet } from './fleet.ts';
import { createQueueDepth } from './queue-depth.ts';
import { createResultIntake } from './result-intake.ts';
import type { SentTask, SentTasks } from './sent-tasks.ts';
import { createTaskWatch } from './task-watch.ts';

export interface BrokerLinkOptions {
  readonly settings: CelerySettings;
  readonly tasks: SentTasks;
  readonly replyQueue: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseMs: number;
}

export interface BrokerLink {
  readonly connection: BrokerConnection | undefined;
  /** Resolves when the broker takes messages. Errors: the reason of the signal. */
  ready(signal: AbortSignal): Promise<void>;
  declareQueue(): Promise<void>;
  /** Stops a task wherever it is; as soon as the broker is there. */
  revoke(taskId: string): void;
  versionOf(worker: string): string | null;
  readonly concurrency: number;
  status(): {
    readonly broker: BrokerStatus;
    readonly workers: WorkerStatus[];
    readonly counts: Omit<TransportCounts, 'published'>;
  };
  /** Errors: VALIDATION_FAILED where a certificate cannot be read. A broker that is away is none. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Results that are here and not yet settled. */
const PREFETCH = 64;
const LOOK_MS = 2_000;
/** Celery's `event_queue_ttl`: old events are of no use. */
const EVENT_TTL_MS = 5_000;
const MOST_ASKED = 500;
const MOST_REVOKES = 5_000;

export function createBrokerLink(options: BrokerLinkOptions): BrokerLink {
  const { settings, tasks, clock, logger } = options;
  const now = (): number => clock.monotonic();
  const fleet = createFleet(clock);
  const watch = createTaskWatch(tasks, { now, leaseMs: options.leaseMs });
  const revokes = new Set<string>();
  const waiters = new Set<() => void>();
  const depth = createQueueDepth(settings.queue, () => watch.hurry(), logger);
  const intake = createResultIntake(
    tasks,
    {
      onProgress: (task) => {
        task.heardAt = now();
      },
      onEnd: (task) => watch.ended(task),
    },
    logger,
  );
  let connection: BrokerConnection | undefined;
  const timers: NodeJS.Timeout[] = [];

  const control = createControl((method, worker, answer) => {
    if (method === 'query_task') watch.answered(worker, answer);
    else if (method === 'stats') fleet.describe(worker, answer);
    else fleet.runs(worker, answer);
  });

  /** What cannot be sent now is not worth a word: it is asked again. */
  const quietly = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      logger.debug({ reason: InfluxionError.from(error).message }, 'the broker did not take an order');
    });
  };

  /** Workers only tell of tasks when they are told to, as Flower does it. */
  const greet = (destination?: readonly string[]): void => {
    if (connection === undefined) return;
    const to = destination && { destination };
    quietly(control.tell(connection, { method: 'enable_events', ...to }));
    quietly(control.ask(connection, { method: 'stats', ...to }));
    quietly(control.ask(connection, { method: 'active', ...to }));
  };

  const takeEvents = (message: ConsumeMessage): void => {
    try {
      for (const event of decodeEvents(incoming(message))) {
        watch.hear(event);
        if (fleet.hear(event)) greet([event.hostname]);
      }
    } catch (error) {
      logger.debug({ reason: InfluxionError.from(error).message }, 'an event could not be read');
    }
  };

  async function setup(session: BrokerSession): Promise<void> {
    const channel = await session.openChannel();
    await declareTaskQueue(channel, settings.queue);
    await declareDeadQueue(channel);
    await declareReplyQueue(channel, options.replyQueue);
    await declareEventExchange(channel);
    await control.setup(session);
    const events = `celeryev.${randomUUID()}`;
    await channel.assertQueue(events, { exclusive: true, autoDelete: true, messageTtl: EVENT_TTL_MS });
    await channel.bindQueue(events, EVENT_EXCHANGE, '#');
    const onEach = (take: (message: ConsumeMessage) => void) => (message: ConsumeMessage | null) => {
      if (message === null) session.renew('a queue of this host was deleted');
      else take(message);
    };
    await channel.consume(events, onEach(takeEvents), { noAck: true });
    await channel.prefetch(PREFETCH);
    await channel.consume(
      options.replyQueue,
      onEach((message) => {
        const ack = (): void => {
          if (!session.lost.aborted) channel.ack(message);
        };
        intake.take(message, ack, session.lost);
      }),
    );
  }

  function changed(state: BrokerState): void {
    depth.forget();
    if (state !== 'open') return;
    watch.renewAll();
    greet();
    for (const taskId of revokes) sendRevoke(taskId);
    revokes.clear();
    for (const waiter of [...waiters]) waiter();
    quietly(look());
  }

  function sendRevoke(taskId: string): void {
    if (connection === undefined) return;
    const order = { method: 'revoke', arguments: { task_id: taskId, terminate: true, signal: 'SIGTERM' } };
    quietly(control.tell(connection, order));
  }

  async function look(): Promise<void> {
    if (connection?.state === 'open') await depth.look(connection);
  }

  function examine(): void {
    if (connection?.state !== 'open' || depth.waiting === null) return;
    const before = watch.lost;
    const asked = watch.examine({ waiting: depth.waiting, hasWorkers: fleet.concurrency > 0 });
    if (watch.lost > before) logger.warn({ jobs: watch.lost - before }, 'jobs were lost and are sent again');
    if (asked.length === 0) return;
    const ids = asked.slice(0, MOST_ASKED).map(({ taskId }: SentTask) => taskId);
    quietly(control.ask(connection, { method: 'query_task', arguments: { ids } }));
  }

  return {
    get connection() {
      return connection;
    },
    get concurrency() {
      return fleet.concurrency;
    },
    versionOf: (worker) => fleet.versionOf(worker),
    async declareQueue() {
      if (connection !== undefined) await depth.declare(connection);
    },

    ready(signal) {
      if (connection?.state === 'open') return Promise.resolve();
      return new Promise((resolve, reject) => {
        const done = (): void => {
          waiters.delete(done);
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = (): void => {
          waiters.delete(done);
          reject(signal.reason as Error);
        };
        if (signal.aborted) {
          stop();
          return;
        }
        signal.addEventListener('abort', stop, { once: true });
        waiters.add(done);
      });
    },

    revoke(taskId) {
      if (connection?.state === 'open') sendRevoke(taskId);
      else if (revokes.size < MOST_REVOKES) revokes.add(taskId);
    },

    status() {
      const state = connection?.state;
      const isThere = state === 'open' || state === 'blocked';
      return {
        broker: {
          state: state === 'open' ? 'ready' : state === 'blocked' ? 'blocked' : 'away',
          problem: connection?.problem ?? null,
          address: settings.broker.shown,
          product: connection?.product ?? null,
          queue: settings.queue.name,
          queue_type: settings.queue.type,
          waiting: isThere ? depth.waiting : null,
          dead: isThere ? depth.dead : null,
        },
        workers: fleet.statuses((taskId) => tasks.get(taskId)?.id),
        counts: { results: intake.results, dropped: intake.dropped, lost: watch.lost },
      };
    },

    async start() {
      connection = await connectBroker({
        address: settings.broker,
        name: `influxion API host ${hostname()}`,
        logger,
        setup,
        changed,
      });
      timers.push(
        setInterval(() => quietly(look()), LOOK_MS),
        setInterval(examine, options.leaseMs / 6),
      );
    },

    async close() {
      for (const timer of timers) clearInterval(timer);
      await connection?.close();
    },
  };
}
