/** From a job that has ended to a row that has: its document goes where it belongs, then the job goes. */
import { existsSync } from 'node:fs';
import type { JobErrorDetail } from '../../contract/job.ts';
import { isEnded, type JobRow } from '../jobs/job-row.ts';
import type { RowJobs } from '../jobs/row-jobs.ts';
import type { BatchRowRecord, BatchRowRepository } from '../store/batch-row-repository.ts';
import type { Db } from '../store/db.ts';
import type { Destination } from './destination.ts';

export interface SettleDeps {
  readonly db: Db;
  readonly rows: BatchRowRepository;
  readonly jobs: RowJobs;
}

/**
 * `open`: the job has not ended, its host stops. `again`: there is no document although there was one, so the row waits
 * anew. Errors: those of the disk that the documents go to; then everything is as before and it can be tried again.
 */
export async function settleRow(
  record: BatchRowRecord,
  destination: Destination,
  { db, rows, jobs }: SettleDeps,
): Promise<'settled' | 'open' | 'again'> {
  const jobId = record.job_id ?? 0;
  const job = jobs.find(jobId);
  if (job === undefined) {
    await db.write(() => rows.requeue(record));
    return 'again';
  }
  if (!isEnded(job.status)) return 'open';
  if (job.status === 'Done') return settleDone(record, job, destination, { db, rows, jobs });
  const detail = detailOf(job);
  await jobs.settle(jobId, () => {
    if (detail.code === 'JOB_CANCELLED') rows.cancel(record);
    else rows.fail(record, detail);
  });
  return 'settled';
}

async function settleDone(
  record: BatchRowRecord,
  job: JobRow,
  destination: Destination,
  { rows, jobs }: SettleDeps,
): Promise<'settled' | 'again'> {
  const { size, sha256, pages } = job;
  const source = jobs.documentPath(job);
  let isThere = job.output_missing === 0 && size !== null && sha256 !== null;
  if (isThere) {
    try {
      await destination.publish(source, record.name ?? `${record.row}.pdf`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(source)) throw error;
      isThere = false;
    }
  }
  await jobs.settle(job.id, () => {
    if (!isThere) rows.requeue(record);
    else {
      const warnings = (JSON.parse(job.warnings) as unknown[]).length;
      rows.finish(record, { pages, size: size ?? 0, sha256: sha256 ?? '', warnings, unchanged: false });
    }
  });
  return isThere ? 'settled' : 'again';
}

function detailOf(job: JobRow): JobErrorDetail {
  if (job.error_detail !== null) return JSON.parse(job.error_detail) as JobErrorDetail;
  throw new Error(`Job ${job.id} failed without a reason`);
}
