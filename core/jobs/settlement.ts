/** What comes of an attempt: the end of its job, or a later try; written however long the disk refuses it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import type { JobRepository, Transition } from '../store/job-repository.ts';
import { storageFault } from '../store/storage-error.ts';
import type { Outcome, Run } from './attempt.ts';
import { toErrorDetail } from './job-row.ts';
import type { AttemptKey } from './output-store.ts';
import { HOST_RETRY, mostAttempts, retryDelay, type RetryPolicy } from './retry-policy.ts';
import { createRetryTimers } from './retry-timers.ts';
import type { Note } from './scheduler.ts';

export interface SettlementDeps {
  readonly jobs: JobRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retry: RetryPolicy;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Whether attempts run in other processes, which go on when this one stops. */
  readonly isElsewhere: boolean;
  /** One durable transaction; `frees`: slots that it gives back. */
  readonly commit: <T>(work: (note: Note) => T, frees?: number) => Promise<T>;
  /** Removes the document of an attempt that came too late. */
  discard(key: AttemptKey): Promise<void>;
  diskFailed(error: unknown): void;
}

export interface Settlement {
  /** Resolves when the row tells of the outcome, or the host stops before the disk takes it. `frees`: as of `commit`. */
  readonly settle: (run: Run, outcome: Outcome, frees: number) => Promise<void>;
  /** A job that has ended otherwise. */
  forget(id: number): void;
  /** The host begins to stop: no job is tried again, and what stops with it is left for recovery. */
  drain(): void;
  /** Waits for the disk no longer. */
  close(): void;
}

export function createSettlement(deps: SettlementDeps): Settlement {
  const { jobs, clock, logger, commit } = deps;
  const hostFailures = new Map<number, number>();
  const timers = createRetryTimers({
    wake: (id) => commit(() => jobs.undelay(id)),
    random: deps.random,
    logger,
  });
  const stop = new AbortController();
  let draining = false;

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
    const ranOn = run.ranOn === undefined ? null : JSON.stringify(run.ranOn);
    if (outcome.kind === 'done') {
      const { output, warnings, timings, signature, signedOn } = outcome;
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
          ranOn,
          signedOn: signedOn ?? null,
        },
        now,
      );
    }
    const { error, stage, fault, timings } = outcome;
    if (draining && error.code === 'SHUTTING_DOWN') {
      // An attempt elsewhere goes on, so it stays held against the job.
      if (!deps.isElsewhere) jobs.giveBack(run.id, run.attempt);
      return undefined;
    }
    const detail = toErrorDetail(error, stage);
    const innocent = fault !== 'job';
    if (innocent || (error.retryable && run.tries < mostAttempts(error, deps.retry))) {
      return jobs.release(run.id, run.attempt, { delayed: true, giveBack: innocent, detail }, now);
    }
    return jobs.fail(run.id, run.attempt, { detail, timings: JSON.stringify(timings), ranOn }, now);
  }

  function delay(run: Run, outcome: Outcome): void {
    const innocent = outcome.kind === 'failed' && outcome.fault !== 'job';
    const failures = innocent ? (hostFailures.get(run.id) ?? 0) + 1 : run.tries;
    if (innocent) hostFailures.set(run.id, failures);
    timers.wakeAfter(run.id, retryDelay(innocent ? HOST_RETRY : deps.retry, failures, deps.random));
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
    settle,
    forget(id) {
      hostFailures.delete(id);
      timers.forget(id);
    },
    drain() {
      draining = true;
      timers.close();
    },
    close: () => stop.abort(),
  };
}
