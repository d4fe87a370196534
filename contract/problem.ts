import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './errors.ts';
import { JobErrorDetail } from './job.ts';

/** `application/problem+json`, RFC 9457, with our `code` and the faults of single fields. */
export const Problem = z
  .object({
    type: z.string().describe('Stable URI of the kind of problem'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened and what to do, in one or two sentences'),
    code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
    errors: z
      .array(
        z.object({
          path: z.string().describe('Dotted path of the field, e.g. `html_template.content`'),
          message: z.string(),
        }),
      )
      .optional(),
    instance: z.string().optional().describe('Of a 5xx: what to look for in the log'),
    job_id: z.int().optional().describe('The job that failed or is not ready'),
    error_detail: JobErrorDetail.optional().describe('Of a failed job: where and why'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
