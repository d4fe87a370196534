import type { JobRow } from '../../contract/studio/jobs.ts';
import type { OwnedJob } from '../jobs/job-reader.ts';

/** The names that people gave to clients of the API, by their ids. */
export type ClientNames = ReadonlyMap<string, string>;

/** A job as a row of the studio's list. */
export const toJobRow = ({ job, clientId }: OwnedJob, names: ClientNames): JobRow => ({
  id: job.id,
  status: job.status,
  created_at: job.created_at,
  started_at: job.started_at,
  completed_at: job.completed_at,
  size: job.size,
  error: job.error,
  document_id: job.document_id,
  template_id: job.template_id,
  pdf_standard: job.pdf_standard,
  pages: job.pages,
  attempt: job.attempt,
  client_id: clientId,
  client_name: names.get(clientId) ?? clientId,
  warnings: job.warnings.length,
  signed_by: job.signature?.key_id ?? null,
  error_code: job.error_detail?.code ?? null,
});
