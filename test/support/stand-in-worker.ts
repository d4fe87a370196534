/** A worker that does what the test says: it takes tasks from the broker and answers as a worker could, well or badly. */
import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Channel, type ConsumeMessage } from 'amqplib';
import { parseBrokerUrl } from '../../core/transport/celery/broker-url.ts';
import { connectBroker, incoming, type BrokerConnection } from '../../core/transport/celery/connection.ts';
import { encodeResult, type TaskState } from '../../core/transport/celery/result-message.ts';
import { decodeTask, type TaskMessage } from '../../core/transport/celery/task-message.ts';
import { declareTaskQueue, type TaskQueue } from '../../core/transport/celery/topology.ts';
import { CELERY_QUEUE } from './celery-host.ts';
import { pdfOf, silentLogger } from './job-world.ts';

export interface HeldTask {
  readonly task: TaskMessage;
  readonly jobId: number;
  readonly attempt: number;
  readonly redelivered: boolean;
  /** Publishes a result; the task stays unacknowledged. */
  reply(status: TaskState, result: unknown): Promise<void>;
  /** A PDF that says `text`, then the acknowledgement. */
  finish(text?: string): Promise<void>;
  fail(type: string, message: string): Promise<void>;
  ack(): void;
}

export interface StandInWorker extends AsyncDisposable {
  /** The next task, in the order of their arrival. */
  next(): Promise<HeldTask>;
  /** Ids of all tasks that came, with those that came again. */
  readonly seen: readonly string[];
  readonly connection: BrokerConnection;
}

export const successOf = (pdf: Uint8Array) => ({
  pdf: Buffer.from(pdf).toString('base64'),
  url: null,
  size: pdf.length,
  sha256: hash('sha256', pdf, 'hex'),
  pages: 1,
  warnings: [],
  timings_ms: { render: 1, print: 2 },
  ran_on: { host: hostname(), version: '9.9.9' },
});

export interface StandInOptions {
  readonly prefetch?: number;
  /** Answers every task at once. */
  readonly auto?: boolean;
  /** Results for each of them. Default 1. */
  readonly answers?: number;
  readonly queue?: TaskQueue;
}

export async function openStandInWorker(
  brokerUrl: string,
  { prefetch = 20, auto = false, answers = 1, queue = CELERY_QUEUE }: StandInOptions = {},
): Promise<StandInWorker> {
  const held: HeldTask[] = [];
  const channels: Channel[] = [];
  const askers: ((task: HeldTask) => void)[] = [];
  const seen: string[] = [];

  const take = (own: Channel, message: ConsumeMessage, lost: AbortSignal): void => {
    const task = decodeTask(incoming(message), 32 * 1024 * 1024);
    seen.push(task.id);
    const {
      job_id: jobId,
      attempt,
      data,
    } = task.kwargs as {
      readonly job_id: number;
      readonly attempt: number;
      readonly data?: { readonly text?: string };
    };
    const ack = (): void => {
      if (!lost.aborted) own.ack(message);
    };
    const reply = async (status: TaskState, result: unknown): Promise<void> => {
      // The first tasks come while the session is still being set up.
      while (connection.state === 'connecting') await sleep(5);
      await connection.publish(
        encodeResult(
          { taskId: task.id, status, result, traceback: null },
          { replyTo: task.replyTo ?? '', correlationId: task.correlationId },
        ),
      );
    };
    const one: HeldTask = {
      task,
      jobId,
      attempt,
      redelivered: message.fields.redelivered,
      reply,
      ack,
      async finish(text = data?.text ?? '') {
        for (let count = 0; count < answers; count += 1) await reply('SUCCESS', successOf(pdfOf(text)));
        ack();
      },
      async fail(type, text) {
        await reply('FAILURE', { exc_type: type, exc_message: [text], exc_module: 'influxion' });
        ack();
      },
    };
    if (auto) {
      // When the connection breaks in between the task comes again.
      one.finish().catch(() => undefined);
      return;
    }
    const asker = askers.shift();
    if (asker === undefined) held.push(one);
    else asker(one);
  };

  const connection = await connectBroker({
    address: parseBrokerUrl(brokerUrl),
    name: 'stand-in worker',
    logger: silentLogger,
    async setup(session) {
      const own = await session.openChannel();
      channels.push(own);
      await declareTaskQueue(own, queue);
      await own.prefetch(prefetch);
      await own.consume(queue.name, (message) => {
        if (message === null) session.renew('the queue was deleted');
        else take(own, message, session.lost);
      });
    },
  });
  return {
    seen,
    connection,
    next() {
      const task = held.shift();
      return task === undefined ? new Promise((resolve) => askers.push(resolve)) : Promise.resolve(task);
    },
    async [Symbol.asyncDispose]() {
      // The end of the connection would overtake acknowledgements.
      await channels
        .at(-1)
        ?.close()
        .catch(() => undefined);
      await connection.close();
    },
  };
}

/** Takes away what earlier tests left in the queue. */
export async function emptyQueue(brokerUrl: string): Promise<void> {
  const connection = await connect(brokerUrl.replace(/\/\/$/, ''));
  const channel = await connection.createChannel();
  await declareTaskQueue(channel, CELERY_QUEUE);
  await channel.purgeQueue(CELERY_QUEUE.name);
  await connection.close();
}
