/**
 * Where the attempts at jobs run: in this process, or elsewhere. The queue stays the system of record whichever it is: it
 * claims, stores the document and settles, and only the attempt that holds the fencing token can end a job.
 */
import type { GenerateRequest, JobStage, RanOn } from '../../contract/job.ts';
import type { TransportStatus } from '../../contract/transport.ts';
import type { AttemptKey } from '../jobs/output-store.ts';
import type { PipelineResult } from '../jobs/pipeline.ts';

/** One attempt at a job. */
export interface TransportJob extends AttemptKey {
  /** The request as it came. Read when it is needed: a job that waits elsewhere takes no memory here. */
  request(): Promise<GenerateRequest>;
  /**
   * Aborting ends the attempt wherever it runs; the reason becomes its error. After SHUTTING_DOWN an attempt elsewhere
   * goes on, and the next owner of the data folder waits for it.
   */
  readonly signal: AbortSignal;
  readonly onStage: (stage: JobStage) => void;
  /** Where it runs, once that is known; the last word counts. Not every attempt that fails gets that far. */
  readonly onPlace: (place: RanOn) => void;
}

export interface Transport {
  /** Attempts that may be out at once, as of now. */
  window(): number;
  /** Errors: those of the pipeline; WORKER_LOST, TASK_LOST and others of the way. */
  run(job: TransportJob): Promise<PipelineResult>;
  /** The end of the attempt is on the disk, or somebody else's: what was kept of it can go. */
  settled?(key: AttemptKey): void;
  status(): TransportStatus;
  /** Of a transport whose attempts outlive this process. */
  readonly outbox?: Outbox;
  /** Begins to reach out; jobs may run before. */
  start?(): Promise<void>;
  close?(): Promise<void>;
}

/** Which attempts are out, in the same database as the jobs. All but `owns` belong inside the transaction of the caller. */
export interface Outbox {
  /** The attempt was claimed and has to be sent. */
  add(key: AttemptKey): void;
  /** The attempt no longer counts. */
  remove(jobId: number): void;
  /** Whether exactly this attempt is out, or on its way. */
  owns(key: AttemptKey): boolean;
}
