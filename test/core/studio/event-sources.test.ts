import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { Job } from '../../../contract/job.ts';
import type { TransportStatus } from '../../../contract/transport.ts';
import type { StudioStatus } from '../../../contract/studio/app.ts';
import type { JobRow } from '../../../contract/studio/jobs.ts';
import { StudioEventHub } from '../../../core/studio/event-hub.ts';
import {
  JOBS_PACE_MS,
  jobSource,
  MOST_JOBS_A_ROUND,
  MOST_REQUESTS_A_ROUND,
  PACE_MS,
  requestSource,
  statusSource,
  transportSource,
} from '../../../core/studio/event-sources.ts';
import { createSeenRequests } from '../../../core/studio/seen-requests.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const jobOf = (id: number): Job => ({ id, status: 'InProgress', warnings: [] }) as unknown as Job;

/** Jobs whose changes a test tells of. */
function fakeJobs() {
  const listeners = new Set<(id: number) => void>();
  const jobs = {
    gone: new Set<number>(),
    looked: 0,
    listeners,
    onTouch: (listener: (id: number) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    find: (id: number) => {
      jobs.looked += 1;
      return jobs.gone.has(id) ? undefined : { job: jobOf(id), clientId: 'alice' };
    },
    change: (id: number) => {
      for (const listener of listeners) listener(id);
    },
  };
  return jobs;
}

function hear(hub: StudioEventHub) {
  const events: StudioEvent[] = [];
  const stop = hub.subscribe((event) => events.push(event));
  return { events, stop };
}

const jobsOf = (events: readonly StudioEvent[]): readonly JobRow[] =>
  events.flatMap((event) => (event.type === 'jobs.changed' ? event.jobs : []));

describe('changes of jobs', () => {
  it('are told four times a second at most, in one event, each job once, and every job in the end', () => {
    const hub = new StudioEventHub();
    const jobs = fakeJobs();
    hub.whileHeard(jobSource(hub, jobs, () => new Map([['alice', 'name of alice']])));
    const { events } = hear(hub);
    for (let again = 0; again < 5; again += 1) for (let id = 1; id <= 1000; id += 1) jobs.change(id);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(JOBS_PACE_MS);
    expect(jobsOf(events)).toHaveLength(MOST_JOBS_A_ROUND);
    vi.advanceTimersByTime(JOBS_PACE_MS * (1000 / MOST_JOBS_A_ROUND));
    expect(new Set(jobsOf(events).map(({ id }) => id)).size).toBe(1000);
    expect(jobsOf(events)).toHaveLength(1000);
    expect(events).toHaveLength(1000 / MOST_JOBS_A_ROUND);
    expect(jobs.looked).toBe(1000);
  });

  it('pass over a job that is gone by then', () => {
    const hub = new StudioEventHub();
    const jobs = fakeJobs();
    hub.whileHeard(jobSource(hub, jobs, () => new Map([['alice', 'name of alice']])));
    const { events } = hear(hub);
    jobs.gone.add(1);
    jobs.change(1);
    jobs.change(2);
    vi.advanceTimersByTime(JOBS_PACE_MS);
    expect(events).toMatchObject([
      { type: 'jobs.changed', jobs: [{ id: 2, client_id: 'alice', client_name: 'name of alice' }] },
    ]);
  });

  it('cost nothing while no page is open, and begin again with the next', () => {
    const hub = new StudioEventHub();
    const jobs = fakeJobs();
    hub.whileHeard(jobSource(hub, jobs, () => new Map([['alice', 'name of alice']])));
    expect(jobs.listeners.size).toBe(0);
    const first = hear(hub);
    const second = hear(hub);
    expect(jobs.listeners.size).toBe(1);
    first.stop();
    first.stop();
    expect(jobs.listeners.size).toBe(1);
    jobs.change(1);
    second.stop();
    expect(jobs.listeners.size).toBe(0);
    vi.advanceTimersByTime(JOBS_PACE_MS);
    expect(jobs.looked).toBe(0);
    hear(hub);
    expect(jobs.listeners.size).toBe(1);
  });

  it('look at nothing once the studio is closed, whoever still listens: the database is closed next', () => {
    const hub = new StudioEventHub();
    const jobs = fakeJobs();
    const names = vi.fn(() => new Map<string, string>());
    hub.whileHeard(jobSource(hub, jobs, names));
    const { events, stop } = hear(hub);
    jobs.change(1);
    hub.close();
    hub.subscribe(() => undefined);
    jobs.change(2);
    vi.advanceTimersByTime(JOBS_PACE_MS * 2);
    stop();
    expect(names).not.toHaveBeenCalled();
    expect(jobs.looked).toBe(0);
    expect(events).toEqual([]);
  });
});

it('the state is told when it changes, not when only time goes by', () => {
  const hub = new StudioEventHub();
  let done = 0;
  let uptime = 0;
  const status = (): StudioStatus =>
    ({ uptime_s: (uptime += 1), queue: { received: 0, in_progress: 0, done, error: 0 } }) as StudioStatus;
  let problem: string | null = null;
  const api = () => ({ mode: 'lan' as const, urls: [], fingerprint: null, problem });
  hub.whileHeard(statusSource(hub, status, api));
  const { events } = hear(hub);
  vi.advanceTimersByTime(5000);
  expect(events).toEqual([]);
  done = 1;
  vi.advanceTimersByTime(5000);
  expect(events).toMatchObject([{ type: 'status.changed', status: { queue: { done: 1 } } }]);
  problem = '192.168.1.20 is not an address of this computer now.';
  vi.advanceTimersByTime(5000);
  expect(events.slice(1)).toMatchObject([{ type: 'api.changed', api: { problem } }]);
});

it('broker and workers are told of once a second at most, and only when something changed', () => {
  const hub = new StudioEventHub();
  let out = 0;
  const status = (): TransportStatus => ({
    kind: 'celery',
    out,
    broker: null,
    workers: [],
    counts: { published: 0, results: 0, dropped: 0, lost: 0 },
  });
  hub.whileHeard(transportSource(hub, status));
  const { events } = hear(hub);
  vi.advanceTimersByTime(5000);
  expect(events).toEqual([]);
  for (let change = 1; change <= 30; change += 1) {
    out = change;
    vi.advanceTimersByTime(100);
  }
  expect(events).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: 'transport.changed', status: { out: 30 } });
});

