/**
 * Gives waiting jobs to free slots and settles what comes of them. Every transaction that may make a job ready or a slot
 * free claims in the same breath, so an idle queue polls nothing and a busy one needs no transaction of its own to claim.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobStage } from '../../contract/job.ts';
import type { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import type { ClaimedJob, JobRepository, RunningRow, Transition } from '../store/job-repository.ts';
import type { Transport } from '../transport/transport.ts';
import type { Outcome, Run } from './attempt.ts';
import { createHeartbeat } from './heartbeat.ts';
import { jobPoison, shuttingDown } from './job-errors.ts';
import { toErrorDetail } from './job-row.ts';
import type { AttemptKey } from './output-store.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { createSettlement } from './settlement.ts';

export interface SchedulerDeps {
  readonly db: Db;
  readonly jobs: JobRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this process in the rows that it claims. */
  readonly owner: string;
  readonly transport: Pick<Transport, 'window' | 'settled' | 'outbox'>;
  readonly retry: RetryPolicy;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Milliseconds without a heartbeat after which an attempt counts as dead. */
  readonly leaseMs: number;
  /** Milliseconds after which an attempt is stopped, whatever it does. */
  readonly attemptMs: number;
  /** `at-once`: this process owns the data folder, so attempts of others are dead. `after-lease`: others may live. */
  readonly orphans: 'at-once' | 'after-lease';
  /** Never rejects. */
  attempt(run: Run): Promise<Outcome>;
  /** Removes the document of an attempt that came too late. */
  discard(key: AttemptKey): Promise<void>;
  /** Called after COMMIT, in the order of the changes. */
  changed(transitions: readonly Transition[]): void;
  diskFailed(error: unknown): void;
}

/** Notes a change of state for those who listen; passes it through. */
export type Note = (transition: Transition | undefined) => Transition | undefined;

export interface Scheduler {
  /** Takes orphans back and begins to give out jobs. */
  start(): Promise<void>;
  /** One durable transaction, which also claims for the slots that are free. */
  commit<T>(work: (note: Note) => T): Promise<T>;
  /** Stops the attempt that runs for a job; its row is the caller's. */
  abort(id: number, reason: InfluxionError): void;
  stageOf(id: number): JobStage | undefined;
  /** Whether this process is at work on exactly that attempt. */
  isRunning(key: AttemptKey): boolean;
  /** Milliseconds that jobs took of late; undefined before the first. */
  readonly meanRunMs: number | undefined;
  /** Gives out no more jobs and waits for those that run; after the budget they are stopped and left for recovery. */
  drain(budgetMs: number): Promise<void>;
}

