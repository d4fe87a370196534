/** What is kept for how long. Only jobs that have ended are ever removed. */
import type { Clock } from '../ports.ts';
import type { JobListing } from '../store/job-listing.ts';
import type { JobRow } from './job-row.ts';

export interface RetentionPolicy {
  /** Milliseconds after the end of a job. */
  readonly maxAgeMs: number;
  /** Ended jobs. */
  readonly maxJobs: number;
  /** Bytes of documents and payloads. */
  readonly maxBytes: number;
  /** Milliseconds for which a job is kept after its end, whatever number and bytes say, so that it can be fetched. */
  readonly graceMs: number;
}

export interface RetentionTotals {
  readonly ended: number;
  readonly bytes: number;
}

export interface Retention {
  exceeded(totals: RetentionTotals): boolean;
  /** Removes what is too old or too much, oldest first, until nothing is. Returns how many. */
  run(totals: () => RetentionTotals, signal: AbortSignal): Promise<number>;
}

/** Jobs in one transaction: short enough not to be felt. */
const BATCH = 50;

export function createRetention(deps: {
  readonly policy: () => RetentionPolicy;
  readonly clock: Clock;
  readonly listing: JobListing;
  /** Removes jobs with their files. */
  readonly remove: (ids: readonly number[]) => Promise<number>;
}): Retention {
  const { clock, listing } = deps;

  const exceeded = ({ ended, bytes }: RetentionTotals): boolean => {
    const { maxJobs, maxBytes } = deps.policy();
    return ended > maxJobs || bytes > maxBytes;
  };

  const overdue = ({ ended, bytes }: RetentionTotals): JobRow[] => {
    const now = clock.now();
    const { graceMs, maxAgeMs } = deps.policy();
    const rows: JobRow[] = [];
    for (const row of listing.oldestEnded(BATCH)) {
      const age = now - (row.completed_at ?? now);
      const tooMuch = age > graceMs && exceeded({ ended, bytes });
      if (age <= maxAgeMs && !tooMuch) break;
      rows.push(row);
      ended -= 1;
      bytes -= (row.size ?? 0) + row.payload_size;
    }
    return rows;
  };

  return {
    exceeded,
    async run(totals, signal) {
      let removed = 0;
      while (!signal.aborted) {
        const rows = overdue(totals());
        if (rows.length === 0) break;
        removed += await deps.remove(rows.map(({ id }) => id));
      }
      return removed;
    },
  };
}
