/** One attempt at a job, from its request to a durable document. Knows nothing of rows and states. */
import type { GenerateRequest, Job, JobSignature, JobStage, JobWarning, RanOn } from '../../contract/job.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { InfluxionError } from '../error.ts';
import type { Clock } from '../ports.ts';
import { describeStorageError, storageFault } from '../store/storage-error.ts';
import type { Transport } from '../transport/transport.ts';
import type { OutputStore, StoredOutput } from './output-store.ts';

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
  /** Undefined until it is known. */
  ranOn: RanOn | undefined;
  /** The slot is still taken, but the row has moved on without this attempt. */
  abandoned: boolean;
}

/** What failed an attempt. A full disk, a browser that does not start and a broker that forgets are held against no job. */
export type Fault = 'job' | 'disk' | 'engine' | 'transport';

export type Outcome =
  | {
      readonly kind: 'done';
      readonly output: StoredOutput;
      readonly warnings: readonly JobWarning[];
      readonly signature: JobSignature | undefined;
      readonly signedOn: string | undefined;
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
  readonly transport: Pick<Transport, 'run'>;
  loadRequest(id: number): Promise<GenerateRequest>;
  onStage(run: Run, stage: JobStage): void;
}

const PIPELINE_STAGES = ['render', 'print', 'conform', 'sign'] as const;

const FAULTS: { readonly [Code in ErrorCode]?: Fault } = {
  ENGINE_START_FAILED: 'engine',
  TASK_LOST: 'transport',
};

/** Never rejects. */
export async function runAttempt(run: Run, deps: AttemptDeps): Promise<Outcome> {
  const { signal } = run.controller;
  const timings: Job['timings_ms'] = { queue: round(run.queueMs) };
  const enter = (stage: JobStage): void => {
    run.stage = stage;
    deps.onStage(run, stage);
  };
  let onDisk = false;
  const request = async (): Promise<GenerateRequest> => {
    onDisk = true;
    const loaded = await deps.loadRequest(run.id);
    onDisk = false;
    return loaded;
  };
  try {
    const { id, attempt } = run;
    const onPlace = (place: RanOn): void => void (run.ranOn = place);
    const result = await deps.transport.run({ id, attempt, request, signal, onStage: enter, onPlace });
    if (result.timings.queue !== undefined) timings.queue = round(run.queueMs + result.timings.queue);
    for (const stage of PIPELINE_STAGES) {
      const took = result.timings[stage];
      if (took !== undefined) timings[stage] = round(took);
    }
    onDisk = true;
    enter('store');
    const storeStart = deps.clock.monotonic();
    const output = await deps.outputs.write(run, result, signal);
    timings.store = round(deps.clock.monotonic() - storeStart);
    const { warnings, signature } = result;
    const signedOn = signature && (result.signedOn ?? run.ranOn?.host);
    return { kind: 'done', output, warnings, signature, signedOn, timings };
  } catch (thrown) {
    // What stopped the attempt is the cause; what it threw while stopping is a consequence.
    const cause: unknown = signal.aborted ? signal.reason : thrown;
    const storage = onDisk && !signal.aborted && storageFault(cause) !== undefined;
    const error = InfluxionError.from(storage ? describeStorageError(cause) : cause);
    const fault = storage ? 'disk' : (FAULTS[error.code] ?? 'job');
    return { kind: 'failed', error, stage: run.stage, fault, timings };
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
