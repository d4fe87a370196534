import type { Job } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { JobEvents } from './job-events.ts';
import { isEnded } from './job-row.ts';

/** Resolves when the job has ended, after `timeoutMs` or at an abort, with the job as it then is. Polls nothing. */
export function waitUntilEnded(wait: {
  readonly events: JobEvents;
  readonly get: () => Job;
  readonly id: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Job> {
  const { events, get, id, timeoutMs, signal } = wait;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      try {
        resolve(get());
      } catch (error) {
        reject(InfluxionError.from(error));
      }
    };
    const job = get();
    if (isEnded(job.status) || timeoutMs <= 0 || signal.aborted) {
      resolve(job);
      return;
    }
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      dispose();
      settle();
    };
    const timer = setTimeout(finish, timeoutMs);
    signal.addEventListener('abort', finish, { once: true });
    const dispose = events.onEnd(id, finish);
  });
}