/** What an aborted attempt gets to let go of its resources when the host stops. */
const STOP_GRACE_MS = 2_000;
/** What those get that were waiting for a disk, to see that nobody waits any more. */
const SETTLE_GRACE_MS = 200;

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { db, jobs, clock, logger, transport } = deps;
  const { outbox } = transport;
  const running = new Map<Run, Promise<void>>();
  const current = new Map<number, Run>();
  const waitingSince = new Map<number, number>();
  const isElsewhere = outbox !== undefined;
  const settlement = createSettlement({ ...deps, isElsewhere, commit });
  const { settle } = settlement;
  const heartbeat = createHeartbeat({ ...deps, isElsewhere, running, settle, takeBack });
  let started = false;
  let draining = false;
  let busy = 0;
  let meanRunMs: number | undefined;

  async function commit<T>(work: (note: Note) => T, frees = 0): Promise<T> {
    let claimed: ClaimedJob[] = [];
    let transitions: Transition[] = [];
    let freed = 0;
    const note: Note = (transition) => {
      if (transition !== undefined) transitions.push(transition);
      if (transition?.from === 'InProgress') outbox?.remove(transition.id);
      return transition;
    };
    let value: T;
    try {
      value = await db.write(() => {
        const result = work(note);
        busy -= frees;
        freed = frees;
        claimed = claim();
        return result;
      });
    } catch (error) {
      busy += freed - claimed.length;
      throw error;
    }
    if (claimed.length > 0) transitions = [...transitions, ...claimed.map((job) => job.transition)];
    for (const { id, to } of transitions) {
      if (to === 'Received') waitingSince.set(id, clock.monotonic());
      else if (to === 'Error') forget(id);
    }
    const runs = claimed.map((job) => prepare(job));
    deps.changed(transitions);
    for (const run of runs) launch(run);
    return value;
  }

  function claim(): ClaimedJob[] {
    const free = transport.window() - busy;
    if (!started || draining || free <= 0) return [];
    const claimed = jobs.claim(free, deps.owner, clock.now());
    for (const job of claimed) outbox?.add(job);
    busy += claimed.length;
    return claimed;
  }

  function prepare(job: Omit<ClaimedJob, 'transition'>, claimedAt = clock.now()): Run {
    const startedAt = clock.monotonic();
    const since = waitingSince.get(job.id);
    waitingSince.delete(job.id);
    // A job that waited through a restart has no monotonic beginning.
    const queueMs = since === undefined ? Math.max(0, claimedAt - job.createdAt) : startedAt - since;
    const { id, attempt, tries, clientId } = job;
    const controller = new AbortController();
    const run: Run = {
      id,
      attempt,
      tries,
      clientId,
      controller,
      startedAt,
      queueMs,
      stage: 'queue',
      ranOn: undefined,
      abandoned: false,
    };
    current.set(id, run);
    return run;
  }

  function launch(run: Run): void {
    const work = execute(run).catch((error: unknown) => {
      logger.error({ err: error, job: run.id, attempt: run.attempt }, 'the queue failed to settle a job');
    });
    running.set(run, work);
    heartbeat.wake();
  }

  async function execute(run: Run): Promise<void> {
    const outcome = await deps.attempt(run);
    const tookMs = clock.monotonic() - run.startedAt;
    meanRunMs = meanRunMs === undefined ? tookMs : meanRunMs * 0.9 + tookMs * 0.1;
    await settle(run, outcome, 1);
    transport.settled?.(run);
    running.delete(run);
    if (current.get(run.id) === run) current.delete(run.id);
  }

  function forget(id: number): void {
    waitingSince.delete(id);
    settlement.forget(id);
  }

  async function takeBack(rows: readonly RunningRow[]): Promise<void> {
    const now = clock.now();
    const noFacts = { timings: '{}', ranOn: null };
    await commit((note) => {
      for (const { id, attempt, tries } of rows) {
        const poison = tries >= deps.retry.poisonAttempts;
        note(
          poison
            ? jobs.fail(id, attempt, { ...noFacts, detail: toErrorDetail(jobPoison(tries), 'queue') }, now)
            : jobs.release(id, attempt, { delayed: false, giveBack: false, detail: undefined }, now),
        );
      }
    });
    logger.info({ jobs: rows.length }, 'took back the jobs of a process that is gone');
  }

  /** Waits again for what a dead process had sent out. */
  async function adopt(rows: readonly RunningRow[]): Promise<void> {
    const adopted = await db.write(() =>
      rows.flatMap(({ id, attempt }) => jobs.adopt(id, attempt, deps.owner) ?? []),
    );
    busy += adopted.length;
    for (const job of adopted) launch(prepare(job, job.claimedAt));
    logger.info({ jobs: adopted.length }, 'waits for jobs that were sent out before');
  }

  return {
    async start() {
      const foreign = await db.write(() => {
        jobs.undelayAll();
        return jobs.foreign(deps.owner);
      });
      started = true;
      const orphans = foreign.filter((row) => !outbox?.owns(row));
      if (orphans.length < foreign.length) await adopt(foreign.filter((row) => !orphans.includes(row)));
      if (deps.orphans === 'after-lease') await heartbeat.watch(orphans);
      else if (orphans.length > 0) await takeBack(orphans);
      await commit(() => undefined);
    },
    commit: (work) => commit(work),
    abort(id, reason) {
      current.get(id)?.controller.abort(reason);
    },
    stageOf: (id) => current.get(id)?.stage,
    isRunning: ({ id, attempt }) => current.get(id)?.attempt === attempt,
    get meanRunMs() {
      return meanRunMs;
    },
    async drain(budgetMs) {
      draining = true;
      settlement.drain();
      // Those elsewhere go on without this process.
      if (!isElsewhere) await settledWithin(budgetMs);
      for (const run of running.keys()) run.controller.abort(shuttingDown());
      await settledWithin(STOP_GRACE_MS);
      settlement.close();
      await settledWithin(SETTLE_GRACE_MS);
      heartbeat.stop();
    },
  };

  async function settledWithin(budgetMs: number): Promise<void> {
    if (running.size === 0) return;
    const over = new AbortController();
    const budget = sleep(budgetMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all(running.values()), budget]);
    over.abort();
  }
}