describe('requests to the API', () => {
  const answered = (url: string) => ({
    method: 'GET',
    url,
    status: 200,
    ms: 1.26,
    clientId: undefined,
    remote: '::ffff:10.0.0.7',
  });

  it('are told as they come, of a flood the latest, and never what was there before', () => {
    const hub = new StudioEventHub();
    const requests = createSeenRequests(() => 0);
    requests.add(answered('/early'));
    hub.whileHeard(requestSource(hub, requests));
    const { events } = hear(hub);
    for (let at = 0; at < 500; at += 1) requests.add(answered('/pdf/1'));
    vi.advanceTimersByTime(PACE_MS);
    expect(events).toHaveLength(MOST_REQUESTS_A_ROUND);
    expect(events.at(-1)).toMatchObject({ type: 'api.request', request: { seq: 501, remote: '10.0.0.7' } });
  });

  it('are kept without their query, bounded in number and length', () => {
    const requests = createSeenRequests(() => 0);
    requests.add(answered(`/pdf?access_token=secret`));
    expect(requests.list()[0]).toEqual({
      seq: 1,
      at: '1970-01-01T00:00:00.000Z',
      method: 'GET',
      path: '/pdf',
      status: 200,
      ms: 1.3,
      client_id: null,
      remote: '10.0.0.7',
    });
    for (let at = 0; at < 300; at += 1) requests.add(answered(`/${'x'.repeat(5000)}`));
    expect(requests.list()).toHaveLength(200);
    expect(requests.list().every(({ path }) => path.length <= 200)).toBe(true);
  });
});
