/** Sends attempts to the broker until it confirms that it has them, a few at a time and in the order of their claims. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerateRequest } from '../../../../contract/job.ts';
import { InfluxionError } from '../../../error.ts';
import type { Logger } from '../../../ports.ts';
import { storageFault } from '../../../store/storage-error.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { TransportJob } from '../../transport.ts';
import type { BrokerConnection } from '../connection.ts';
import { GENERATE_PDF } from '../generate-pdf.ts';
import { encodeTask } from '../task-message.ts';
import type { OutgoingMessage } from '../message.ts';

export interface TaskSenderOptions {
  readonly connection: () => BrokerConnection | undefined;
  /** Resolves when the broker takes messages. Errors: the reason of the signal. */
  readonly broker: (signal: AbortSignal) => Promise<void>;
  readonly blobs: BlobStore;
  readonly inlineBytes: number;
  readonly queue: string;
  readonly replyQueue: string;
  /** Milliseconds that an attempt may take on a worker. */
  readonly attemptMs: number;
  /** The queue is gone: declares it anew. */
  readonly declare: () => Promise<void>;
  readonly logger: Logger;
}

export interface TaskSender {
  /**
   * Resolves when the broker has the task. `load` is called when it is about to be sent; undefined sends nothing.
   * `inline`: all that it needs is in the message; `apart`: its request waits in the blob store.
   * Errors: those of `load`, TASK_LOST when the blob store keeps nothing now, the reason of the job's signal.
   */
  send(
    job: TransportJob,
    taskId: string,
    load: () => Promise<GenerateRequest | undefined>,
  ): Promise<'inline' | 'apart' | 'kept'>;
}

/** What is being sent is in memory. */
const AT_ONCE = 8;
const PAUSE_MS = 250;

export function createTaskSender(options: TaskSenderOptions): TaskSender {
  const { connection, blobs, inlineBytes, logger } = options;
  const turns = createTurns(AT_ONCE);

  /** Where the request is fetched; undefined when it is small enough for the message. */
  async function keptApart(job: TransportJob, request: GenerateRequest): Promise<string | undefined> {
    const json = Buffer.from(JSON.stringify(request));
    if (json.length <= inlineBytes) return undefined;
    try {
      return await blobs.keepPayload(job, json);
    } catch (error) {
      const isPassing = InfluxionError.is(error) && error.retryable;
      if (!isPassing && storageFault(error) === undefined) throw error;
      const reason = 'The data of the job cannot be kept for its worker now.';
      throw new InfluxionError('TASK_LOST', reason, {}, error);
    }
  }

  async function messageFor(
    job: TransportJob,
    taskId: string,
    request: GenerateRequest,
    payloadUrl: string | undefined,
  ): Promise<OutgoingMessage> {
    const { id, attempt } = job;
    const kwargs = {
      ...(payloadUrl === undefined ? request : { payload_url: payloadUrl }),
      job_id: id,
      attempt,
      upload_url: await blobs.uploadUrl(job),
      inline_limit: inlineBytes,
    };
    return encodeTask({
      id: taskId,
      task: GENERATE_PDF,
      queue: options.queue,
      kwargs,
      replyTo: options.replyQueue,
      timeLimitS: Math.ceil(options.attemptMs / 1000),
      kwargsRepr: `{'job_id': ${id}, 'attempt': ${attempt}}`,
    });
  }

  async function publish(message: OutgoingMessage, job: TransportJob): Promise<void> {
    for (;;) {
      await options.broker(job.signal);
      try {
        const to = connection();
        if (to !== undefined) {
          await orAborted(to.publish(message, { mandatory: true }), job.signal);
          return;
        }
      } catch (error) {
        job.signal.throwIfAborted();
        if (!InfluxionError.is(error)) throw error;
        logger.debug({ job: job.id, attempt: job.attempt, reason: error.message }, 'a task was not sent');
        if (error.code === 'BROKER_REFUSED') await options.declare().catch(() => undefined);
        else if (error.code !== 'BROKER_UNAVAILABLE') throw error;
      }
      await sleep(PAUSE_MS, undefined, { signal: job.signal }).catch(() => job.signal.throwIfAborted());
    }
  }

  return {
    async send(job, taskId, load) {
      await options.broker(job.signal);
      const done = await turns.take();
      try {
        job.signal.throwIfAborted();
        const request = await load();
        if (request === undefined) return 'kept';
        const payloadUrl = await keptApart(job, request);
        await publish(await messageFor(job, taskId, request, payloadUrl), job);
        return payloadUrl === undefined ? 'inline' : 'apart';
      } finally {
        done();
      }
    },
  };
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** At most `count` at work; the others wait in the order in which they came. */
function createTurns(count: number): { take(): Promise<() => void> } {
  const waiting: (() => void)[] = [];
  let free = count;
  const give = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return give;
    },
  };
}
