/** Who gets a page first. Slots are fakes at the port; the pool is the real one. */
import { afterEach, describe, expect, it } from 'vitest';
import { EnginePool } from '../../../core/pdf/pool/engine-pool.ts';
import type { PageSlot } from '../../../core/pdf/pool/page-slot.ts';
import { silentLogger } from '../../support/engine-folders.ts';

const NEVER = new AbortController().signal;

function fakeSlot(): PageSlot {
  const left = Promise.withResolvers<string>();
  return {
    product: 'fake',
    isUsable: true,
    isWorn: false,
    wantsRest: false,
    needsCare: false,
    left: left.promise,
    rest: () => Promise.resolve(),
    care: () => Promise.resolve(),
    print: () => Promise.reject(new Error('not asked for')),
    verify: () => Promise.resolve(),
    memory: () => Promise.resolve(undefined),
    kill: () => {
      left.resolve('killed');
      return Promise.resolve();
    },
  };
}

let pool: EnginePool;
afterEach(() => pool.close());

function openPool(most: number): { readonly started: PageSlot[] } {
  const started: PageSlot[] = [];
  pool = new EnginePool({
    most,
    idleShutdownMs: 60_000,
    logger: silentLogger,
    startSlot: () => {
      const slot = fakeSlot();
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
    const take = async (name: string, urgent: boolean): Promise<PageSlot> => {
      const slot = await pool.acquire(NEVER, urgent);
      order.push(name);
      return slot;
    };
    const jobs = [take('job 1', false), take('job 2', false)];
    const preview = take('preview', true);
    pool.release(first);
    pool.release(await preview);
    for (const job of jobs) pool.release(await job);
    expect(order).toEqual(['preview', 'job 1', 'job 2']);
  });

  it('gets a slot beyond the most when all print long documents, and no other does', async () => {
    const { started } = openPool(2);
    const busy = await pool.acquire(NEVER);
    await pool.acquire(NEVER);
    const urgent = await pool.acquire(NEVER, true);
    expect(started).toHaveLength(3);
    pool.release(urgent);

    let got = false;
    const ordinary = pool.acquire(NEVER).then((slot) => {
      got = true;
      return slot;
    });
    // The spare one is free, and is still there for the next urgent print.
    pool.release(await pool.acquire(NEVER, true));
    expect(got).toBe(false);
    pool.release(busy);
    await ordinary;
    expect(started).toHaveLength(3);
  });

  it('leaves its spare slot to others when one of theirs is lost (a wait for ever)', async () => {
    const { started } = openPool(1);
    const busy = await pool.acquire(NEVER);
    pool.release(await pool.acquire(NEVER, true));
    const waiting = pool.acquire(NEVER);
    pool.discard(busy);
    expect(await waiting).toBe(started[1]);
  });
});
