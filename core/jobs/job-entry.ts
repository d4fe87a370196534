/** The way of new jobs onto the disk: their requests first, then all rows in one transaction with what goes with them. */
import type { GenerateRequest } from '../../contract/job.ts';
import type { Clock } from '../ports.ts';
import type { JobRepository, NewJob } from '../store/job-repository.ts';
import { storageFault } from '../store/storage-error.ts';
import type { Admission } from './admission.ts';
import type { PayloadStore, StoredPayload } from './payload-store.ts';
import type { RequestCache } from './request-cache.ts';
import type { Scheduler } from './scheduler.ts';

export interface EnteringJob extends Omit<NewJob, 'createdAt' | 'payload'> {
  readonly request: GenerateRequest;
  /** The same as JSON. */
  readonly json: Buffer;
}

export interface JobEntryDeps {
  readonly clock: Clock;
  readonly jobs: Pick<JobRepository, 'insert'>;
  readonly scheduler: Pick<Scheduler, 'commit'>;
  readonly payloads: PayloadStore;
  readonly requests: RequestCache;
  readonly admission: Pick<Admission, 'diskFailed'>;
}

/** The number of each job, in their order. */
type Numbers<Jobs extends readonly EnteringJob[]> = { readonly [At in keyof Jobs]: number };

/**
 * Durable when it resolves, all or none. `also` writes into the same transaction, at the same wall-clock milliseconds
 * `now`. Errors: what the disk throws.
 */
export async function enterJobs<const Jobs extends readonly EnteringJob[]>(
  entering: Jobs,
  also: (ids: Numbers<Jobs>, now: number) => void,
  deps: JobEntryDeps,
): Promise<Numbers<Jobs>> {
  const { jobs, payloads, requests } = deps;
  const stored: StoredPayload[] = [];
  const ids: number[] = [];
  try {
    for (const { json } of entering) stored.push(await payloads.put(json));
    await deps.scheduler.commit((note) => {
      const now = deps.clock.now();
      entering.forEach(({ request, json, ...row }, at) => {
        const payload = { ...(stored[at] ?? { body: null, file: null }), size: json.length };
        const transition = jobs.insert({ ...row, createdAt: now, payload });
        note(transition);
        requests.put(transition.id, request, json.length);
        ids.push(transition.id);
      });
      also(ids as Numbers<Jobs>, now);
    });
    return ids as Numbers<Jobs>;
  } catch (error) {
    for (const id of ids) requests.take(id);
    if (storageFault(error) !== undefined) deps.admission.diskFailed(error);
    // What cannot be removed now is garbage for the next round.
    for (const { file } of stored) if (file !== null) await payloads.remove(file).catch(() => undefined);
    throw error;
  } finally {
    for (const payload of stored) payloads.landed(payload);
  }
}
