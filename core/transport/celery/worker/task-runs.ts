/** The tasks that this worker is at, each once, however often its message is delivered. */
import type { JobStage } from '../../../../contract/job.ts';
import { InfluxionError } from '../../../error.ts';
import { attemptTooLong, jobCancelled, shuttingDown } from '../../../jobs/job-errors.ts';
import { DEFAULT_RETRY_POLICY, mostAttempts, retryDelay } from '../../../jobs/retry-policy.ts';
import type { Clock } from '../../../ports.ts';
import type { TaskMessage } from '../task-message.ts';
import type { Outcome } from './outcome.ts';
import type { Perform } from './perform.ts';

export interface TaskRun {
  readonly task: TaskMessage;
  /** `kept`: it has ended, and its message was lost with the connection. */
  state: 'reserved' | 'active' | 'kept';
  stage: JobStage;
  /** Seconds since the epoch; undefined before it starts. */
  startedAt: number | undefined;
  readonly controller: AbortController;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
}

export interface TimeLimits {
  /** Milliseconds; a message may ask for less. */
  readonly hardMs: number;
  readonly softMs: number | undefined;
}

export interface TaskRunsDeps {
  readonly concurrency: number;
  readonly perform: Perform;
  readonly limits: TimeLimits;
  readonly clock: Clock;
  readonly started: (run: TaskRun) => void;
}

export interface TaskRuns {
  /** The run of a task; the one that goes on when it is delivered again. */
  start(task: TaskMessage): TaskRun;
  get(id: string): TaskRun | undefined;
  list(): readonly TaskRun[];
  /** Ends a run that goes on; false when there is none. */
  terminate(id: string): boolean;
  /** Has its outcome ready for a while, in case that its message comes again. */
  keep(run: TaskRun): void;
  /** No longer answers for a task; the next delivery begins anew. */
  forget(run: TaskRun): void;
  /** What runs still is stopped and given back. */
  stop(): void;
  /** Since the start. */
  readonly finished: number;
}

/** What a task gets after its limit to let go of what it holds, before its end is told without it. */
const GRACE_MS = 10_000;
/** Longer than a broker takes to notice that a connection is gone. */
const KEPT_MS = 60_000;

export function createTaskRuns({ concurrency, perform, limits, clock, started }: TaskRunsDeps): TaskRuns {
  const runs = new Map<string, TaskRun>();
  const waiting: (() => void)[] = [];
  let free = concurrency;
  let finished = 0;

  const takeSlot = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const freeSlot = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };

  async function execute(run: TaskRun): Promise<Outcome> {
    const { task, controller } = run;
    await takeSlot();
    const begun = clock.monotonic();
    const runtimeS = (): number => (clock.monotonic() - begun) / 1000;
    const timer = new Limit(limitOf(task, limits), controller);
    let working: Promise<unknown> = Promise.resolve();
    try {
      controller.signal.throwIfAborted();
      if (task.expires !== undefined && task.expires <= clock.now())
        return { kind: 'revoked', reason: 'expired' };
      run.state = 'active';
      run.startedAt = clock.now() / 1000;
      started(run);
      const onStage = (stage: JobStage): void => void (run.stage = stage);
      const performing = perform(task, { signal: controller.signal, onStage });
      working = performing;
      const value = await Promise.race([performing, timer.start()]);
      return { kind: 'done', value, runtimeS: runtimeS() };
    } catch (thrown) {
      // What stopped it is the cause; what it threw while stopping is a consequence.
      const error = InfluxionError.from(controller.signal.aborted ? controller.signal.reason : thrown);
      return failed(run, error, runtimeS());
    } finally {
      timer.clear();
      finished += 1;
      working.catch(() => undefined).finally(freeSlot);
    }
  }

  const forget = (run: TaskRun): void => {
    if (runs.get(run.task.id) === run) runs.delete(run.task.id);
  };

  return {
    start(task) {
      const known = runs.get(task.id);
      if (known !== undefined) return known;
      const settled = Promise.withResolvers<Outcome>();
      const run: TaskRun = {
        task,
        state: 'reserved',
        stage: 'queue',
        startedAt: undefined,
        controller: new AbortController(),
        outcome: settled.promise,
      };
      runs.set(task.id, run);
      settled.resolve(execute(run));
      return run;
    },
    get: (id) => runs.get(id),
    list: () => [...runs.values()],
    terminate(id) {
      const run = runs.get(id);
      run?.controller.abort(jobCancelled());
      return run !== undefined;
    },
    keep(run) {
      run.state = 'kept';
      setTimeout(() => forget(run), KEPT_MS).unref();
    },
    forget,
    stop() {
      for (const run of runs.values()) run.controller.abort(shuttingDown());
    },
    get finished() {
      return finished;
    },
  };
}

function failed({ task, stage }: TaskRun, error: InfluxionError, runtimeS: number): Outcome {
  if (error.code === 'SHUTTING_DOWN') return { kind: 'given-back' };
  if (error.code === 'JOB_CANCELLED') return { kind: 'revoked', reason: 'terminated' };
  // An API host counts the attempts of its jobs itself.
  const isHosts = task.kwargs['job_id'] != null;
  const tries = task.retries + 1;
  if (error.retryable && !isHosts && tries < mostAttempts(error, DEFAULT_RETRY_POLICY)) {
    return {
      kind: 'retry',
      error,
      stage,
      delayMs: 1000 + retryDelay(DEFAULT_RETRY_POLICY, tries, Math.random),
    };
  }
  return { kind: 'failed', error, stage, runtimeS };
}

function limitOf({ timeLimitMs, softTimeLimitMs }: TaskMessage, { hardMs, softMs }: TimeLimits): number {
  return Math.min(hardMs, softMs ?? Infinity, timeLimitMs ?? Infinity, softTimeLimitMs ?? Infinity);
}

/** Asks a task to end at its limit, and gives it up a while later. */
class Limit {
  private readonly ms: number;
  private readonly controller: AbortController;
  private timer: NodeJS.Timeout | undefined;

  constructor(ms: number, controller: AbortController) {
    this.ms = ms;
    this.controller = controller;
  }

  /** Never resolves. */
  start(): Promise<never> {
    return new Promise((_, reject) => {
      const giveUp = (): void => {
        this.timer = setTimeout(() => reject(attemptTooLong(this.ms)), GRACE_MS);
      };
      this.timer = setTimeout(() => {
        this.controller.abort(attemptTooLong(this.ms));
        giveUp();
      }, this.ms);
      this.controller.signal.addEventListener('abort', () => {
        clearTimeout(this.timer);
        giveUp();
      });
    });
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}
