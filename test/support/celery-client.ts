/** A caller at the broker: sends task messages, collects results and events, looks into queues. */
import { randomUUID } from 'node:crypto';
import { connect, type Channel, type ConsumeMessage, type Options } from 'amqplib';
import { incoming } from '../../core/transport/celery/connection.ts';
import {
  declareControlReplies,
  decodeControlReply,
  encodeControl,
} from '../../core/transport/celery/control-message.ts';
import { decodeEvents, type CeleryEvent } from '../../core/transport/celery/event-message.ts';
import { decodeResult, type TaskResult } from '../../core/transport/celery/result-message.ts';
import { encodeTask, type NewTask } from '../../core/transport/celery/task-message.ts';
import {
  declareEventExchange,
  declareTaskQueue,
  type TaskQueue,
} from '../../core/transport/celery/topology.ts';

export interface CeleryClient extends AsyncDisposable {
  readonly channel: Channel;
  readonly results: TaskResult[];
  readonly events: CeleryEvent[];
  /** Publishes a call; its id. */
  send(task: Partial<NewTask>): string;
  /** Publishes anything to the task queue. */
  publish(body: Buffer, options: Options.Publish): void;
  /** The last result of a task; undefined before the first. */
  resultOf(id: string): TaskResult | undefined;
  /** The answers of the workers; rejects when none comes: who was away when it was asked never hears of it. */
  ask(method: string, given?: Record<string, unknown>): Promise<Record<string, unknown>>;
  tell(method: string, given: Record<string, unknown>): void;
  depth(queue: string): Promise<number>;
}

const MAX = 64 * 1024 * 1024;
const ANSWER_MS = 3_000;

/** `type`: of the queue. */
export async function celeryClient(
  url: string,
  queue = 'celery',
  type: TaskQueue['type'] = 'classic',
): Promise<CeleryClient> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  await declareTaskQueue(channel, { name: queue, type });
  await declareEventExchange(channel);
  const results: TaskResult[] = [];
  const events: CeleryEvent[] = [];
  const exclusive = async (take: (message: ConsumeMessage) => void): Promise<string> => {
    const { queue: name } = await channel.assertQueue('', { exclusive: true });
    await channel.consume(name, (message) => message && take(message), { noAck: true });
    return name;
  };
  const replies = await exclusive((message) => results.push(decodeResult(incoming(message), MAX)));
  const news = await exclusive((message) => events.push(...decodeEvents(incoming(message))));
  await channel.bindQueue(news, 'celeryev', '#');
  const waiting = new Map<string, (replies: Record<string, unknown>) => void>();
  const replyKey = randomUUID();
  const mailbox = await declareControlReplies(channel, replyKey);
  const onReply = (message: ConsumeMessage | null): void => {
    if (message === null) return;
    const reply = decodeControlReply(incoming(message));
    waiting.get(reply.ticket ?? '')?.({ ...reply.replies });
  };
  await channel.consume(mailbox, onReply, { noAck: true });

  return {
    channel,
    results,
    events,
    send(task) {
      const id = task.id ?? randomUUID();
      const message = encodeTask({ task: 'influxion.generate_pdf', queue, replyTo: replies, ...task, id });
      const { headers = {}, priority, replyTo } = message;
      channel.publish('', queue, message.body, {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        correlationId: id,
        persistent: true,
        headers,
        ...(priority !== undefined && { priority }),
        ...(replyTo !== undefined && { replyTo }),
      });
      return id;
    },
    publish(body, options) {
      channel.publish('', queue, body, { persistent: true, replyTo: replies, ...options });
    },
    resultOf: (id) => results.findLast(({ taskId }) => taskId === id),
    async ask(method, given = {}) {
      const ticket = randomUUID();
      const answered = new Promise<Record<string, unknown>>((resolve, reject) => {
        waiting.set(ticket, resolve);
        setTimeout(() => reject(new Error(`No worker answers ${method}`)), ANSWER_MS).unref();
      });
      const replyTo = { exchange: 'reply.celery.pidbox', routingKey: replyKey };
      const { exchange, body } = encodeControl({ method, arguments: given, ticket, replyTo });
      channel.publish(exchange, '', body, { contentType: 'application/json', contentEncoding: 'utf-8' });
      return answered;
    },
    tell(method, given) {
      const { exchange, body } = encodeControl({ method, arguments: given });
      channel.publish(exchange, '', body, { contentType: 'application/json', contentEncoding: 'utf-8' });
    },
    async depth(name) {
      const other = await connection.createChannel();
      other.on('error', () => undefined);
      try {
        return (await other.checkQueue(name)).messageCount;
      } finally {
        await other.close().catch(() => undefined);
      }
    },
    async [Symbol.asyncDispose]() {
      await connection.close().catch(() => undefined);
    },
  };
}
