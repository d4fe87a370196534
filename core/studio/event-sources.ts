/** What the host tells the studio by itself, at a pace that a page can follow however much happens. */
import type { StudioStatus } from '../../contract/studio/app.ts';
import type { TransportStatus } from '../../contract/transport.ts';
import type { ApiState } from '../../contract/studio/api.ts';
import type { JobChanged } from '../../contract/job.ts';
import type { OwnedJob } from '../jobs/queue.ts';
import type { Caller } from '../jobs/job-service.ts';
import type { BatchService } from '../batch/batch-service.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { EventSource, StudioEventHub } from './event-hub.ts';
import type { SeenRequests } from './seen-requests.ts';

/** Milliseconds between two rounds. */
export const PACE_MS = 100;

/** Jobs in one round; the others wait for the next, and each is then told of as it is by then. */
export const MOST_JOBS_A_ROUND = 50;

/** Requests in one round, the latest of them. */
export const MOST_REQUESTS_A_ROUND = 20;

export interface ChangingJobs {
  onChange(caller: Caller, after: undefined, listener: (change: JobChanged) => void): () => void;
  find(id: number): OwnedJob | undefined;
}

const OWNER: Caller = { clientId: 'studio', admin: true };

/** `job.changed`, each job at most once a round. */
export function jobSource(hub: StudioEventHub, jobs: ChangingJobs): EventSource {
  return () => {
    const changed = new Set<number>();
    let timer: NodeJS.Timeout | undefined;
    const round = (): void => {
      timer = undefined;
      let told = 0;
      for (const id of changed) {
        if (told === MOST_JOBS_A_ROUND) break;
        changed.delete(id);
        told += 1;
        const found = jobs.find(id);
        if (found !== undefined) hub.emit({ type: 'job.changed', job: found.job, client_id: found.clientId });
      }
      if (changed.size > 0) schedule();
    };
    const schedule = (): void => {
      timer ??= setTimeout(round, PACE_MS).unref();
    };
    const unsubscribe = jobs.onChange(OWNER, undefined, ({ job }) => {
      changed.add(job.id);
      schedule();
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
}

/** `batch.changed`, at the pace of the batches themselves. */
export function batchSource(hub: StudioEventHub, batches: Pick<BatchService, 'onChange'>): EventSource {
  return () => batches.onChange((batch) => hub.emit({ type: 'batch.changed', batch }));
}

/**
 * `status.changed`: looked at in each round, which costs less than to be told of every cause. Told too when the API is
 * open elsewhere than before, which no other event says.
 */
export function statusSource(
  hub: StudioEventHub,
  status: () => StudioStatus,
  api: () => ApiState,
): EventSource {
  return () => {
    const fingerprint = (now: StudioStatus): string => JSON.stringify([{ ...now, uptime_s: 0 }, api()]);
    let last = fingerprint(status());
    const timer = setInterval(() => {
      const now = status();
      const next = fingerprint(now);
      if (next === last) return;
      last = next;
      hub.emit({ type: 'status.changed', status: now });
    }, PACE_MS * 2.5).unref();
    return () => clearInterval(timer);
  };
}

/** `transport.changed`, once a second at most: workers are heard every two. */
export function transportSource(hub: StudioEventHub, status: () => TransportStatus): EventSource {
  return () => {
    let last = JSON.stringify(status());
    const timer = setInterval(() => {
      const now = status();
      const next = JSON.stringify(now);
      if (next === last) return;
      last = next;
      hub.emit({ type: 'transport.changed', status: now });
    }, PACE_MS * 10).unref();
    return () => clearInterval(timer);
  };
}

/** `api.request`: the latest of each round; the numbers show what was left out. */
export function requestSource(hub: StudioEventHub, requests: SeenRequests): EventSource {
  return () => {
    let told = requests.lastSeq;
    const timer = setInterval(() => {
      if (requests.lastSeq === told) return;
      const fresh = requests.after(told);
      told = requests.lastSeq;
      for (const request of fresh.slice(-MOST_REQUESTS_A_ROUND)) hub.emit({ type: 'api.request', request });
    }, PACE_MS).unref();
    return () => clearInterval(timer);
  };
}

/** `webhooks.changed`, at most once a round. */
export function webhookSource(hub: StudioEventHub, webhooks: Pick<Webhooks, 'onChange'>): EventSource {
  return () => {
    let timer: NodeJS.Timeout | undefined;
    const unsubscribe = webhooks.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        hub.emit({ type: 'webhooks.changed' });
      }, PACE_MS).unref();
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
}
