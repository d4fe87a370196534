import type { JobStatus } from '../../contract/job.ts';
import type { JobTotals } from '../store/job-listing.ts';
import type { Transition } from '../store/job-repository.ts';
import type { RetentionTotals } from './retention.ts';

/** Counts that are asked for often, kept in memory beside the rows. */
export interface LiveTotals {
  count(status: JobStatus): number;
  apply(transitions: readonly Transition[]): void;
  /** A job that is gone. */
  removed(status: JobStatus, bytes: number): void;
  retained(): RetentionTotals;
}

export function createJobTotals(initial: JobTotals): LiveTotals {
  const counts = { ...initial.byStatus };
  let bytes = initial.bytes;
  return {
    count: (status) => counts[status],
    apply(transitions) {
      for (const { from, to, bytes: added } of transitions) {
        bytes += added;
        if (from !== undefined) counts[from] -= 1;
        counts[to] += 1;
      }
    },
    removed(status, freed) {
      counts[status] -= 1;
      bytes -= freed;
    },
    retained: () => ({ ended: counts.Done + counts.Error, bytes }),
  };
}
