import type { ErrorCode } from '../../contract/errors.ts';

/** How often and how long apart a job is tried. */
export interface RetryPolicy {
  /** Attempts in all, the first one too. */
  readonly maxAttempts: number;
  /**
   * Attempts after which a job under which a process died, the host or a browser, is given up as poison. More than
   * `maxAttempts`: most jobs had no part in the end of their process.
   */
  readonly poisonAttempts: number;
  /** Upper bound of the first wait, doubled with each further one. Milliseconds. */
  readonly baseMs: number;
  readonly capMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  poisonAttempts: 6,
  baseMs: 500,
  capMs: 30_000,
};

/** Full disks and browsers that do not start are tried again soon at first, then twice a minute. */
export const HOST_RETRY = { baseMs: 1_000, capMs: 30_000 };

const CRASHES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ENGINE_CRASHED',
  'RENDERER_CRASHED',
  'WORKER_LOST',
]);

/** Attempts that a job has which failed like this. */
export function mostAttempts({ code }: { readonly code: ErrorCode }, policy: RetryPolicy): number {
  return CRASHES.has(code) ? policy.poisonAttempts : policy.maxAttempts;
}

/**
 * Milliseconds before the attempt after the `failed`th: exponential with full jitter, so that jobs that failed together
 * do not come back together (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
 */
export function retryDelay(
  policy: Pick<RetryPolicy, 'baseMs' | 'capMs'>,
  failed: number,
  random: () => number,
): number {
  const bound = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failed - 1, 30));
  return Math.round(random() * bound);
}
