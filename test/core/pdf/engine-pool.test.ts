/** Who gets a page first. Slots are fakes at the port; the pool is the real one. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EnginePool } from '../../../core/pdf/pool/engine-pool.ts';
import type { Urgency } from '../../../core/pdf/engine.ts';
import type { PageSlot } from '../../../core/pdf/pool/page-slot.ts';
import { silentLogger } from '../../support/engine-folders.ts';

const NEVER = new AbortController().signal;

function fakeSlot(more: Partial<PageSlot>): PageSlot {
  const left = Promise.withResolvers<string>();
  return {
    product: 'fake',
    isUsable: true,
    isWorn: false,
    isCold: false,
    keepsDocuments: false,
    needsCare: false,
    left: left.promise,
    rehearse: () => Promise.resolve(),
    clean: () => Promise.resolve(),
    care: () => Promise.resolve(),
    print: () => Promise.reject(new Error('not asked for')),
    verify: () => Promise.resolve(),
    memory: () => Promise.resolve(undefined),
    kill: () => {
      left.resolve('killed');
      return Promise.resolve();
    },
    ...more,
  };
}

let pool: EnginePool;
afterEach(() => pool.close());

function openPool(most: number, more: Partial<PageSlot> = {}): { readonly started: PageSlot[] } {
  const started: PageSlot[] = [];
  pool = new EnginePool({
    most,
    idleShutdownMs: 60_000,
    logger: silentLogger,
    startSlot: () => {
      const slot = fakeSlot(more);
      started.push(slot);
      return Promise.resolve(slot);
    },
  });
  return { started };
}

describe('an urgent print', () => {
  it('goes before those that wait (a preview behind a queue)', async () => {
    openPool(1);
    const first = await pool.acquire(NEVER);
    const order: string[] = [];
    const take = async (name: string, urgency: Urgency): Promise<PageSlot> => {
      const slot = await pool.acquire(NEVER, urgency);
      order.push(name);
      return slot;
    };
    const jobs = [take('job 1', 'ordinary'), take('job 2', 'ordinary')];
    const preview = take('preview', 'urgent');
    pool.release(first);
    pool.release(await preview);
    for (const job of jobs) pool.release(await job);
    expect(order).toEqual(['preview', 'job 1', 'job 2']);
  });

  it('gets a slot beyond the most when all print long documents, and no other does', async () => {
    const { started } = openPool(2);
    const busy = await pool.acquire(NEVER);
    await pool.acquire(NEVER);
    const urgent = await pool.acquire(NEVER, 'urgent');
    expect(started).toHaveLength(3);
    pool.release(urgent);

    let got = false;
    const ordinary = pool.acquire(NEVER).then((slot) => {
      got = true;
      return slot;
    });
    // The spare one is free, and is still there for the next urgent print.
    pool.release(await pool.acquire(NEVER, 'urgent'));
    expect(got).toBe(false);
    pool.release(busy);
    await ordinary;
    expect(started).toHaveLength(3);
  });

  it('takes a page that prints ahead have left, before those', async () => {
    openPool(1);
    const ahead = await pool.acquire(NEVER, 'ahead');
    const order: string[] = [];
    const take = (name: string, urgency: Urgency): Promise<void> =>
      pool.acquire(NEVER, urgency).then((slot) => {
        order.push(name);
        pool.release(slot);
      });
    const all = [take('ahead', 'ahead'), take('job', 'ordinary'), take('preview', 'urgent')];
    pool.release(ahead);
    await Promise.all(all);
    expect(order).toEqual(['preview', 'job', 'ahead']);
  });

  it('leaves its spare slot to others when one of theirs is lost (a wait for ever)', async () => {
    const { started } = openPool(1);
    const busy = await pool.acquire(NEVER);
    pool.release(await pool.acquire(NEVER, 'urgent'));
    const waiting = pool.acquire(NEVER);
    pool.discard(busy);
    expect(await waiting).toBe(started[1]);
  });
});

describe('a print ahead of its time', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('holds up no job: that gets a slot beyond the most, and no other print ahead does', async () => {
    const { started } = openPool(2);
    const first = await pool.acquire(NEVER, 'ahead');
    await pool.acquire(NEVER, 'ahead');
    let got = false;
    const third = pool.acquire(NEVER, 'ahead').then(() => (got = true));
    const job = await pool.acquire(NEVER);
    expect(started).toHaveLength(3);
    pool.release(job);
    pool.release(await pool.acquire(NEVER));
    expect(got).toBe(false);
    pool.release(first);
    await third;
    expect(started).toHaveLength(3);
  });

  it('leaves a page to who has just had one and may come back, for a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { started } = openPool(2);
    pool.release(await pool.acquire(NEVER));
    await pool.acquire(NEVER, 'ahead');
    let got = false;
    const second = pool.acquire(NEVER, 'ahead').then(() => (got = true));
    await vi.advanceTimersByTimeAsync(500);
    expect(got).toBe(false);
    pool.release(await pool.acquire(NEVER));
    await vi.advanceTimersByTimeAsync(900);
    expect(got).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    await second;
    expect(started).toHaveLength(2);
  });

  it('is done some day, however many jobs come (a batch that stands still)', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    openPool(1);
    let slot = await pool.acquire(NEVER);
    const order: string[] = [];
    void pool.acquire(NEVER, 'ahead').then(() => order.push('ahead'));
    const isDone = (): boolean => order.length > 0;
    for (let jobs = 0; jobs < 100 && !isDone(); jobs += 1) {
      const turn = new AbortController();
      const next = pool.acquire(turn.signal);
      pool.release(slot);
      await vi.advanceTimersByTimeAsync(100);
      if (isDone()) {
        turn.abort(new Error('its turn was that of the other one'));
        await expect(next).rejects.toThrow();
      } else slot = await next;
    }
    expect(order).toEqual(['ahead']);
  });
});

describe('a pool that nobody uses', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps what bursts share, and gives it back with the other pages after its time (memory of idle hosts)', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const cleaned: PageSlot[] = [];
    const { started } = openPool(2, {
      keepsDocuments: true,
      clean() {
        cleaned.push(this as PageSlot);
        return Promise.resolve();
      },
    });
    const slots = Promise.all([pool.acquire(NEVER), pool.acquire(NEVER)]);
    await vi.advanceTimersByTimeAsync(100);
    for (const slot of await slots) pool.release(slot);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(cleaned).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(cleaned).toEqual([started[0]]);
    expect(pool.facts.processes).toBe(1);
  });

  it('warms up a page that has not printed (a first document that takes longer)', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let rehearsed = 0;
    openPool(1, {
      isCold: true,
      rehearse() {
        rehearsed += 1;
        return Promise.resolve();
      },
    });
    await pool.warmUp();
    await vi.advanceTimersByTimeAsync(5100);
    expect(rehearsed).toBe(1);
  });
});
