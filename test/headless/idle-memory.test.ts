/** When an idle host collects: after each time of work, once, and never while somebody waits. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { giveMemoryBackWhenIdle } from '../../headless/idle-memory.ts';

const QUIET_MS = 40_000;

const counts = { received: 0, inProgress: 0, done: 0, error: 0 };
const status = { busyPages: 0, printed: 0 };
let collections = 0;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  Object.assign(counts, { received: 0, inProgress: 0, done: 0, error: 0 });
  Object.assign(status, { busyPages: 0, printed: 0 });
  collections = 0;
  stop = giveMemoryBackWhenIdle({ counts: () => counts }, { status: () => status }, () => (collections += 1));
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

it('collects once after jobs, and again only after more of them', () => {
  counts.done = 3;
  vi.advanceTimersByTime(QUIET_MS);
  expect(collections).toBe(1);
  vi.advanceTimersByTime(QUIET_MS);
  expect(collections).toBe(1);
  counts.error = 1;
  vi.advanceTimersByTime(QUIET_MS);
  expect(collections).toBe(2);
});

it('collects after previews, which are no jobs (a heap that grows through a day in the studio)', () => {
  status.printed = 3600;
  vi.advanceTimersByTime(QUIET_MS);
  expect(collections).toBe(1);
});

it('leaves a host alone that works or has just worked', () => {
  status.printed = 1;
  status.busyPages = 1;
  vi.advanceTimersByTime(QUIET_MS);
  status.busyPages = 0;
  for (let print = 0; print < 10; print += 1) {
    status.printed += 1;
    vi.advanceTimersByTime(20_000);
  }
  expect(collections).toBe(0);
});
