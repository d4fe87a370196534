/**
 * Which attempts nobody has any more. A lease is renewed when an event or an answer of a worker tells of the task; when it
 * is half over, the workers are asked. A task that still waits in the queue is not lost, however long that takes.
 */
import { InfluxionError } from '../../../error.ts';
import type { SentTask } from './sent-tasks.ts';

export interface LeaseQuestion {
  /** Tasks that may still wait in the queue: their lease begins when they no longer can. */
  readonly inQueue: readonly SentTask[];
  /** Tasks whose workers should be asked. */
  readonly ask: readonly SentTask[];
  readonly lost: readonly { readonly task: SentTask; readonly error: InfluxionError }[];
}

/**
 * `now`: monotonic milliseconds. `waiting`: tasks in the queue. `newestTaken`: the highest order of a task that a worker has
 * been seen with: what was sent before it is no longer in the queue, unless no worker is there to take what came back.
 */
export function examineLeases(
  tasks: readonly SentTask[],
  facts: {
    readonly now: number;
    readonly leaseMs: number;
    readonly waiting: number;
    readonly newestTaken: number;
    readonly hasWorkers: boolean;
  },
): LeaseQuestion {
  const { now, leaseMs, waiting, newestTaken, hasWorkers } = facts;
  const inQueue: SentTask[] = [];
  const ask: SentTask[] = [];
  const lost: { readonly task: SentTask; readonly error: InfluxionError }[] = [];
  for (const task of tasks) {
    if (task.order === undefined) continue;
    const silentMs = now - task.heardAt;
    if (waiting > 0 && (task.order > newestTaken || !hasWorkers)) inQueue.push(task);
    else if (silentMs >= leaseMs) lost.push({ task, error: task.isStarted ? workerLost(task) : taskLost() });
    else if (silentMs >= leaseMs / 2) ask.push(task);
  }
  return { inQueue, ask, lost };
}

const workerLost = ({ worker }: SentTask): InfluxionError =>
  new InfluxionError(
    'WORKER_LOST',
    `The worker ${worker ?? 'that had the job'} stopped or cannot be reached any more.`,
  );

const taskLost = (): InfluxionError =>
  new InfluxionError('TASK_LOST', 'Neither the broker nor a worker has the job any more.');
