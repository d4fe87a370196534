/**
 * The task `influxion.generate_pdf`: its keyword arguments are the fields of `POST /pdf/generate`, its result is the PDF.
 * The README documents both for programs in Python.
 */
import { z } from 'zod';
import { Base64 } from '../../../contract/base64.ts';
import { ERROR_CODES, type ErrorCode } from '../../../contract/errors.ts';
import {
  GenerateRequest,
  JobErrorDetail,
  JobSignature,
  JobWarning,
  type JobStage,
  type RanOn,
} from '../../../contract/job.ts';
import { InfluxionError, type ErrorDetails } from '../../error.ts';
import { toErrorDetail } from '../../jobs/job-row.ts';
import { validate } from '../../validation.ts';

export const GENERATE_PDF = 'influxion.generate_pdf';

/** Bytes of a PDF up to which it travels in the message when the caller says nothing else. */
export const DEFAULT_INLINE_LIMIT = 262_144;

const Envelope = z.object({
  /** Of the API host that sent it. */
  job_id: z.int().nullish(),
  attempt: z.int().nullish(),
  /** Where the request itself is fetched as JSON, because it is too large for a message. */
  payload_url: z.url().max(4096).nullish(),
  /** Where a PDF goes that is larger than `inline_limit`. */
  upload_url: z.url().max(4096).nullish(),
  /** Bytes. */
  inline_limit: z.int().min(0).nullish(),
});
type Envelope = z.infer<typeof Envelope>;

const ENVELOPE_FIELDS: ReadonlySet<string> = new Set(Object.keys(Envelope.shape));

export interface GeneratePdfCall {
  readonly envelope: Envelope;
  /** Undefined when it is to be fetched from `payload_url`. */
  readonly request: GenerateRequest | undefined;
}

/** Errors: VALIDATION_FAILED with the path of each fault. */
export function parseCall(
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): GeneratePdfCall {
  if (args.length > 0) {
    const message = 'It takes keyword arguments only.';
    throw new InfluxionError('VALIDATION_FAILED', `${GENERATE_PDF}: ${message}`, {
      errors: [{ path: 'args', message }],
      hint: 'Send the fields of POST /pdf/generate as kwargs; in a chain use si() so that no result is put before them.',
    });
  }
  const entries = Object.entries(kwargs);
  const envelope = validate(Envelope, kwargs, 'input');
  const fields = entries.filter(([name]) => !ENVELOPE_FIELDS.has(name));
  if (envelope.payload_url != null && fields.length === 0) return { envelope, request: undefined };
  return { envelope, request: parseRequest(Object.fromEntries(fields)) };
}

/** Errors: VALIDATION_FAILED. */
export function parseRequest(value: unknown): GenerateRequest {
  return validate(GenerateRequest, value, 'input');
}

/** Which worker it was. */
const WorkerName = z.object({ host: z.string().max(255), version: z.string().max(100) });
export type WorkerName = z.infer<typeof WorkerName>;

/** The value that SUCCESS carries. */
export const GeneratePdfResult = z.looseObject({
  /** Base64; null when it was uploaded. */
  pdf: Base64.nullable(),
  /** `upload_url` as it was given; null when the PDF is here. */
  url: z.string().nullable(),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  pages: z.int().nonnegative().nullable(),
  warnings: z.array(JobWarning).default([]),
  timings_ms: z
    .object({ render: z.number(), print: z.number(), conform: z.number(), sign: z.number() })
    .partial()
    .default({}),
  signature: JobSignature.nullish(),
  ran_on: WorkerName.nullish(),
});
export type GeneratePdfResult = z.infer<typeof GeneratePdfResult>;

/** What FAILURE carries: Celery's three fields, and ours beside them, which Python does not look at. */
export interface Failure {
  /** The error code: in Python the name of the exception's class. */
  readonly exc_type: string;
  readonly exc_message: readonly string[];
  readonly exc_module: string;
  readonly influxion: JobErrorDetail;
  readonly ran_on?: WorkerName;
}

/** `ranOn`: the worker that tried it; undefined when none did. */
export function failureOf(error: InfluxionError, stage: JobStage, ranOn?: WorkerName): Failure {
  return {
    exc_type: error.code,
    exc_message: [error.message],
    exc_module: 'influxion',
    influxion: toErrorDetail(error, stage),
    ...(ranOn !== undefined && { ran_on: ranOn }),
  };
}

/** What Python shows as `result.traceback`: where it failed and what to do, never a stack. */
export function tracebackOf(detail: JobErrorDetail): string {
  const place = detail.template === null ? '' : `, ${detail.template} line ${detail.line ?? '?'}`;
  const lines = [`${detail.code} in stage ${detail.stage}${place}: ${detail.message}`];
  if (detail.source_line !== null) lines.push(`  ${detail.source_line}`);
  if (detail.hint !== null) lines.push(detail.hint);
  return lines.join('\n');
}

const Placed = z.looseObject({ ran_on: WorkerName });

/** The worker that a result or a failure names, as those of ours do. */
export function placeIn(result: unknown): RanOn | undefined {
  const parsed = Placed.safeParse(result);
  return parsed.success ? parsed.data.ran_on : undefined;
}

const AnyFailure = z.looseObject({
  exc_type: z.string().max(200),
  exc_message: z.unknown(),
  influxion: JobErrorDetail.optional().catch(undefined),
});

const isCode = (name: string): name is ErrorCode => (ERROR_CODES as readonly string[]).includes(name);

/** The failure of a worker as our error; one that only Python knows becomes WORKER_FAILED. */
export function errorOfFailure(result: unknown): {
  readonly error: InfluxionError;
  readonly stage: JobStage;
} {
  const parsed = AnyFailure.safeParse(result);
  if (!parsed.success) {
    return {
      error: new InfluxionError('WORKER_FAILED', 'The worker failed and did not say why.'),
      stage: 'render',
    };
  }
  const { exc_type: type, exc_message: given, influxion: detail } = parsed.data;
  const message = sentenceOf(given);
  if (detail !== undefined) {
    return { error: new InfluxionError(detail.code, detail.message, detailsOf(detail)), stage: detail.stage };
  }
  const error = isCode(type)
    ? new InfluxionError(type, message === '' ? 'The worker gave no reason.' : message)
    : new InfluxionError(
        'WORKER_FAILED',
        `The worker failed with ${type}${message === '' ? '' : `: ${message}`}.`,
      );
  return { error, stage: 'render' };
}

const MAX_SENTENCE = 2000;

function sentenceOf(message: unknown): string {
  const text = Array.isArray(message)
    ? message.map(String).join(', ')
    : typeof message === 'string'
      ? message
      : '';
  return text.slice(0, MAX_SENTENCE);
}

function detailsOf(detail: JobErrorDetail): ErrorDetails {
  const { hint, template, line, column, source_line: sourceLine, rule, page, violations } = detail;
  return {
    ...(hint !== null && { hint }),
    ...(template !== null && { template }),
    ...(line !== null && { line }),
    ...(column !== null && { column }),
    ...(sourceLine !== null && { sourceLine }),
    ...(rule != null && { rule }),
    ...(page != null && { page }),
    ...(violations !== undefined && { violations }),
  };
}
