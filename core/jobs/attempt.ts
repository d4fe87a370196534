/** One attempt at a job, from its request to a durable document. Knows nothing of rows and states. */
import type { GenerateRequest, Job, JobSignature, JobStage, JobWarning } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { Clock } from '../ports.ts';
import { describeStorageError, storageFault } from '../store/storage-error.ts';
import type { OutputStore, StoredOutput } from './output-store.ts';
import type { RunPipeline } from './pipeline.ts';

export interface Run {
  readonly id: number;
  /** The fencing token. */
  readonly attempt: number;
  /** Attempts held against the job, this one too. */
  readonly tries: number;
  readonly clientId: string;
  /** Aborting ends the attempt; the reason becomes its error. */
  readonly controller: AbortController;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Milliseconds that the job waited for this attempt. */
  readonly queueMs: number;
  stage: JobStage;
  /** The slot is still taken, but the row has moved on without this attempt. */
  abandoned: boolean;
}

/** What failed an attempt. A disk that is full and a browser that does not start are held against no job. */
export type Fault = 'job' | 'disk' | 'engine';

export type Outcome =
  | {
      readonly kind: 'done';
      readonly output: StoredOutput;
      readonly warnings: readonly JobWarning[];
      readonly signature: JobSignature | undefined;
      readonly timings: Job['timings_ms'];
    }
  | {
      readonly kind: 'failed';
      readonly error: InfluxionError;
      readonly stage: JobStage;
      readonly fault: Fault;
      readonly timings: Job['timings_ms'];
    };

export interface AttemptDeps {
  readonly clock: Clock;
  readonly outputs: OutputStore;
  readonly run: RunPipeline;
  loadRequest(id: number): Promise<GenerateRequest>;
  onStage(run: Run, stage: JobStage): void;
}

const PIPELINE_STAGES = ['render', 'print', 'conform', 'sign'] as const;

/** Never rejects. */
export async function runAttempt(run: Run, deps: AttemptDeps): Promise<Outcome> {
  const { signal } = run.controller;
  const timings: Job['timings_ms'] = { queue: round(run.queueMs) };
  const enter = (stage: JobStage): void => {
    run.stage = stage;
    deps.onStage(run, stage);
  };
  let onDisk = true;
  try {
    const request = await deps.loadRequest(run.id);
    signal.throwIfAborted();
    onDisk = false;
    const result = await deps.run(request, { signal, onStage: enter });
    for (const stage of PIPELINE_STAGES) {
      const took = result.timings[stage];
      if (took !== undefined) timings[stage] = round(took);
    }
    onDisk = true;
    enter('store');
    const storeStart = deps.clock.monotonic();
    const output = await deps.outputs.write(run, result.pdf, signal);
    timings.store = round(deps.clock.monotonic() - storeStart);
    return { kind: 'done', output, warnings: result.warnings, signature: result.signature, timings };
  } catch (thrown) {
    // What stopped the attempt is the cause; what it threw while stopping is a consequence.
    const cause: unknown = signal.aborted ? signal.reason : thrown;
    const storage = onDisk && !signal.aborted && storageFault(cause) !== undefined;
    const error = InfluxionError.from(storage ? describeStorageError(cause) : cause);
    const fault = storage ? 'disk' : error.code === 'ENGINE_START_FAILED' ? 'engine' : 'job';
    return { kind: 'failed', error, stage: run.stage, fault, timings };
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
