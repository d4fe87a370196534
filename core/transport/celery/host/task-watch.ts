/** What events and answers of workers tell of the tasks that are out, and which of them nobody has any more. */
import type { CeleryEvent } from '../event-message.ts';
import { examineLeases } from './leases.ts';
import type { SentTask, SentTasks } from './sent-tasks.ts';

export interface TaskWatch {
  hear(event: CeleryEvent): void;
  /** The answer of a worker to `query_task`: `{id: [state, …]}`. */
  answered(worker: string, answer: unknown): void;
  /** A result came. */
  ended(task: SentTask): void;
  /** The broker is back: what was not heard while it was away proves nothing. */
  renewAll(): void;
  /** The queue was deleted: what no worker has is soon asked for. */
  hurry(): void;
  /** Gives up what is lost; the tasks whose workers should be asked. */
  examine(facts: { readonly waiting: number; readonly hasWorkers: boolean }): readonly SentTask[];
  readonly lost: number;
}

export function createTaskWatch(
  tasks: SentTasks,
  { now, leaseMs }: { readonly now: () => number; readonly leaseMs: number },
): TaskWatch {
  let newestTaken = 0;
  let lost = 0;
  let examinedAt = now();

  const renewAll = (): void => {
    for (const task of tasks.waiting()) task.heardAt = now();
  };

  const taken = (task: SentTask, worker: string): void => {
    task.heardAt = now();
    task.place(worker);
    newestTaken = Math.max(newestTaken, task.order ?? 0);
  };
  const started = (task: SentTask): void => {
    if (task.isStarted || task.delivery !== undefined) return;
    task.isStarted = true;
    task.job.onStage('render');
  };

  return {
    hear({ type, uuid, hostname }) {
      const task = typeof uuid === 'string' ? tasks.get(uuid) : undefined;
      if (task === undefined || type === 'task-sent') return;
      taken(task, hostname);
      if (type === 'task-started') started(task);
    },
    answered(worker, answer) {
      if (typeof answer !== 'object' || answer === null) return;
      for (const [taskId, state] of Object.entries(answer as Readonly<Record<string, unknown>>)) {
        const task = tasks.get(taskId);
        if (task === undefined || !Array.isArray(state)) continue;
        taken(task, worker);
        if (state[0] === 'active') started(task);
      }
    },
    ended(task) {
      newestTaken = Math.max(newestTaken, task.order ?? 0);
    },
    renewAll,
    hurry() {
      for (const task of tasks.waiting()) {
        if (task.worker === undefined) task.heardAt = Math.min(task.heardAt, now() - leaseMs / 2);
      }
    },
    examine(facts) {
      const pausedMs = now() - examinedAt;
      examinedAt = now();
      // This process was stopped meanwhile: what it did not hear proves nothing.
      if (pausedMs > leaseMs / 2) renewAll();
      const found = examineLeases(tasks.waiting(), { ...facts, now: now(), leaseMs, newestTaken });
      for (const task of found.inQueue) task.heardAt = now();
      for (const { task, error } of found.lost) {
        lost += 1;
        task.reject(error);
      }
      return found.ask;
    },
    get lost() {
      return lost;
    },
  };
}
