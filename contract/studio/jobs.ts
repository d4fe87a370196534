/** Jobs as the owner sees and handles them. */
import { z } from 'zod';
import { GenerateRequest, Job, JobStatus } from '../job.ts';
import { Bytes, route } from './route.ts';

const JobId = z.int().positive();
const JobIds = z.strictObject({ ids: z.array(JobId).min(1).max(10_000) });

/** What became of each of many jobs. */
const Outcomes = z.object({
  done: z.array(JobId),
  refused: z.array(z.object({ id: JobId, reason: z.string() })),
});

export const JobFilter = z.strictObject({
  status: z.array(JobStatus).optional(),
  template_id: z.string().optional(),
  /** In document id, template id or error. */
  search: z.string().max(200).optional(),
});
export type JobFilter = z.infer<typeof JobFilter>;

/** A job as a row of the list: what is seen at a glance. */
export const JobRow = Job.pick({
  id: true,
  status: true,
  created_at: true,
  started_at: true,
  completed_at: true,
  size: true,
  error: true,
  document_id: true,
  template_id: true,
  pdf_standard: true,
  pages: true,
  attempt: true,
}).extend({
  client_id: z.string(),
  /** Its id where nobody named it, or it is gone. */
  client_name: z.string(),
  warnings: z.int(),
  /** The key that signed it. */
  signed_by: z.string().nullable(),
  /** Of `error`: tells a cancelled job from a failed one. */
  error_code: z.string().nullable(),
});
export type JobRow = z.infer<typeof JobRow>;

export const JobState = z.object({
  status: JobStatus,
  at: z.iso.datetime(),
  attempt: z.int(),
  code: z.string().nullable(),
});

export const jobRoutes = {
  /** Newest first. `offset` and `limit` as a table scrolls; `total` of the filter, `counts` of all jobs. */
  'jobs.list': route(
    z.strictObject({ filter: JobFilter, offset: z.int().min(0), limit: z.int().min(1).max(1000) }),
    z.object({
      jobs: z.array(JobRow),
      total: z.int(),
      counts: z.object({ received: z.int(), in_progress: z.int(), done: z.int(), error: z.int() }),
    }),
  ),
  'jobs.get': route(
    z.strictObject({ id: JobId }),
    z.object({ job: Job, client_id: z.string(), client_name: z.string(), states: z.array(JobState) }),
  ),
  /** The request as it came, without the bytes of its assets. */
  'jobs.inputs': route(
    z.strictObject({ id: JobId }),
    z.object({ request: GenerateRequest, assets: z.array(z.object({ path: z.string(), size: z.int() })) }),
  ),
  'jobs.submit': route(z.strictObject({ request: GenerateRequest }), z.object({ id: JobId })),
  'jobs.cancel': route(JobIds, Outcomes),
  'jobs.retry': route(JobIds, Outcomes),
  'jobs.remove': route(JobIds, Outcomes),
  'jobs.download': route(z.strictObject({ id: JobId }), z.object({ filename: z.string(), bytes: Bytes })),
  /** Finished documents as one zip; `refused` are the jobs that have none. Errors: DOWNLOAD_TOO_LARGE, or why the only one asked for has none. */
  'jobs.download_zip': route(
    JobIds,
    z.object({ filename: z.string(), bytes: Bytes, refused: Outcomes.shape.refused }),
  ),
};
