import type { GenerateRequest, Job, JobChanged, JobList, JobListQuery } from '../../contract/job.ts';

/** Who asks: an API client sees its own jobs, an admin (or the host's owner) sees all. */
export interface Caller {
  readonly clientId: string;
  readonly admin: boolean;
}

export interface SubmitOptions {
  readonly caller: Caller;
  /** `Idempotency-Key`, scoped to the client (draft-ietf-httpapi-idempotency-key-header-07). */
  readonly idempotencyKey?: string;
  /** The request as JSON in UTF-8, where it came as such: kept as it is, which saves writing megabytes anew. */
  readonly source?: Buffer;
}

export interface OpenedOutput {
  /** The file of the finished document; only to be read. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly completedAt: Date;
  /** File name to offer, from `document_id`, with `.pdf`. */
  readonly filename: string;
}

/** What the edges (HTTP, command line, IPC) may do with jobs. A job of another client is JOB_NOT_FOUND. */
export interface JobService {
  /**
   * Durable when it resolves (queue-and-api §1.1). Errors: QUEUE_FULL, DISK_FULL, SHUTTING_DOWN, FEATURE_UNAVAILABLE,
   * TEMPLATE_NOT_FOUND, IDEMPOTENCY_MISMATCH.
   */
  submit(
    request: GenerateRequest,
    options: SubmitOptions,
  ): Promise<{ readonly id: number; readonly replayed: boolean }>;
  get(id: number, caller: Caller): Job;
  list(query: JobListQuery, caller: Caller): JobList;
  /** Ends a waiting or running job as JOB_CANCELLED; deletes a finished one and its document. */
  delete(id: number, caller: Caller): Promise<'cancelled' | 'deleted'>;
  /** A new attempt of a failed job with the same inputs; JOB_STATE for any other. */
  retry(id: number, caller: Caller): Promise<Job>;
  /** Resolves when the job has ended, or with its present state after `timeoutMs` or an abort. */
  waitUntilEnded(id: number, caller: Caller, timeoutMs: number, signal: AbortSignal): Promise<Job>;
  /** Errors: JOB_NOT_READY, JOB_FAILED, JOB_CANCELLED, OUTPUT_MISSING. */
  openOutput(id: number, caller: Caller): OpenedOutput;
  /** Calls back for each change after `afterEventId` (0: only new ones) until disposed. */
  onChange(
    caller: Caller,
    afterEventId: number | undefined,
    listener: (change: JobChanged) => void,
  ): () => void;
  counts(): {
    readonly received: number;
    readonly inProgress: number;
    readonly done: number;
    readonly error: number;
  };
}
