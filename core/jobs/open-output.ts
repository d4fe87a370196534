import type { JobErrorDetail } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import { jobCancelled } from './job-errors.ts';
import { OUTPUT_MISSING_DETAIL, type JobRow } from './job-row.ts';
import type { OpenedOutput } from './job-service.ts';
import type { OutputStore } from './output-store.ts';

/** The document of a job. Errors: JOB_NOT_READY, JOB_FAILED, JOB_CANCELLED, OUTPUT_MISSING. */
export function openOutput(row: JobRow, outputs: OutputStore): OpenedOutput {
  if (row.status === 'Error') throw failure(row);
  if (row.status !== 'Done') {
    const state = row.status === 'Received' ? 'is still waiting' : 'is still running';
    throw new InfluxionError('JOB_NOT_READY', `Job ${row.id} ${state}.`, {
      hint: 'Ask again in a moment.',
      retryAfterSeconds: 1,
    });
  }
  const { size, sha256, completed_at: completedAt } = row;
  if (size === null || sha256 === null || completedAt === null || outputs.size(row) !== size) {
    const { message, hint } = OUTPUT_MISSING_DETAIL;
    throw new InfluxionError('OUTPUT_MISSING', message, hint === null ? {} : { hint });
  }
  return {
    path: outputs.path(row),
    size,
    sha256,
    completedAt: new Date(completedAt),
    filename: filename(row),
  };
}

function failure(row: JobRow): InfluxionError {
  const detail = row.error_detail === null ? undefined : (JSON.parse(row.error_detail) as JobErrorDetail);
  if (detail?.code === 'JOB_CANCELLED') return jobCancelled();
  const why = detail === undefined ? '' : `: ${detail.message}`;
  return new InfluxionError(
    'JOB_FAILED',
    `Job ${row.id} failed, so there is no document${why}`,
    detail?.hint == null ? {} : { hint: detail.hint },
  );
}

/** What Windows refuses in a name, and what would lead elsewhere. */
const UNSAFE = /[\p{Cc}\p{Cf}<>:"/\\|?*]/gu;
const MAX_NAME = 150;

/** `document_id` as a file name that every system takes. */
function filename(row: JobRow): string {
  const name = (row.document_id ?? '')
    .replace(/\.pdf$/i, '')
    .replace(UNSAFE, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, MAX_NAME)
    .toWellFormed();
  return `${name === '' ? `document-${row.id}` : name}.pdf`;
}
