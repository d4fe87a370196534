import { describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../contract/studio/event.ts';
import { apiLine, backgroundReason, watchQueue } from '../../main/queue-watch.ts';

const status = (received: number, in_progress: number): StudioEvent =>
  ({
    type: 'status.changed',
    status: { queue: { received, in_progress, done: 0, error: 0 } },
  }) as StudioEvent;
const ended = (state: 'Done' | 'Error'): StudioEvent =>
  ({ type: 'jobs.changed', jobs: [{ status: state }] }) as unknown as StudioEvent;

function world() {
  const letSleep = vi.fn();
  const signs = { stayAwake: vi.fn(() => letSleep), showState: vi.fn(), allDone: vi.fn() };
  return { ...signs, letSleep, watch: watchQueue(signs) };
}

describe('what the system is told of the queue', () => {
  it('keeps the computer awake once while jobs run, and lets it sleep after (a blocker that stays)', () => {
    const { watch, stayAwake, letSleep } = world();
    watch.hear(status(3, 1));
    watch.hear(status(2, 2));
    expect(stayAwake).toHaveBeenCalledTimes(1);
    expect(watch.isBusy).toBe(true);
    watch.hear(status(0, 0));
    expect(letSleep).toHaveBeenCalledTimes(1);
    expect(watch.isBusy).toBe(false);
  });

  it('tells once when all is done, with what came of it, and counts anew', () => {
    const { watch, allDone, showState } = world();
    watch.hear(status(1, 2));
    expect(showState).toHaveBeenLastCalledWith('2 running, 1 waiting');
    for (const event of [ended('Done'), ended('Done'), ended('Error')]) watch.hear(event);
    expect(allDone).not.toHaveBeenCalled();
    watch.hear(status(0, 0));
    watch.hear(status(0, 0));
    expect(allDone.mock.calls).toEqual([['2 documents ready, 1 failed']]);
    watch.hear(ended('Done'));
    watch.hear(status(0, 0));
    expect(allDone).toHaveBeenLastCalledWith('1 document ready');
  });
});

describe('what goes on without a window', () => {
  const api = { urls: ['http://127.0.0.1:8787'], fingerprint: null, problem: null };

  it('is work, or an API that programs may call, and it is said which', () => {
    expect(backgroundReason(false, undefined)).toBeUndefined();
    expect(backgroundReason(false, { ...api, mode: 'off' })).toBeUndefined();
    expect(backgroundReason(true, undefined)).toContain('jobs');
    expect(backgroundReason(false, { ...api, mode: 'computer' })).toContain('http://127.0.0.1:8787');
  });

  it('is told of an API that is off as off', () => {
    expect(apiLine({ ...api, urls: [], mode: 'computer' })).toBe('API off');
  });
});
