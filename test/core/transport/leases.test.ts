import { describe, expect, it } from 'vitest';
import { examineLeases } from '../../../core/transport/celery/host/leases.ts';
import { SentTasks, type SentTask } from '../../../core/transport/celery/host/sent-tasks.ts';
import { createTaskWatch } from '../../../core/transport/celery/host/task-watch.ts';
import { MovableClock } from '../../support/http-world.ts';
import { NEVER, requestOf } from '../../support/job-world.ts';

const LEASE_MS = 30_000;
const FACTS = { now: 100_000, leaseMs: LEASE_MS, waiting: 0, newestTaken: 0, hasWorkers: true };

function taskOf(more: Partial<SentTask>): SentTask {
  const job = {
    id: 1,
    attempt: 1,
    request: () => Promise.resolve(requestOf('x')),
    signal: NEVER,
    onStage: () => undefined,
    onPlace: () => undefined,
  };
  return Object.assign(new SentTasks().add('a', job, 0), { order: 5 }, more);
}

const codesOf = (task: SentTask, facts: Partial<typeof FACTS> = {}): readonly string[] =>
  examineLeases([task], { ...FACTS, ...facts }).lost.map(({ error }) => error.code);

it('a host that was stopped itself gives nobody up for what it did not hear', () => {
  const clock = new MovableClock();
  const tasks = new SentTasks();
  const job = taskOf({}).job;
  const watch = createTaskWatch(tasks, { now: () => clock.monotonic(), leaseMs: LEASE_MS });
  const task = tasks.add('a', job, clock.monotonic());
  task.order = 1;
  const facts = { waiting: 0, hasWorkers: true };
  clock.advance(10 * LEASE_MS);
  expect(watch.examine(facts)).toEqual([]);
  expect(watch.lost).toBe(0);
  for (let step = 0; step < 4; step += 1) {
    clock.advance(LEASE_MS / 6);
    watch.examine(facts);
  }
  watch.answered('w@h', { a: ['active', {}] });
  expect(task).toMatchObject({ isStarted: true, worker: 'w@h' });
  for (let step = 0; step < 5; step += 1) {
    clock.advance(LEASE_MS / 6);
    watch.examine(facts);
  }
  expect(watch.lost, 'an answer renews the lease').toBe(0);
  clock.advance(LEASE_MS / 6);
  watch.examine(facts);
  expect(watch.lost).toBe(1);
});

describe('an attempt of which nothing is heard', () => {
  it('is asked for when half its lease is over, and lost at its end', () => {
    const quiet = taskOf({ heardAt: 100_000 - LEASE_MS / 2 });
    expect(examineLeases([quiet], FACTS)).toMatchObject({ ask: [{ taskId: 'a' }], lost: [] });
    expect(codesOf(taskOf({ heardAt: 100_000 - LEASE_MS }))).toEqual(['TASK_LOST']);
  });

  it('is held against the job only when a worker had begun with it', () => {
    expect(codesOf(taskOf({ heardAt: 0, isStarted: true, worker: 'w@h' }))).toEqual(['WORKER_LOST']);
  });

  it('may still wait in the queue, however long that takes', () => {
    const waiting = taskOf({ heardAt: 0 });
    expect(examineLeases([waiting], { ...FACTS, waiting: 3 })).toEqual({
      inQueue: [waiting],
      ask: [],
      lost: [],
    });
  });

  it('does not wait in a queue of which later tasks were taken', () => {
    expect(codesOf(taskOf({ heardAt: 0 }), { waiting: 3, newestTaken: 6 })).toEqual(['TASK_LOST']);
  });

  it('waits again where its worker died and there is no other', () => {
    const returned = taskOf({ heardAt: 0, isStarted: true });
    expect(codesOf(returned, { waiting: 1, newestTaken: 6, hasWorkers: false })).toEqual([]);
  });

  it('is not lost before the broker ever had it', () => {
    expect(codesOf(taskOf({ heardAt: 0, order: undefined }))).toEqual([]);
  });
});
