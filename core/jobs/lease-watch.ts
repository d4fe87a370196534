import type { RunningRow } from '../store/job-repository.ts';

interface Sighting {
  readonly attempt: number;
  readonly beat: number;
  readonly since: number;
}

export interface LeaseWatch {
  /** Those of `rows` whose heart has not beaten for the length of the lease. `now`: monotonic milliseconds. */
  expired(rows: readonly RunningRow[], now: number): RunningRow[];
  /** Whether anything is being watched. */
  readonly watching: boolean;
}

/**
 * Watches the attempts of other processes. A heartbeat is a number that grows, and a lease runs out when it has stood
 * still for `leaseMs` of the watcher's own monotonic time: no two clocks are ever compared.
 */
export function createLeaseWatch(leaseMs: number): LeaseWatch {
  let seen = new Map<number, Sighting>();
  return {
    expired(rows, now) {
      const next = new Map<number, Sighting>();
      const late: RunningRow[] = [];
      for (const row of rows) {
        const before = seen.get(row.id);
        const alive = before?.attempt !== row.attempt || before.beat !== row.beat;
        const sighting = alive ? { attempt: row.attempt, beat: row.beat, since: now } : before;
        if (now - sighting.since >= leaseMs) late.push(row);
        else next.set(row.id, sighting);
      }
      seen = next;
      return late;
    },
    get watching() {
      return seen.size > 0;
    },
  };
}
