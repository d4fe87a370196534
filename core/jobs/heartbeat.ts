/** The signs of life of attempts, those of this process written and those of others read: who is silent loses its jobs. */
import { InfluxionError } from '../error.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import type { JobRepository, RunningRow } from '../store/job-repository.ts';
import type { Outcome, Run } from './attempt.ts';
import { attemptSuperseded, attemptTooLong } from './job-errors.ts';
import { createLeaseWatch } from './lease-watch.ts';

export interface HeartbeatDeps {
  readonly db: Db;
  readonly jobs: JobRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this process in the rows that it claims. */
  readonly owner: string;
  /** Milliseconds without a heartbeat after which an attempt counts as dead. */
  readonly leaseMs: number;
  /** Milliseconds after which an attempt is stopped, whatever it does. */
  readonly attemptMs: number;
  /** Whether the attempts run in other processes. */
  readonly isElsewhere: boolean;
  /** The attempts of this process, as of now. */
  readonly running: Pick<ReadonlyMap<Run, unknown>, 'keys' | 'size'>;
  readonly settle: (run: Run, outcome: Outcome, frees: number) => Promise<void>;
  readonly takeBack: (rows: readonly RunningRow[]) => Promise<void>;
}

export interface Heartbeat {
  /** Beats from now on, for as long as attempts run, here or elsewhere. */
  wake(): void;
  /** Looks at the attempts of others, and from now on again with every beat while there are any. */
  watch(foreign: readonly RunningRow[]): Promise<void>;
  stop(): void;
}
export function createHeartbeat(deps: HeartbeatDeps): Heartbeat {
  const { db, jobs, clock, logger, running } = deps;
  const leases = createLeaseWatch(deps.leaseMs);
  let pulse: NodeJS.Timeout | undefined;

  function beat(): void {
    const now = clock.monotonic();
    // How long an attempt elsewhere may take is known where it runs.
    if (!deps.isElsewhere) for (const run of running.keys()) watchOverdue(run, now);
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
        if (running.size === 0 && !leases.watching) stop();
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
    deps.settle(run, outcome, 0).then(
      () => (run.abandoned = true),
      (failure: unknown) => logger.error({ err: failure, job: run.id }, 'an attempt could not be abandoned'),
    );
  }

  async function takeBackExpired(foreign: readonly RunningRow[], now: number): Promise<void> {
    const expired = leases.expired(foreign, now);
    if (expired.length > 0) await deps.takeBack(expired);
  }

  const wake = (): void => {
    pulse ??= setInterval(beat, deps.leaseMs / 3);
  };

  const stop = (): void => {
    clearInterval(pulse);
    pulse = undefined;
  };

  return {
    wake,
    async watch(foreign) {
      await takeBackExpired(foreign, clock.monotonic());
      if (leases.watching) wake();
    },
    stop,
  };
}
