import type { RetentionPolicy } from './retention.ts';

export interface QueueLimits {
  /** Jobs that may wait. */
  readonly maxQueued: number;
  /** Bytes that must stay free on the disk for a new job to be taken. */
  readonly minFreeBytes: number;
  /** Milliseconds without a heartbeat after which an attempt counts as dead. */
  readonly leaseMs: number;
  /** Milliseconds after which an attempt is stopped; above the largest `timeout_ms` of a request. */
  readonly attemptMs: number;
  /** Milliseconds after the end of its job for which an Idempotency-Key is kept. */
  readonly idempotencyMs: number;
  /** Bytes of JSON that are kept parsed for jobs that wait. */
  readonly requestCacheBytes: number;
  readonly retention: RetentionPolicy;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const DEFAULT_QUEUE_LIMITS: QueueLimits = {
  maxQueued: 20_000,
  minFreeBytes: 256 * 1024 * 1024,
  leaseMs: 30_000,
  attemptMs: 15 * MINUTE,
  // Twice the promised day, so that a wall clock that is set a day ahead breaks no promise.
  idempotencyMs: 2 * DAY,
  requestCacheBytes: 16 * 1024 * 1024,
  retention: {
    maxAgeMs: 30 * DAY,
    maxJobs: 100_000,
    maxBytes: 20 * 1024 * 1024 * 1024,
    graceMs: 10 * MINUTE,
  },
};
