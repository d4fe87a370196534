/** How many of something happened of late. */
export interface Rate {
  add(): void;
  /** A minute; undefined before the first. */
  perMinute(): number | undefined;
}

const WINDOW_MS = 60_000;
const SLOTS = 60;

/** `now`: milliseconds of the monotonic clock. */
export function createRate(now: () => number): Rate {
  const started = now();
  const slots = new Array<number>(SLOTS).fill(0);
  let last = 0;
  let total = 0;
  const slotAt = (): number => Math.floor(((now() - started) / WINDOW_MS) * SLOTS);
  const forgetOld = (): void => {
    const slot = slotAt();
    for (let old = Math.max(last + 1, slot - SLOTS + 1); old <= slot; old += 1) slots[old % SLOTS] = 0;
    last = slot;
  };
  return {
    add() {
      forgetOld();
      slots[last % SLOTS] = (slots[last % SLOTS] ?? 0) + 1;
      total += 1;
    },
    perMinute() {
      if (total === 0) return undefined;
      forgetOld();
      const count = slots.reduce((sum, one) => sum + one, 0);
      // Of the present slot only a part is over.
      const spanMs = Math.min(Math.max(now() - started, 1), WINDOW_MS);
      return (count / spanMs) * WINDOW_MS;
    },
  };
}
