/** How often a webhook is tried and how long apart. */
import type { WebhookState } from '../../contract/webhook.ts';

export interface DeliveryPolicy {
  /** Upper bound of the first wait, doubled with each further one. Milliseconds. */
  readonly baseMs: number;
  readonly capMs: number;
  /** Attempts in all. They count rather than hours: a computer that was off, or a clock that was set, takes none away. */
  readonly maxAttempts: number;
  /** For one attempt. */
  readonly answerMs: number;
  /** Attempts at once to one host, and to all. */
  readonly perHost: number;
  readonly atOnce: number;
}

/** With waits of three quarters of their bound on average, 26 attempts take a day. */
export const DEFAULT_DELIVERY_POLICY: DeliveryPolicy = {
  baseMs: 5_000,
  capMs: 2 * 60 * 60_000,
  maxAttempts: 26,
  answerMs: 10_000,
  perHost: 4,
  atOnce: 16,
};

/**
 * Milliseconds before the attempt after the `failed`th: exponential, half of it by chance, so that what failed together does
 * not come back together.
 */
export function deliveryDelay(
  { baseMs, capMs }: DeliveryPolicy,
  failed: number,
  random: () => number,
): number {
  const bound = Math.min(capMs, baseMs * 2 ** Math.min(failed - 1, 30));
  return Math.round(bound * (0.5 + random() / 2));
}

/** What a status means for the delivery, and why it failed, as the end of a sentence. */
export function judgeStatus(status: number): { readonly state: WebhookState; readonly why?: string } {
  if (status >= 200 && status < 300) return { state: 'delivered' };
  if (status === 410) return { state: 'failed', why: 'wants no more of this (status 410)' };
  if (status >= 300 && status < 400) {
    return { state: 'waiting', why: `sends elsewhere (status ${status}), which is not followed` };
  }
  return { state: 'waiting', why: `answers with status ${status}` };
}
