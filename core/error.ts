import { ERRORS, type ErrorCode } from '../contract/errors.ts';
import type { Violation } from '../contract/verify.ts';

/** Facts that belong to a failure; only what may be shown to the person who caused it. */
export interface ErrorDetails {
  /** What to do about it, one sentence. */
  readonly hint?: string;
  /** Faults of single request fields. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** Which text of the template: html, css, header, footer or the name of a partial. */
  readonly template?: string;
  readonly line?: number;
  readonly column?: number;
  readonly sourceLine?: string;
  /** When trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** Clause and test of a standard that is not met, such as `6.2.11.8-1`. */
  readonly rule?: string;
  /** Of the document, from 1. */
  readonly page?: number;
  /** All rules that are not met. */
  readonly violations?: readonly Violation[];
}

const BRAND = Symbol.for('influxion.error');

/**
 * The one error that crosses a module boundary. `message` is written for a person: what happened, where,
 * in one sentence, without paths of the host or secrets. Only the edges (HTTP, command line, IPC) translate it.
 */
export class InfluxionError extends Error {
  override readonly name = 'InfluxionError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
    Object.defineProperty(this, BRAND, { value: true });
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  /** Also true for an instance of another copy of this module, such as a worker's bundle. */
  static is(value: unknown): value is InfluxionError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** Any thrown value as an InfluxionError; what is not one becomes INTERNAL and keeps its cause for the log. */
  static from(value: unknown): InfluxionError {
    if (InfluxionError.is(value)) return value;
    return new InfluxionError(
      'INTERNAL',
      'Something went wrong inside Influxion; the log has the details.',
      {},
      value,
    );
  }
}
