/** The housekeeping of the queue: garbage, retention, old idempotency keys. One round at a time, in the background. */
import type { Clock } from '../ports.ts';
import type { RemovedJob } from '../store/job-repository.ts';
import { storageFault } from '../store/storage-error.ts';
import type { IdempotencyKeys } from '../store/idempotency-keys.ts';
import type { LiveTotals } from './job-totals.ts';
import { collectGarbage, type GarbageDeps } from './output-gc.ts';
import { createRetention, type RetentionPolicy } from './retention.ts';

export interface MaintenanceDeps extends GarbageDeps {
  readonly clock: Clock;
  readonly keys: IdempotencyKeys;
  readonly totals: LiveTotals;
  readonly retention: RetentionPolicy;
  /** Milliseconds after the end of its job for which a key is kept. */
  readonly idempotencyMs: number;
}

export interface Maintenance {
  start(): void;
  /** One whole round; joins the one that runs. */
  run(): Promise<void>;
  /** Something has changed: retention may be due soon. */
  consider(): void;
  /** What is kept from now on; what is beyond it is removed in the background. */
  setRetention(policy: RetentionPolicy): void;
  /**
   * Removes jobs that have ended and returns how many; rows before files: what a crash leaves between the two is garbage, not
   * a dead link. `also` writes into the same transaction.
   */
  remove(ids: readonly number[], also?: () => void): Promise<number>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Between two rounds of retention under load. */
const SOON_MS = 10_000;

export function createMaintenance(deps: MaintenanceDeps): Maintenance {
  const { db, jobs, outputs, payloads, totals, logger } = deps;
  const closing = new AbortController();
  let policy = deps.retention;
  const retention = createRetention({
    policy: () => policy,
    clock: deps.clock,
    listing: deps.listing,
    remove: (ids) => remove(ids),
  });
  let round: Promise<void> | undefined;
  let hourly: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;

  async function remove(ids: readonly number[], also?: () => void): Promise<number> {
    const removed = await removeRows(ids, also).catch(async (error: unknown) => {
      if (storageFault(error) !== 'full') throw error;
      // Even taking a row away needs space, so on a full disk the files go first.
      for (const id of ids) await removeFiles(id);
      return removeRows(ids, also);
    });
    for (const { status, bytes } of removed) totals.removed(status, bytes);
    for (const job of removed) {
      if (job.status === 'Done') await outputs.remove(job);
      if (job.file !== null) await payloads.remove(job.file);
    }
    return removed.length;
  }

  function removeRows(ids: readonly number[], also: (() => void) | undefined): Promise<RemovedJob[]> {
    return db.write(() => {
      also?.();
      return ids.map((id) => jobs.remove(id)).filter((job) => job !== undefined);
    });
  }

  async function removeFiles(id: number): Promise<void> {
    const row = jobs.get(id);
    if (row?.status === 'Done') await outputs.remove(row);
  }

  async function retain(): Promise<void> {
    const removed = await retention.run(() => totals.retained(), closing.signal);
    if (removed > 0) logger.info({ jobs: removed }, 'removed jobs that were kept long enough');
  }

  async function wholeRound(): Promise<void> {
    await collectGarbage(deps, closing.signal);
    await retain();
    await db.write(() => deps.keys.prune(deps.clock.now() - deps.idempotencyMs));
  }

  function run(): Promise<void> {
    round ??= wholeRound().finally(() => (round = undefined));
    return round;
  }

  function inBackground(work: () => Promise<void>): void {
    if (closing.signal.aborted) return;
    work().catch((error: unknown) => logger.warn({ err: error }, 'housekeeping of the queue failed'));
  }

  return {
    run,
    remove,
    start() {
      inBackground(run);
      hourly ??= setInterval(() => inBackground(run), HOUR_MS).unref();
    },
    consider() {
      if (soon !== undefined || closing.signal.aborted || !retention.exceeded(totals.retained())) return;
      soon = setTimeout(() => {
        soon = undefined;
        inBackground(retain);
      }, SOON_MS).unref();
    },
    setRetention(next) {
      policy = next;
      inBackground(retain);
    },
    async close() {
      closing.abort();
      clearInterval(hourly);
      clearTimeout(soon);
      await round?.catch(() => undefined);
    },
  };
}
