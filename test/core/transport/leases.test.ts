import { describe, expect, it } from 'vitest';
import { examineLeases } from '../../../core/transport/celery/host/leases.ts';
import { SentTasks, type SentTask } from '../../../core/transport/celery/host/sent-tasks.ts';
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
  };
  return Object.assign(new SentTasks().add('a', job, 0), { order: 5 }, more);
}

const codesOf = (task: SentTask, facts: Partial<typeof FACTS> = {}): readonly string[] =>
  examineLeases([task], { ...FACTS, ...facts }).lost.map(({ error }) => error.code);

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
    expect(codesOf(taskOf({ heardAt: 0 }), { waiting: 3 })).toEqual([]);
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
