import type { Logger } from '../ports.ts';
import { HOST_RETRY, retryDelay } from './retry-policy.ts';

/** Wakes jobs that are to be tried again later. */
export interface RetryTimers {
  /** `delayMs` from now. */
  wakeAfter(id: number, delayMs: number): void;
  forget(id: number): void;
  /** None is woken any more. */
  close(): void;
}

export function createRetryTimers(deps: {
  readonly wake: (id: number) => Promise<unknown>;
  readonly random: () => number;
  readonly logger: Logger;
}): RetryTimers {
  const timers = new Map<number, NodeJS.Timeout>();
  let isClosed = false;

  function wakeAfter(id: number, delayMs: number): void {
    if (isClosed) return;
    clearTimeout(timers.get(id));
    timers.set(
      id,
      setTimeout(() => {
        timers.delete(id);
        deps.wake(id).catch((error: unknown) => {
          deps.logger.warn({ err: error, job: id }, 'a job could not be woken for its retry');
          wakeAfter(id, retryDelay(HOST_RETRY, 3, deps.random));
        });
      }, delayMs),
    );
  }

  return {
    wakeAfter,
    forget(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    close() {
      isClosed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
