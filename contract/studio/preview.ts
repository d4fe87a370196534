/** The live preview: the way of a job without the queue. The newest edit wins. */
import { z } from 'zod';
import { JobWarning } from '../job.ts';
import { Violation } from '../verify.ts';
import { Bytes, route } from './route.ts';

/** One for each open editor; what is still printed for it is given up when its next edit comes. */
const Session = z.string().min(1).max(100);

export const PreviewInput = z.strictObject({
  session: Session,
  /** Whose files, options and assets are used. */
  template_id: z.string().min(1).max(200),
  /** Texts as they stand in the editor, by path; they go before the files. */
  edits: z.record(z.string(), z.string()),
  /** JSON text. */
  data: z.string(),
});
export type PreviewInput = z.infer<typeof PreviewInput>;

/** Where a part of the template landed. Points (1/72 inch) from the top left of the page. */
export const Place = z.object({
  /** In which text: `template.html` or `partials/NAME.hbs`. */
  path: z.string(),
  line: z.int(),
  page: z.int(),
  y: z.number(),
});
export type Place = z.infer<typeof Place>;

/** A rule that is broken, and where in the template as far as that is known. */
export const PreviewViolation = Violation.extend({
  /** In which text: `template.html` or `partials/NAME.hbs`. */
  path: z.string().nullable(),
  line: z.int().nullable(),
});
export type PreviewViolation = z.infer<typeof PreviewViolation>;

export const PreviewConformance = z.object({
  standard: z.string(),
  conformant: z.boolean(),
  violations: z.array(PreviewViolation),
});
export type PreviewConformance = z.infer<typeof PreviewConformance>;

export const PreviewOutput = z.object({
  /** The PDF. */
  bytes: Bytes,
  pages: z.int(),
  /** By page, then by y. */
  places: z.array(Place),
  warnings: z.array(JobWarning),
  /** Of the standards that the document settings name; empty where they name none. */
  conformance: z.array(PreviewConformance),
  timings_ms: z.object({
    render: z.number(),
    print: z.number(),
    conform: z.number(),
    total: z.number(),
  }),
  /** Prints until page references stood still; 1 where there are none. */
  passes: z.int(),
});
export type PreviewOutput = z.infer<typeof PreviewOutput>;

export const previewRoutes = {
  /** PREVIEW_SUPERSEDED when a newer edit of the session came; else the errors of a job, with their place in `detail`. */
  'preview.render': route(PreviewInput, PreviewOutput),
  'preview.close': route(z.strictObject({ session: Session }), z.object({})),
};
