import { z } from 'zod';
import { Health } from './health.ts';
import { JobStage, JobStatus, JobWarning } from './job.ts';
import { TemplateSummary } from './template.ts';

export { STUDIO_HEADER } from './studio/frame.ts';

/**
 * The studio's own routes under `/studio`. They serve the page that this host ships and nothing else, so they may change
 * with it from version to version; programs use the public API.
 */

/** `GET /studio/status` */
export const StudioStatus = z.object({
  version: z.string(),
  state: Health.shape.status,
  uptime_s: z.number(),
  /** Where programs find the API, e.g. `http://127.0.0.1:8787`. */
  api_url: z.string(),
  engine: z.object({
    state: z.enum(['idle', 'starting', 'ready', 'failed', 'closed']),
    product: z.string().nullable(),
    concurrency: z.int(),
    /** Why the last start failed, in words. */
    problem: z.string().nullable(),
  }),
  queue: z.object({ received: z.int(), in_progress: z.int(), done: z.int(), error: z.int() }),
});
export type StudioStatus = z.infer<typeof StudioStatus>;

/** `GET /studio/templates` */
export const StudioTemplate = TemplateSummary.pick({
  id: true,
  name: true,
  description: true,
  samples: true,
  problem: true,
});
export type StudioTemplate = z.infer<typeof StudioTemplate>;
export const StudioTemplateList = z.object({ templates: z.array(StudioTemplate) });

/** `GET /studio/templates/:id/samples/:name` answers with the JSON text of the sample, as it lies in the library. */

/** A row of `GET /studio/jobs`: what the owner sees at a glance; nothing of the document's content. */
export const StudioJob = z.object({
  id: z.int(),
  status: JobStatus,
  stage: JobStage.nullable(),
  template_id: z.string().nullable(),
  created_at: z.string(),
  pages: z.int().nullable(),
  size: z.int().nullable(),
  /** From acceptance to the end; null while it runs. */
  duration_ms: z.number().nullable(),
  warnings: z.array(JobWarning),
  error: z.string().nullable(),
});
export type StudioJob = z.infer<typeof StudioJob>;
export const StudioJobList = z.object({ jobs: z.array(StudioJob) });

/** `POST /studio/render` answers with the PDF, or a Problem with `job_id` and `error_detail`; ending the request early cancels the job. */
export const StudioRenderRequest = z.strictObject({
  template_id: z.string().min(1).max(200),
  data: z.unknown(),
});
export type StudioRenderRequest = z.infer<typeof StudioRenderRequest>;

/** Response header of `POST /studio/render`: the id of its job in `GET /studio/jobs`. */
export const STUDIO_JOB_HEADER = 'x-influxion-job';
