/** What the host tells the studio by itself, at a pace that a page can follow however much happens. */
import type { StudioStatus } from '../../contract/studio/app.ts';
import type { TransportStatus } from '../../contract/transport.ts';
import type { ApiState } from '../../contract/studio/api.ts';
import type { JobRow } from '../../contract/studio/jobs.ts';
import type { OwnedJob } from '../jobs/job-reader.ts';
import type { BatchService } from '../batch/batch-service.ts';
import type { EventSource, StudioEventHub } from './event-hub.ts';
import { toJobRow, type ClientNames } from './job-row.ts';
import type { SeenRequests } from './seen-requests.ts';

/** Milliseconds between two rounds of requests. */
export const PACE_MS = 100;
const STATUS_PACE_MS = 250;
/** Changes of one moment come together. */
const SOON_MS = 30;

/** Requests in one round, the latest of them. */
export const MOST_REQUESTS_A_ROUND = 20;

/** Milliseconds between two rounds of jobs: what a person can follow in a list, and a page beside the keys that are typed. */
export const JOBS_PACE_MS = 250;

/** Jobs in one round; the others wait for the next, and each is then told of as it is by then. */
export const MOST_JOBS_A_ROUND = 200;

export interface ChangingJobs {
  onTouch(listener: (id: number) => void): () => void;
  find(id: number): OwnedJob | undefined;
}

/** `jobs.changed`: one event a round, the first soon after a rest; each job at most once in it. */
export function jobSource(
  hub: StudioEventHub,
  jobs: ChangingJobs,
  clientNames: () => ClientNames,
): EventSource {
  return () => {
    const changed = new Set<number>();
    let timer: NodeJS.Timeout | undefined;
    let toldAt = -Infinity;
    const round = (): void => {
      timer = undefined;
      toldAt = performance.now();
      const rows: JobRow[] = [];
      const names = clientNames();
      for (const id of changed) {
        if (rows.length === MOST_JOBS_A_ROUND) break;
        changed.delete(id);
        const found = jobs.find(id);
        if (found !== undefined) rows.push(toJobRow(found, names));
      }
      if (rows.length > 0) hub.emit({ type: 'jobs.changed', jobs: rows });
      if (changed.size > 0) schedule();
    };
    const schedule = (): void => {
      const rest = toldAt + JOBS_PACE_MS - performance.now();
      timer ??= setTimeout(round, Math.max(SOON_MS, rest)).unref();
    };
    const unsubscribe = jobs.onTouch((id) => {
      changed.add(id);
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

/** `status.changed`, `api.changed`: looked at in each round, which costs less than to be told of every cause. */
export function statusSource(
  hub: StudioEventHub,
  status: () => StudioStatus,
  api: () => ApiState,
): EventSource {
  return () => {
    const fingerprint = (now: StudioStatus): string => JSON.stringify({ ...now, uptime_s: 0 });
    let last = fingerprint(status());
    let lastApi = JSON.stringify(api());
    const timer = setInterval(() => {
      const now = status();
      const next = fingerprint(now);
      if (next !== last) hub.emit({ type: 'status.changed', status: now });
      last = next;
      const nowApi = api();
      const nextApi = JSON.stringify(nowApi);
      if (nextApi !== lastApi) hub.emit({ type: 'api.changed', api: nowApi });
      lastApi = nextApi;
    }, STATUS_PACE_MS).unref();
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

/** An event that says no more than that there is something new, at most once a round. */
export function newsSource(
  hub: StudioEventHub,
  type: 'webhooks.changed' | 'hot_folders.changed',
  service: { onChange(listener: () => void): () => void },
): EventSource {
  return () => {
    let timer: NodeJS.Timeout | undefined;
    const unsubscribe = service.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        hub.emit({ type });
      }, PACE_MS).unref();
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
}
