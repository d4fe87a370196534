/** The way of one job from its request to finished bytes; the queue runs it, the command line calls it directly. */
import type { GenerateRequest, JobSignature, JobStage, JobWarning } from '../../contract/job.ts';

export interface StageTimings {
  /** Waiting elsewhere, after the job was claimed. */
  queue?: number;
  render?: number;
  print?: number;
  conform?: number;
  sign?: number;
}

export interface PipelineResult {
  readonly pdf: Uint8Array | AsyncIterable<Uint8Array>;
  readonly warnings: readonly JobWarning[];
  /** Where it became known on the way; else who keeps the document counts them. */
  readonly pages?: number | undefined;
  /** What it was signed with; undefined when it was not. */
  readonly signature?: JobSignature | undefined;
  /** The host that signed it, when that is not the one where it was made. */
  readonly signedOn?: string | undefined;
  /** Milliseconds of the monotonic clock. */
  readonly timings: StageTimings;
}

/** Throws InfluxionError; the stage it failed in is the last one reported to `onStage`. */
export type RunPipeline = (
  request: GenerateRequest,
  context: { readonly signal: AbortSignal; readonly onStage: (stage: JobStage) => void },
) => Promise<PipelineResult>;
