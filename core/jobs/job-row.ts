import type {
  Job,
  JobErrorDetail,
  JobSignature,
  JobStage,
  JobStatus,
  JobWarning,
  RanOn,
} from '../../contract/job.ts';
import type { InfluxionError } from '../error.ts';

/** A job as the database has it; times are milliseconds since the epoch. */
export interface JobRow {
  readonly id: number;
  readonly client_id: string;
  readonly status: JobStatus;
  readonly priority: number;
  /** The fencing token: grows with every claim and never falls. */
  readonly attempt: number;
  /** Attempts that are held against the job. */
  readonly tries: number;
  readonly keyed: number;
  readonly document_id: string | null;
  readonly template_id: string | null;
  readonly pdf_standard: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly size: number | null;
  readonly pages: number | null;
  readonly payload_size: number;
  readonly sha256: string | null;
  readonly output_missing: number;
  /** JSON. */
  readonly timings: string;
  readonly warnings: string;
  readonly signature: string | null;
  /** JSON. */
  readonly ran_on: string | null;
  readonly signed_on: string | null;
  readonly error_detail: string | null;
}

/** The stages that make progress, in order; a plain document is printed and stored. */
const ALL_STAGES: readonly JobStage[] = ['render', 'print', 'conform', 'sign', 'store'];
const PLAIN_STAGES: readonly JobStage[] = ['render', 'print', 'store'];

export const OUTPUT_MISSING_DETAIL: JobErrorDetail = {
  code: 'OUTPUT_MISSING',
  stage: 'store',
  message: 'The document is no longer in the data folder.',
  hint: 'Generate it again.',
  template: null,
  line: null,
  column: null,
  source_line: null,
};

/** `stage`: where the running attempt is; it lives in memory, because a crash starts the attempt anew. */
export function toJob(row: JobRow, stage: JobStage | undefined): Job {
  const detail =
    row.output_missing === 1
      ? OUTPUT_MISSING_DETAIL
      : row.error_detail === null
        ? null
        : (JSON.parse(row.error_detail) as JobErrorDetail);
  return {
    id: row.id,
    status: row.status,
    created_at: iso(row.created_at),
    started_at: row.started_at === null ? null : iso(row.started_at),
    completed_at: row.completed_at === null ? null : iso(row.completed_at),
    size: row.size,
    error: isEnded(row.status) ? (detail?.message ?? null) : null,
    document_id: row.document_id,
    template_id: row.template_id,
    pdf_standard: row.pdf_standard,
    priority: row.priority,
    pages: row.pages,
    sha256: row.sha256,
    attempt: row.attempt,
    progress: isEnded(row.status)
      ? null
      : progressAt(row.status === 'Received' ? 'queue' : (stage ?? 'queue'), row.pdf_standard !== null),
    timings_ms: JSON.parse(row.timings) as Job['timings_ms'],
    warnings: JSON.parse(row.warnings) as JobWarning[],
    signature: row.signature === null ? null : (JSON.parse(row.signature) as JobSignature),
    ran_on: row.ran_on === null ? null : (JSON.parse(row.ran_on) as RanOn),
    signed_on: row.signed_on,
    error_detail: detail,
  };
}

export function isEnded(status: JobStatus): boolean {
  return status === 'Done' || status === 'Error';
}

/** A failure as data on the row. */
export function toErrorDetail(error: InfluxionError, stage: JobStage): JobErrorDetail {
  const { hint, template, line, column, sourceLine, rule, page, violations } = error.details;
  return {
    code: error.code,
    stage,
    message: error.message,
    hint: hint ?? null,
    template: template ?? null,
    line: line ?? null,
    column: column ?? null,
    source_line: sourceLine ?? null,
    ...(rule !== undefined && { rule, page: page ?? null }),
    ...(violations !== undefined && { violations: [...violations] }),
  };
}

function progressAt(stage: JobStage, hasStandard: boolean): NonNullable<Job['progress']> {
  const isMore = hasStandard || stage === 'conform' || stage === 'sign';
  const stages = isMore ? ALL_STAGES : PLAIN_STAGES;
  return { stage, done: Math.max(0, stages.indexOf(stage)), total: stages.length };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
