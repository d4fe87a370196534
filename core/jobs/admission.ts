/** Whether one more job may be taken: depth of the queue, space on the disk. */
import { statfs } from 'node:fs/promises';
import { InfluxionError } from '../error.ts';
import type { Clock } from '../ports.ts';
import { describeStorageError, STORAGE_RETRY_SECONDS } from '../store/storage-error.ts';

export interface AdmissionDeps {
  readonly clock: Clock;
  /** The folders that a job writes to. */
  readonly folders: readonly string[];
  /** Jobs that may wait. */
  readonly maxQueued: number;
  /** Bytes that must stay free on the disk. */
  readonly minFreeBytes: number;
  /** Free bytes of the disk that holds a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface Admission {
  /**
   * Errors: QUEUE_FULL, DISK_FULL, DATA_FOLDER_UNUSABLE. `queued` counts waiting jobs and those on the way in;
   * `drainMs` is about how long the queue takes to get a tenth shorter.
   */
  check(queued: number, payloadBytes: number, drainMs: number | undefined): Promise<void>;
  /** The disk just refused something; nothing is taken for a moment, so that clients do not pile up on it. */
  diskFailed(error: unknown): void;
  /** What would stand in the way of a job now; the space on the disk as of the last look. */
  condition(): StorageCondition;
  /** Jobs that may wait from now on. */
  setMaxQueued(jobs: number): void;
}

export interface StorageCondition {
  readonly store: 'ok' | 'failed';
  readonly disk: 'ok' | 'low';
}

/** The space on the disk is asked for at most this often. */
const FREE_SPACE_TTL_MS = 1_000;
const TROUBLE_MS = 2_000;

export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export function createAdmission(deps: AdmissionDeps): Admission {
  const freeBytes = deps.freeBytes ?? freeBytesAt;
  let { maxQueued } = deps;
  let known: { readonly at: number; readonly free: Promise<number> } | undefined;
  let lastFree = Number.POSITIVE_INFINITY;
  let trouble: { readonly until: number; readonly error: unknown } | undefined;

  const free = (): Promise<number> => {
    const now = deps.clock.monotonic();
    if (known === undefined || now - known.at >= FREE_SPACE_TTL_MS) {
      const asked = Promise.all(deps.folders.map(freeBytes)).then((all) => (lastFree = Math.min(...all)));
      known = { at: now, free: asked };
    }
    return known.free;
  };

  return {
    async check(queued, payloadBytes, drainMs) {
      if (queued >= maxQueued) throw queueFull(maxQueued, drainMs);
      if (trouble !== undefined) {
        if (deps.clock.monotonic() < trouble.until) throw trouble.error;
        trouble = undefined;
      }
      const available = await free().catch((error: unknown) => {
        known = undefined;
        throw describeStorageError(error);
      });
      if (available < deps.minFreeBytes + payloadBytes) throw diskNearlyFull();
    },
    diskFailed(error) {
      trouble = { until: deps.clock.monotonic() + TROUBLE_MS, error: describeStorageError(error) };
    },
    condition() {
      // Looks again for the next time, so that space that was freed is seen without a job being sent.
      free().catch(() => (known = undefined));
      const current =
        trouble !== undefined && deps.clock.monotonic() < trouble.until ? trouble.error : undefined;
      const full = InfluxionError.is(current) && current.code === 'DISK_FULL';
      return {
        store: current === undefined || full ? 'ok' : 'failed',
        disk: full || lastFree < deps.minFreeBytes ? 'low' : 'ok',
      };
    },
    setMaxQueued(jobs) {
      maxQueued = jobs;
    },
  };
}

function queueFull(maxQueued: number, drainMs: number | undefined): InfluxionError {
  const seconds = drainMs === undefined ? 5 : Math.ceil(drainMs / 1_000);
  return new InfluxionError('QUEUE_FULL', `The queue is full: ${maxQueued} jobs are waiting.`, {
    hint: 'Send it again later.',
    retryAfterSeconds: Math.min(60, Math.max(1, seconds)),
  });
}

function diskNearlyFull(): InfluxionError {
  return new InfluxionError(
    'DISK_FULL',
    'The disk of the data folder is nearly full, so no new job is taken.',
    {
      hint: 'Free some space or delete finished jobs, then send it again.',
      retryAfterSeconds: STORAGE_RETRY_SECONDS,
    },
  );
}
