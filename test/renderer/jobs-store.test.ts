/** The jobs screen's store over a host that answers from memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { BulkOutcome } from '../../renderer/features/jobs/bulk-words.ts';
import { doneWords, refusals } from '../../renderer/features/jobs/bulk-words.ts';
import { toCurl } from '../../renderer/features/jobs/job-curl.ts';
import { rowAt } from '../../renderer/features/jobs/job-pages.ts';
import { ranMs, waitedMs } from '../../renderer/features/jobs/job-words.ts';
import { createJobsStore, type JobsStore } from '../../renderer/features/jobs/jobs-store.ts';
import { StartedJobs } from '../../renderer/features/jobs/started-jobs.ts';
import { HostFailure, type StudioHost } from '../../renderer/host/studio-host.ts';
import { failedJob, job, JobsWorld, toRow, waitingJob } from '../support/studio-pages/jobs-world.ts';

describe('the store of the jobs screen', () => {
  let world: JobsWorld;
  let store: JobsStore;
  let emit: (event: StudioEvent) => void;
  let refuse: Error | undefined;
  const notices = { ended: vi.fn(), done: vi.fn(), failed: vi.fn() };

  beforeEach(() => {
    vi.resetAllMocks();
    world = new JobsWorld();
    refuse = undefined;
    const host = {
      capabilities: { kind: 'browser', platform: 'Linux', nativeMenus: false },
      request: async (name: keyof JobsWorld['handlers'], input: never, signal?: AbortSignal) => {
        await Promise.resolve();
        signal?.throwIfAborted();
        if (refuse !== undefined) throw refuse;
        return world.handlers[name]?.(input, { client: '', signal: new AbortController().signal });
      },
      subscribe: (listener: (event: StudioEvent) => void) => {
        emit = listener;
        return () => undefined;
      },
    } as unknown as StudioHost;
    store = createJobsStore(host, notices, (run) => void setImmediate(run));
    world.events = { emit: (event: StudioEvent) => emit(event) } as JobsWorld['events'];
  });

  const list = () => store.getState().list;
  const chosen = () => [...store.getState().selection.ids];
  const shown = async (first: number, last: number): Promise<void> => {
    store.actions.show(first, last);
    await vi.waitFor(() => expect(rowAt(list(), last)).toBeDefined());
  };

  it('loads the pages that are looked at and those beside them, and no others', async () => {
    world.jobs = Array.from({ length: 10_000 }, (_, index) => job(index + 1));
    await shown(0, 30);
    await shown(5_040, 5_070);
    expect(list().total).toBe(10_000);
    expect(rowAt(list(), 0)?.id).toBe(10_000);
    expect(rowAt(list(), 5_050)?.id).toBe(4_950);
    expect(world.listed).toEqual([
      { offset: 0, limit: 200 },
      { offset: 4_900, limit: 300 },
    ]);
  });

  it('keeps what is chosen while jobs come on top, and follows their rows', async () => {
    world.jobs = Array.from({ length: 5 }, (_, index) => job(index + 1));
    store.actions.watch();
    await shown(0, 4);
    store.actions.select(1);
    store.actions.toggle(3);
    expect(chosen()).toEqual([4, 2]);
    world.change(job(6));
    await vi.waitFor(() => expect(rowAt(list(), 0)?.id).toBe(6));
    expect(chosen()).toEqual([4, 2]);
    expect(store.getState().selection.cursor).toEqual({ id: 2, index: 4 });
  });

  it('chooses ranges and all jobs of the filter, also those that were never loaded', async () => {
    world.jobs = Array.from({ length: 2_500 }, (_, index) => job(index + 1));
    await shown(0, 30);
    store.actions.select(0);
    await shown(2_400, 2_430);
    store.actions.extendTo(2_409);
    await vi.waitFor(() => expect(chosen()).toHaveLength(2_410));
    store.actions.selectAll();
    await vi.waitFor(() => expect(chosen()).toHaveLength(2_500));
  });

  it('chooses a row when it has come', async () => {
    world.jobs = Array.from({ length: 300 }, (_, index) => job(index + 1));
    await shown(0, 30);
    store.actions.select(299);
    expect(chosen()).toEqual([]);
    await shown(280, 299);
    expect(chosen()).toEqual([1]);
  });

  it('shows a change at once and asks once for many', async () => {
    world.jobs = Array.from({ length: 50 }, (_, index) => waitingJob(index + 1));
    store.actions.watch();
    await shown(0, 49);
    const before = world.listed.length;
    for (let id = 1; id <= 50; id += 1) world.change(job(id));
    await vi.waitFor(() => expect(list().counts?.done).toBe(50));
    expect(world.listed.length - before).toBeLessThanOrEqual(2);
  });

  it('asks for nothing while nobody looks: on other screens a batch would hold up what is typed there', async () => {
    world.jobs = Array.from({ length: 50 }, (_, index) => waitingJob(index + 1));
    const leave = store.actions.watch();
    await shown(0, 49);
    leave();
    const before = world.listed.length;
    for (let id = 1; id <= 50; id += 1) world.change(job(id));
    await sleep(300);
    expect(world.listed.length).toBe(before);
    store.actions.watch();
    await vi.waitFor(() => expect(list().counts?.done).toBe(50));
  });

  it('drops the answer of a filter that is no longer set', async () => {
    world.jobs = [job(1), failedJob(2)];
    store.actions.show(0, 0);
    store.actions.filter({ status: ['Error'] });
    await vi.waitFor(() => expect(list().total).toBe(1));
    expect(rowAt(list(), 0)?.id).toBe(2);
    store.actions.filter({ status: [] });
    await vi.waitFor(() => expect(list().total).toBe(2));
    expect(store.getState().filter).toEqual({});
  });

  it('says why the list is old, and goes on when the host is back', async () => {
    world.jobs = [job(1)];
    store.actions.watch();
    refuse = new HostFailure('Influxion does not answer.');
    store.actions.show(0, 0);
    await vi.waitFor(() => expect(store.getState().failure?.message).toBe('Influxion does not answer.'));
    refuse = undefined;
    emit({ type: 'resync' });
    await vi.waitFor(() => expect(store.getState().failure).toBeUndefined());
    expect(list().total).toBe(1);
  });

  it('tells which jobs were refused and forgets those that were deleted', async () => {
    world.jobs = [job(1), waitingJob(2), failedJob(3)];
    await shown(0, 2);
    store.actions.select(0);
    store.actions.open(3);
    await store.actions.bulk('remove', [1, 2, 3]);
    expect(store.getState().refused?.jobs).toEqual([{ id: 2, reason: 'Job 2 is Received.' }]);
    expect(store.getState().openId).toBeUndefined();
    expect(chosen()).toEqual([]);
    expect(notices.done).toHaveBeenCalledWith('remove', expect.objectContaining({ done: [1, 3] }));
  });

  it('tells of the end of a job that was started here, and of no other', async () => {
    const id = await store.actions.submit({ html_template: { id: 'invoice' } });
    world.change(job(77));
    world.change({ ...waitingJob(id), status: 'InProgress' });
    expect(notices.ended).not.toHaveBeenCalled();
    world.change(job(id));
    expect(notices.ended).toHaveBeenCalledExactlyOnceWith({ jobs: [expect.objectContaining({ id })] });
  });

  it('asks for the end of a job whose event was lost while the host was away', async () => {
    const id = await store.actions.submit({ html_template: { id: 'invoice' } });
    world.jobs = [job(id)];
    emit({ type: 'resync' });
    await vi.waitFor(() => expect(notices.ended).toHaveBeenCalledOnce());
  });

  it('gives a refused submit to the dialog and watches nothing', async () => {
    refuse = new HostFailure('The queue is full.');
    await expect(store.actions.submit({ html_template: { id: 'invoice' } })).rejects.toThrow('full');
    refuse = undefined;
    world.change(job(1));
    await sleep(0);
    expect(notices.ended).not.toHaveBeenCalled();
  });
});

describe('jobs started here', () => {
  it('notices a job that ends before its number is known', () => {
    const ended = vi.fn();
    const started = new StartedJobs(ended);
    const watch = started.begin();
    started.changed(toRow(job(8)));
    started.changed(toRow(job(9)));
    watch.accepted([9]);
    expect(ended).toHaveBeenCalledExactlyOnceWith({ jobs: [expect.objectContaining({ id: 9 })] });
  });

  it('tells of many once, when the last has ended', () => {
    const ended = vi.fn();
    const started = new StartedJobs(ended);
    started.begin().accepted([1, 2]);
    started.changed(toRow(job(1)));
    expect(ended).not.toHaveBeenCalled();
    expect(started.waiting).toEqual([2]);
    started.changed(toRow(failedJob(2)));
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe('the words of jobs', () => {
  const outcome = (refused: BulkOutcome['refused']): BulkOutcome => ({ done: [1, 2], refused });

  it('puts refusals for one reason together', () => {
    expect(
      refusals([
        { id: 4, reason: 'Job 4 is done; only a failed job can be retried.' },
        { id: 7, reason: 'There is no job 7.' },
        { id: 9, reason: 'Job 9 is done; only a failed job can be retried.' },
      ]),
    ).toEqual([
      { reason: 'It is done; only a failed job can be retried.', ids: [4, 9] },
      { reason: 'There is no job 7.', ids: [7] },
    ]);
    expect(doneWords('retry', outcome([]))).toBe('2 jobs run again');
    expect(doneWords('remove', outcome([]))).toBe('2 jobs deleted');
  });

  it('counts waiting and running up to now while they last', () => {
    const waiting = waitingJob(1);
    const now = Date.parse(waiting.created_at) + 500;
    expect([waitedMs(waiting, now), ranMs(waiting, now)]).toEqual([500, null]);
    expect([waitedMs(job(1), now), ranMs(job(1), now)]).toEqual([3, 38]);
    // A clock that was set back.
    expect(waitedMs(waiting, now - 10_000)).toBe(0);
  });

  it('writes a curl command that a shell takes as it is, whatever is in the data', () => {
    const data = { text: `it's $HOME \`id\` "REQUEST"\nREQUEST\n` };
    const command = toCurl('http://127.0.0.1:8787', { data, html_template: { id: 'x' } });
    const lines = command.split('\n');
    const begin = lines.findIndex((line) => line.endsWith("<<'REQUEST'"));
    const end = lines.indexOf('REQUEST');
    expect(JSON.parse(lines.slice(begin + 1, end).join('\n'))).toEqual({ data, html_template: { id: 'x' } });
    expect(lines.slice(end)).toEqual(['REQUEST', '']);
  });
});
