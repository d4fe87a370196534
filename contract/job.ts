import { z } from 'zod';
import { Base64 } from './base64.ts';
import { ERROR_CODES, type ErrorCode } from './errors.ts';
import { Attachments, DocumentMetadata, SIGNATURE_LEVELS, SignatureOptions } from './document.ts';
import { PrintOptions } from './page.ts';
import { PdfStandards } from './standard.ts';
import { Violation } from './verify.ts';
import { WebhookSecret, WebhookUrl } from './webhook-target.ts';

/** Exactly one of the three says where the text comes from. */
const templateRef = (what: string) =>
  z
    .strictObject({
      id: z.string().min(1).max(200).nullish().describe(`A ${what} of the library`),
      filename: z.string().min(1).max(500).nullish().describe('A file under the templates folder'),
      content: z.string().nullish().describe('The text itself'),
    })
    .refine(
      (ref) => [ref.id, ref.filename, ref.content].filter((value) => value != null).length === 1,
      'Exactly one of id, filename and content must be given; the others are null or left out',
    );

export const HtmlTemplateRef = templateRef('template').meta({ id: 'HtmlTemplateRef' });
export const CssTemplateRef = templateRef('template whose style sheet is meant').meta({
  id: 'CssTemplateRef',
});
export type TemplateRef = z.infer<typeof HtmlTemplateRef>;

/**
 * A relative URL path: what the HTML names, so no scheme, no `..`, no leading slash, no control characters.
 */
