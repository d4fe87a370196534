/** The attempts that are out, by their task: who waits for each, and when something was last known of it. */
import type { InfluxionError } from '../../../error.ts';
import type { AttemptKey } from '../../../jobs/output-store.ts';
import type { TransportJob } from '../../transport.ts';
import type { TaskResult } from '../result-message.ts';

/** A result that came, and how to tell the broker that it is settled. */
export interface Delivery {
  readonly result: TaskResult;
  ack(): void;
  /** Aborted when the connection that it came over is gone: the broker then delivers it again. */
  readonly lost: AbortSignal;
}

export interface SentTask extends AttemptKey {
  readonly taskId: string;
  readonly job: TransportJob;
  /** Monotonic milliseconds. */
  readonly since: number;
  /** The place in the order of sending; undefined until the broker has it. */
  order: number | undefined;
  /** When the broker, a worker or an event last told of it. Monotonic milliseconds. */
  heardAt: number;
  /** The worker that has it, as far as was heard. */
  worker: string | undefined;
  /** Resolves when that is heard first. */
  readonly placed: Promise<undefined>;
  place(worker: string): void;
  isStarted: boolean;
  /** Whether it has to be signed; undefined when it was sent before this process. */
  isSigned: boolean | undefined;
  /** Whether its request waits in the blob store; undefined when it was sent before this process. */
  hasPayload: boolean | undefined;
  /** Whether something of it may lie in the blob store. */
  hasBlobs: boolean;
  delivery: Delivery | undefined;
  /** It was given up: a result comes too late. */
  isOver: boolean;
  readonly result: Promise<TaskResult>;
  resolve(result: TaskResult): void;
  reject(error: InfluxionError): void;
}

export type Taken = 'first' | 'again' | 'unknown';

export class SentTasks {
  readonly #byTask = new Map<string, SentTask>();

  add(taskId: string, job: TransportJob, now: number): SentTask {
    const { promise, resolve, reject } = Promise.withResolvers<TaskResult>();
    const placed = Promise.withResolvers<undefined>();
    // Whoever is not waiting yet is told by the next `await`.
    promise.catch(() => undefined);
    const task: SentTask = {
      id: job.id,
      attempt: job.attempt,
      taskId,
      job,
      since: now,
      order: undefined,
      heardAt: now,
      worker: undefined,
      placed: placed.promise,
      place(worker) {
        task.worker = worker;
        placed.resolve(undefined);
      },
      isStarted: false,
      isSigned: undefined,
      hasPayload: undefined,
      hasBlobs: true,
      delivery: undefined,
      isOver: false,
      result: promise,
      resolve,
      reject(error) {
        task.isOver = true;
        reject(error);
      },
    };
    this.#byTask.set(taskId, task);
    return task;
  }

  get(taskId: string): SentTask | undefined {
    return this.#byTask.get(taskId);
  }

  /** Those whose result is still to come. */
  waiting(): SentTask[] {
    return [...this.#byTask.values()].filter(({ delivery, isOver }) => delivery === undefined && !isOver);
  }

  /** Gives a result to who waits for it. The delivery is then acknowledged by `end`; any other one by the caller. */
  deliver(delivery: Delivery): Taken {
    const task = this.#byTask.get(delivery.result.taskId);
    if (task === undefined) return 'unknown';
    if (task.isOver || (task.delivery !== undefined && !task.delivery.lost.aborted)) return 'again';
    task.delivery = delivery;
    task.resolve(delivery.result);
    return 'first';
  }

  /** The attempt is over: its result, if one came, is done with. */
  end(taskId: string): void {
    const task = this.#byTask.get(taskId);
    this.#byTask.delete(taskId);
    task?.delivery?.ack();
  }

  get size(): number {
    return this.#byTask.size;
  }
}
