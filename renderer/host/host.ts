import type { Problem } from '../../contract/problem.ts';
import type { StudioJob, StudioStatus, StudioTemplate } from '../../contract/studio.ts';

/** A PDF that was just made. */
export interface RenderedPdf {
  readonly pdf: Blob;
  readonly jobId: number;
}

/** Everything the page may ask of what runs behind it. A refusal is a HostError. */
export interface Host {
  readonly status: (signal: AbortSignal) => Promise<StudioStatus>;
  readonly templates: (signal: AbortSignal) => Promise<readonly StudioTemplate[]>;
  /** JSON text. */
  readonly sample: (templateId: string, sample: string, signal: AbortSignal) => Promise<string>;
  /** Newest first. */
  readonly jobs: (signal: AbortSignal) => Promise<readonly StudioJob[]>;
  /** Aborting cancels the job. */
  readonly render: (templateId: string, data: unknown, signal: AbortSignal) => Promise<RenderedPdf>;
}

/** Why the host did not do what was asked: its own problem, or that it could not be reached. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly problem: Problem | undefined;

  constructor(message: string, problem?: Problem, cause?: unknown) {
    super(message, { cause });
    this.problem = problem;
  }
}
