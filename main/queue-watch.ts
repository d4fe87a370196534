/** What the system is told of the queue: a tray with its state, a computer that stays awake, a notice when all is done. */
import type { ApiState } from '../contract/studio/api.ts';
import type { StudioEvent } from '../contract/studio/event.ts';

export interface QueueSigns {
  /** Keeps the computer from sleeping, until it is let go. */
  readonly stayAwake: () => () => void;
  /** A line for the tray. */
  readonly showState: (text: string) => void;
  /** All that was running has ended. */
  readonly allDone: (text: string) => void;
}

interface Counts {
  readonly received: number;
  readonly in_progress: number;
}

export interface QueueWatch {
  /** To be called with every event of the studio. */
  hear(event: StudioEvent): void;
  /** Whether jobs wait or run. */
  readonly isBusy: boolean;
  dispose(): void;
}

export function watchQueue(signs: QueueSigns): QueueWatch {
  let letSleep: (() => void) | undefined;
  let isBusy = false;
  let done = 0;
  let failed = 0;

  const update = (counts: Counts): void => {
    isBusy = counts.received + counts.in_progress > 0;
    if (counts.in_progress > 0) letSleep ??= signs.stayAwake();
    else {
      letSleep?.();
      letSleep = undefined;
    }
    signs.showState(stateLine(counts));
    if (isBusy || done + failed === 0) return;
    signs.allDone(doneLine(done, failed));
    done = 0;
    failed = 0;
  };

  return {
    hear(event) {
      if (event.type === 'jobs.changed') {
        done += event.jobs.filter(({ status }) => status === 'Done').length;
        failed += event.jobs.filter(({ status }) => status === 'Error').length;
      } else if (event.type === 'status.changed') update(event.status.queue);
    },
    get isBusy() {
      return isBusy;
    },
    dispose: () => letSleep?.(),
  };
}

export const stateLine = ({ received, in_progress }: Counts): string =>
  received + in_progress === 0 ? 'No jobs are running' : `${in_progress} running, ${received} waiting`;

const documents = (count: number): string => (count === 1 ? '1 document' : `${count} documents`);

export function doneLine(done: number, failed: number): string {
  if (failed === 0) return `${documents(done)} ready`;
  return done === 0 ? `${documents(failed)} failed` : `${documents(done)} ready, ${failed} failed`;
}

export const apiLine = ({ mode, urls }: ApiState): string =>
  mode === 'off' || urls[0] === undefined ? 'API off' : `API at ${urls[0]}`;

/** Why the app goes on without a window, in words, or undefined when it need not. */
export function backgroundReason(isBusy: boolean, api: ApiState | undefined): string | undefined {
  if (isBusy)
    return 'Influxion goes on until its jobs are done. Quit it from its icon or start it again to see it.';
  if (api === undefined || api.mode === 'off') return undefined;
  return `Influxion goes on for programs that use it (${apiLine(api)}). Quit it from its icon, or switch the API off.`;
}
