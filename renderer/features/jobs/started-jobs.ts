/**
 * Jobs that were started from here, until they end. An answer and an event travel on two ways, so a job may end before
 * it is known under which number it was accepted.
 */
import type { JobRow } from '../../../contract/studio/jobs.ts';
import { isEnded } from './job-words.ts';

export type EndedJob = Pick<
  JobRow,
  'id' | 'status' | 'document_id' | 'pages' | 'size' | 'error' | 'error_code'
>;

export interface Ended {
  /** All jobs of one action, in the order in which they ended. */
  readonly jobs: readonly EndedJob[];
}

interface Watch {
  /** Undefined until the host has told the numbers. */
  waiting: Set<number> | undefined;
  readonly ended: Map<number, EndedJob>;
}

export interface StartedWatch {
  /** The numbers of the jobs that the action started; none ends the watch. */
  accepted(ids: readonly number[]): void;
}

export class StartedJobs {
  readonly #watches = new Set<Watch>();
  readonly #onEnd: (ended: Ended) => void;

  constructor(onEnd: (ended: Ended) => void) {
    this.#onEnd = onEnd;
  }

  /** To be called before the host is asked. */
  begin(): StartedWatch {
    const watch: Watch = { waiting: undefined, ended: new Map() };
    this.#watches.add(watch);
    return {
      accepted: (ids) => {
        watch.waiting = new Set(ids);
        for (const id of watch.ended.keys()) if (!watch.waiting.has(id)) watch.ended.delete(id);
        this.#settle(watch);
      },
    };
  }

  changed(job: EndedJob): void {
    for (const watch of this.#watches) {
      if (watch.waiting !== undefined && !watch.waiting.has(job.id)) continue;
      if (isEnded(job.status)) watch.ended.set(job.id, job);
      // Tried once more after all.
      else watch.ended.delete(job.id);
      this.#settle(watch);
    }
  }

  /** Whose end is still waited for: to be asked about when events were lost. */
  get waiting(): number[] {
    return [...this.#watches].flatMap(({ waiting, ended }) =>
      [...(waiting ?? [])].filter((id) => !ended.has(id)),
    );
  }

  #settle(watch: Watch): void {
    if (watch.waiting === undefined || watch.ended.size < watch.waiting.size) return;
    this.#watches.delete(watch);
    if (watch.waiting.size > 0) this.#onEnd({ jobs: [...watch.ended.values()] });
  }
}