export const ASSET_NAME = /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[^\\:?#\p{Cc}]{1,300}$/u;

/** `POST /pdf/generate` and `POST /pdf`: the published request and what was added beside it. */
export const GenerateRequest = z
  .strictObject({
    data: z.unknown().optional().describe('Any JSON value for the template. Default {}'),
    document_id: z
      .string()
      .min(1)
      .max(200)
      .nullish()
      .describe("The caller's name of the document: file name, searchable; need not be unique"),
    pdf_standard: PdfStandards.nullish().describe(
      'Null, one of pdf/a-1a 1b 2a 2b 2u 3a 3b 3u 4 4e 4f, pdf/ua-1, pdf/ua-2, or a PDF/A and a PDF/UA that go together. The job is Done only if the file was checked and conforms',
    ),
    sign_key_id: z
      .string()
      .min(1)
      .max(200)
      .nullish()
      .describe('Null, or the id of a key that this host holds'),
    html_template: HtmlTemplateRef,
    css_template: CssTemplateRef.nullish(),
    options: PrintOptions.nullish(),
    assets: z
      .record(z.string().regex(ASSET_NAME, 'Must be a relative path such as "img/logo.png"'), Base64)
      .nullish()
      .describe(
        'Images, fonts and partials (`partials/NAME.hbs`) that the HTML names by relative URL, in base64',
      ),
    metadata: DocumentMetadata.nullish().describe('Overrides what the HTML says'),
    attachments: Attachments.nullish().describe('Files inside the PDF. PDF/A-3 and PDF/A-4f take any file'),
    signature: SignatureOptions.nullish().describe('How `sign_key_id` signs'),
    priority: z.int().min(-10).max(10).optional().describe('Higher is sooner. Default 0'),
    webhook_url: WebhookUrl.nullish().describe(
      "Told when the job has ended, if the host's owner allows the address. Goes before the address of the client",
    ),
    webhook_secret: WebhookSecret.nullish().describe(
      'Signs what is told (Standard Webhooks): `whsec_` and 24 to 64 random bytes in base64. Default: that of the client',
    ),
  })
  .meta({ id: 'GenerateRequest' });
export type GenerateRequest = z.infer<typeof GenerateRequest>;

export const JobAccepted = z.object({ job_id: z.int() }).meta({ id: 'JobAccepted' });
export type JobAccepted = z.infer<typeof JobAccepted>;

export const JOB_STATUSES = ['Received', 'InProgress', 'Done', 'Error'] as const;
export const JobStatus = z.enum(JOB_STATUSES);
export type JobStatus = z.infer<typeof JobStatus>;

/** The stages of a job, in order. */
export const JOB_STAGES = ['queue', 'render', 'print', 'conform', 'sign', 'store'] as const;
export const JobStage = z.enum(JOB_STAGES);
export type JobStage = z.infer<typeof JobStage>;

export const WARNING_CODES = [
  'GLYPH_MISSING',
  'FONT_FALLBACK',
  'FONT_FAILED',
  'IMAGE_FAILED',
  /** Of previews alone. */
  'CONTENT_SHRUNK',
  'REQUEST_BLOCKED',
  'ASSET_NOT_FOUND',
  'SCRIPT_ERROR',
  'SCRIPTS_OFF',
  'NAVIGATION_BLOCKED',
  'DIALOG_DISMISSED',
  'REFERENCE_NOT_FOUND',
  'REFERENCES_UNSETTLED',
  'TRANSPARENCY_FLATTENED',
  'PAGE_RASTERISED',
  'SIGNATURE_LEVEL_LOWER',
  'CERTIFICATE_WARNING',
  'STANDARD_REPAIRED',
  'STANDARD_NOT_KEPT',
  'SIGNATURE_REMOVED',
] as const;
export const JobWarning = z
  .object({
    code: z.enum(WARNING_CODES),
    message: z.string(),
    page: z.int().optional(),
    line: z.int().optional(),
  })
  .meta({ id: 'JobWarning' });
export type JobWarning = z.infer<typeof JobWarning>;

/** Why a job failed, as data: what a person needs to mend it. */
export const JobErrorDetail = z
  .object({
    code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
    stage: JobStage,
    message: z.string(),
    hint: z.string().nullable().describe('What to do about it'),
    template: z.string().nullable().describe('Which text: html, css, header, footer or a partial by name'),
    line: z.int().nullable(),
    column: z.int().nullable(),
    source_line: z.string().nullable().describe('The line itself'),
    rule: z
      .string()
      .nullable()
      .optional()
      .describe('Clause and test of a standard that is not met, such as 6.2.11.8-1'),
    page: z.int().nullable().optional().describe('Page of the document, from 1'),
    violations: z.array(Violation).optional().describe('All rules that are not met'),
  })
  .meta({ id: 'JobErrorDetail' });
export type JobErrorDetail = z.infer<typeof JobErrorDetail>;

/** The signature that a finished document carries. */
export const JobSignature = z
  .object({
    key_id: z.string(),
    level: z.enum(SIGNATURE_LEVELS).describe('PAdES baseline level that was reached'),
    subject: z.string().describe('Of the certificate'),
  })
  .meta({ id: 'JobSignature' });
export type JobSignature = z.infer<typeof JobSignature>;

/** Where a job ran. */
export const RanOn = z
  .object({
    host: z.string().describe('Name of the computer, or of the worker on it'),
    version: z.string().nullable().describe('Of Influxion there; null when it is not known'),
  })
  .meta({ id: 'RanOn' });
export type RanOn = z.infer<typeof RanOn>;

const Timestamp = z.iso.datetime().describe('ISO 8601, UTC');
const Milliseconds = z.number().nonnegative();

/** `GET /pdf/{id}`: the published fields first. */
export const Job = z
  .object({
    id: z.int(),
    status: JobStatus,
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    completed_at: Timestamp.nullable(),
    size: z.int().nullable().describe('Bytes'),
    error: z.string().nullable().describe('One sentence'),
    document_id: z.string().nullable(),
    template_id: z.string().nullable(),
    pdf_standard: z.string().nullable(),
    priority: z.int(),
    pages: z.int().nullable(),
    sha256: z.string().nullable(),
    attempt: z.int().describe('0 before the first'),
    progress: z.object({ stage: JobStage, done: z.int(), total: z.int() }).nullable(),
    timings_ms: z
      .object({
        queue: Milliseconds,
        render: Milliseconds,
        print: Milliseconds,
        conform: Milliseconds,
        sign: Milliseconds,
        store: Milliseconds,
      })
      .partial(),
    warnings: z.array(JobWarning),
    signature: JobSignature.nullable(),
    ran_on: RanOn.nullable().describe('Null until it has ended, and where that is not known'),
    signed_on: z.string().nullable().describe('The host that signed it'),
    error_detail: JobErrorDetail.nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof Job>;

export const JobListQuery = z.strictObject({
  status: JobStatus.optional(),
  document_id: z.string().max(200).optional(),
  template_id: z.string().max(200).optional(),
  created_after: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(100).optional(),
});
export type JobListQuery = z.infer<typeof JobListQuery>;

export const JobList = z
  .object({ jobs: z.array(Job), next_cursor: z.string().nullable() })
  .meta({ id: 'JobList' });
export type JobList = z.infer<typeof JobList>;

/** `GET /events`: a server-sent event `job.changed`; its `id:` is what `Last-Event-ID` resumes after. */
export const JobChanged = z.object({ event_id: z.int(), job: Job }).meta({ id: 'JobChanged' });
export type JobChanged = z.infer<typeof JobChanged>;
