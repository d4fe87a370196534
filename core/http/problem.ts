/** Failures as `application/problem+json` (RFC 9457). Never a stack, a path of the host or a secret. */
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import type { Problem } from '../../contract/problem.ts';
import type { InfluxionError } from '../error.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** More faults than a person mends at once help nobody and make the reply as large as the request. */
const MAX_FIELD_ERRORS = 100;

/** Seconds to wait when the failure itself does not say (RFC 9110 §10.2.3). */
const DEFAULT_RETRY_AFTER: Partial<Record<ErrorCode, number>> = { JOB_NOT_READY: 1, DISK_FULL: 60 };

/** The stable URI of a kind of problem: a URN, so that it needs no domain and is not fetched. */
export function problemType(code: ErrorCode): string {
  return `urn:influxion:problem:${code.toLowerCase().replaceAll('_', '-')}`;
}

export type ProblemExtras = Pick<Problem, 'instance' | 'job_id' | 'error_detail'>;

export function problemOf(error: InfluxionError, extras: ProblemExtras = {}): Problem {
  const { title, status } = ERRORS[error.code];
  const { hint, errors } = error.details;
  return {
    type: problemType(error.code),
    title,
    status,
    detail: hint === undefined ? error.message : `${error.message} ${hint}`,
    code: error.code,
    ...(errors && {
      errors: errors.slice(0, MAX_FIELD_ERRORS).map(({ path, message }) => ({ path, message })),
    }),
    ...extras,
  };
}

/** Seconds for `Retry-After`, or undefined where trying again is no use. */
export function retryAfterSeconds(error: InfluxionError): number | undefined {
  const asked = error.details.retryAfterSeconds;
  if (asked !== undefined) return Math.max(1, Math.ceil(asked));
  const byCode = DEFAULT_RETRY_AFTER[error.code];
  if (byCode !== undefined) return byCode;
  return error.status === 429 || error.status === 503 || error.status === 507 ? 5 : undefined;
}
