/** How often and how long apart a job is tried. */
export interface RetryPolicy {
  /** Attempts in all, the first one too. */
  readonly maxAttempts: number;
  /**
   * Attempts after which a job whose process died with it is given up as poison. More than `maxAttempts`: a process that
   * dies takes every job down that it was at work on, and most of them had no part in it.
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
