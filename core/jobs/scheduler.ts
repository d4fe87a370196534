/**
 * Gives waiting jobs to free slots and settles what comes of them. Every transaction that may make a job ready or a slot
 * free claims in the same breath, so an idle queue polls nothing and a busy one needs no transaction of its own to claim.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobStage } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import type { ClaimedJob, JobRepository, RunningRow, Transition } from '../store/job-repository.ts';
import { storageFault } from '../store/storage-error.ts';
import type { Transport } from '../transport/transport.ts';
import type { Outcome, Run } from './attempt.ts';
import { attemptSuperseded, attemptTooLong, jobPoison, shuttingDown } from './job-errors.ts';
import { toErrorDetail } from './job-row.ts';
import { createLeaseWatch } from './lease-watch.ts';
import type { AttemptKey } from './output-store.ts';
import { mostAttempts, retryDelay, type RetryPolicy } from './retry-policy.ts';

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

/** Full disks and browsers that do not start are tried again soon at first, then twice a minute. */
const HOST_RETRY = { baseMs: 1_000, capMs: 30_000 };
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
  const retries = new Map<number, NodeJS.Timeout>();
  const hostFailures = new Map<number, number>();
  const leases = createLeaseWatch(deps.leaseMs);
  const stop = new AbortController();
  let started = false;
  let draining = false;
  let busy = 0;
  let pulse: NodeJS.Timeout | undefined;
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
    pulse ??= setInterval(beat, deps.leaseMs / 3);
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

  /** Writes the outcome, however long the disk refuses it: an accepted job is never dropped. */
  async function settle(run: Run, outcome: Outcome, frees: number): Promise<void> {
    let result = outcome;
    if (result.kind === 'failed' && result.fault === 'disk') deps.diskFailed(result.error);
    for (let failures = 1; ; failures += 1) {
      try {
        const transition = await commit((note) => note(apply(run, result)), frees);
        if (transition === undefined && result.kind === 'done') await deps.discard(run);
        if (transition?.to === 'Received') delay(run, result);
        if (transition?.to === 'Done') hostFailures.delete(run.id);
        logOutcome(run, result, transition);
        return;
      } catch (error) {
        if (storageFault(error) === undefined) {
          logger.error({ err: error, job: run.id, attempt: run.attempt }, 'a job could not be settled');
          const internal = InfluxionError.from(error);
          result = { kind: 'failed', error: internal, stage: 'store', fault: 'job', timings: {} };
        } else {
          logger.warn({ err: error, job: run.id, attempt: run.attempt }, 'the disk refuses the end of a job');
          deps.diskFailed(error);
        }
        if (!(await pause(retryDelay(HOST_RETRY, failures, deps.random)))) return;
      }
    }
  }

  function apply(run: Run, outcome: Outcome): Transition | undefined {
    const now = clock.now();
    if (run.abandoned) return undefined;
    if (outcome.kind === 'done') {
      const { output, warnings, timings, signature, ranOn, signedOn } = outcome;
      return jobs.finish(
        run.id,
        run.attempt,
        {
          size: output.size,
          pages: output.pages,
          sha256: output.sha256,
          timings: JSON.stringify(timings),
          warnings: JSON.stringify(warnings),
          signature: signature === undefined ? null : JSON.stringify(signature),
          ranOn: JSON.stringify(ranOn),
          signedOn: signedOn ?? null,
        },
        now,
      );
    }
    const { error, stage, fault, timings } = outcome;
    if (draining && error.code === 'SHUTTING_DOWN') {
      // An attempt elsewhere goes on, so it stays held against the job.
      if (outbox === undefined) jobs.giveBack(run.id, run.attempt);
      return undefined;
    }
    const detail = toErrorDetail(error, stage);
    const innocent = fault !== 'job';
    if (innocent || (error.retryable && run.tries < mostAttempts(error, deps.retry))) {
      return jobs.release(run.id, run.attempt, { delayed: true, giveBack: innocent, detail }, now);
    }
    return jobs.fail(run.id, run.attempt, detail, JSON.stringify(timings), now);
  }

  function delay(run: Run, outcome: Outcome): void {
    const innocent = outcome.kind === 'failed' && outcome.fault !== 'job';
    const failures = innocent ? (hostFailures.get(run.id) ?? 0) + 1 : run.tries;
    if (innocent) hostFailures.set(run.id, failures);
    wakeAfter(run.id, retryDelay(innocent ? HOST_RETRY : deps.retry, failures, deps.random));
  }

  function wakeAfter(id: number, delayMs: number): void {
    if (draining) return;
    clearTimeout(retries.get(id));
    retries.set(
      id,
      setTimeout(() => {
        retries.delete(id);
        commit(() => jobs.undelay(id)).catch((error: unknown) => {
          logger.warn({ err: error, job: id }, 'a job could not be woken for its retry');
          wakeAfter(id, retryDelay(HOST_RETRY, 3, deps.random));
        });
      }, delayMs),
    );
  }

  function forget(id: number): void {
    waitingSince.delete(id);
    hostFailures.delete(id);
    clearTimeout(retries.get(id));
    retries.delete(id);
  }

  /** Runs while attempts run, here or elsewhere. */
  function beat(): void {
    const now = clock.monotonic();
    // How long an attempt elsewhere may take is known where it runs.
    if (outbox === undefined) for (const run of running.keys()) watchOverdue(run, now);
    db.write(() => {
      for (const run of running.keys()) {
        const fresh = now - run.startedAt < deps.leaseMs / 3;
        if (fresh || run.abandoned || jobs.beat(run.id, run.attempt)) continue;
        run.controller.abort(attemptSuperseded());
      }
      return jobs.foreign(deps.owner);
    })
      .then((foreign) => takeBackExpired(foreign, now))
      .catch((error: unknown) => logger.warn({ err: error }, 'the heartbeat could not be written'))
      .finally(() => {
        if (running.size > 0 || leases.watching) return;
        clearInterval(pulse);
        pulse = undefined;
      });
  }

  function watchOverdue(run: Run, now: number): void {
    const age = now - run.startedAt;
    if (age < deps.attemptMs) return;
    if (!run.controller.signal.aborted) run.controller.abort(attemptTooLong(deps.attemptMs));
    else if (age > deps.attemptMs + deps.leaseMs && !run.abandoned) abandon(run);
  }

  /** The attempt does not answer: the job goes on without it, its slot stays taken until it does. */
  function abandon(run: Run): void {
    logger.error({ job: run.id, attempt: run.attempt, stage: run.stage }, 'an attempt does not answer');
    const error = InfluxionError.from(run.controller.signal.reason);
    const outcome: Outcome = { kind: 'failed', error, stage: run.stage, fault: 'job', timings: {} };
    settle(run, outcome, 0).then(
      () => (run.abandoned = true),
      (failure: unknown) => logger.error({ err: failure, job: run.id }, 'an attempt could not be abandoned'),
    );
  }

  async function takeBackExpired(foreign: readonly RunningRow[], now: number): Promise<void> {
    const expired = leases.expired(foreign, now);
    if (expired.length > 0) await takeBack(expired);
  }

  async function takeBack(rows: readonly RunningRow[]): Promise<void> {
    const now = clock.now();
    await commit((note) => {
      for (const { id, attempt, tries } of rows) {
        const poison = tries >= deps.retry.poisonAttempts;
        note(
          poison
            ? jobs.fail(id, attempt, toErrorDetail(jobPoison(tries), 'queue'), '{}', now)
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

  function logOutcome(run: Run, outcome: Outcome, transition: Transition | undefined): void {
    const facts = { job: run.id, attempt: run.attempt, timings: outcome.timings };
    if (transition === undefined) {
      logger.debug(facts, 'the end of an attempt no longer counted');
      return;
    }
    if (outcome.kind === 'done') {
      logger.debug({ ...facts, size: outcome.output.size }, 'job done');
      return;
    }
    const { code, message, cause } = outcome.error;
    const failure = { ...facts, code, stage: outcome.stage, reason: message, to: transition.to };
    if (code === 'INTERNAL') logger.error({ ...failure, err: cause }, 'job failed');
    else logger.info(failure, transition.to === 'Received' ? 'job will be tried again' : 'job failed');
  }

  /** False when the host stops before the time is over. */
  async function pause(delayMs: number): Promise<boolean> {
    try {
      await sleep(delayMs, undefined, { signal: stop.signal });
      return true;
    } catch {
      return false;
    }
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
      if (deps.orphans === 'after-lease') await takeBackExpired(orphans, clock.monotonic());
      else if (orphans.length > 0) await takeBack(orphans);
      await commit(() => undefined);
      if (leases.watching) pulse ??= setInterval(beat, deps.leaseMs / 3);
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
      for (const timer of retries.values()) clearTimeout(timer);
      retries.clear();
      // Those elsewhere go on without this process.
      if (outbox === undefined) await settledWithin(budgetMs);
      for (const run of running.keys()) run.controller.abort(shuttingDown());
      await settledWithin(STOP_GRACE_MS);
      stop.abort();
      await settledWithin(SETTLE_GRACE_MS);
      clearInterval(pulse);
      pulse = undefined;
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
