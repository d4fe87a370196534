/**
 * The previews of one open editor: one is made at a time, the newest edit waits, older ones that have not begun are given
 * up. What is being made is finished, because ending a print costs a browser process and because pictures have to appear
 * while somebody types without a pause; only what takes far longer than usual makes room for a newer edit.
 */
import { InfluxionError } from '../error.ts';
import type { PageNumbers } from '../templates/references/page-numbers.ts';

/** What a preview takes before a newer edit ends it, milliseconds. */
const PATIENCE_MS = 4_000;
const LONGEST_PATIENCE_MS = 64_000;

export interface Turn {
  /** Aborted when the preview is to end. */
  readonly signal: AbortSignal;
  /** What the last print of this editor told. */
  readonly pageNumbers: PageNumbers | undefined;
}

export interface Made<Output> {
  readonly output: Output;
  readonly pageNumbers: PageNumbers | undefined;
}

interface Waiting {
  readonly begin: () => void;
  readonly giveUp: (reason: unknown) => void;
}

export class PreviewSession {
  #running: AbortController | undefined;
  #waiting: Waiting | undefined;
  #impatience: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #patienceMs = PATIENCE_MS;
  #pageNumbers: PageNumbers | undefined;
  #isClosed = false;

  /** Rejects with PREVIEW_SUPERSEDED, the reason of the caller's signal, or what `make` rejects with. */
  async render<Output>(signal: AbortSignal, make: (turn: Turn) => Promise<Made<Output>>): Promise<Output> {
    if (this.#isClosed) throw superseded();
    signal.throwIfAborted();
    const running = await this.#turn(signal);
    const gone = Promise.withResolvers<never>();
    gone.promise.catch(() => undefined);
    const leave = (): void => {
      gone.reject(signal.reason);
      this.#grantPatience();
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const making = this.#make(running, make);
    making.catch(() => undefined);
    try {
      return await Promise.race([making, gone.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Ends what runs and waits. */
  close(): void {
    this.#isClosed = true;
    this.#waiting?.giveUp(superseded());
    this.#running?.abort(superseded());
  }

  async #make<Output>(
    running: AbortController,
    make: (turn: Turn) => Promise<Made<Output>>,
  ): Promise<Output> {
    try {
      running.signal.throwIfAborted();
      const made = await make({ signal: running.signal, pageNumbers: this.#pageNumbers });
      this.#pageNumbers = made.pageNumbers;
      // One that takes long by nature is not to be ended over and over.
      this.#patienceMs = Math.max(PATIENCE_MS, Math.min(LONGEST_PATIENCE_MS, 2 * this.#age()));
      return made.output;
    } finally {
      clearTimeout(this.#impatience);
      this.#impatience = undefined;
      this.#running = undefined;
      this.#waiting?.begin();
    }
  }

  /** Resolves when nothing runs and this is the newest. */
  #turn(signal: AbortSignal): Promise<AbortController> {
    this.#waiting?.giveUp(superseded());
    if (!this.#running) return Promise.resolve(this.#begin());
    this.#grantPatience();
    const { promise, resolve, reject } = Promise.withResolvers<AbortController>();
    const abort = (): void => waiting.giveUp(signal.reason);
    const leave = (): void => {
      signal.removeEventListener('abort', abort);
      if (this.#waiting === waiting) this.#waiting = undefined;
    };
    const waiting: Waiting = {
      begin: () => {
        leave();
        resolve(this.#begin());
      },
      giveUp: (reason) => {
        leave();
        reject(reason);
      },
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting = waiting;
    return promise;
  }

  #begin(): AbortController {
    this.#startedAt = performance.now();
    return (this.#running = new AbortController());
  }

  #age(): number {
    return performance.now() - this.#startedAt;
  }

  /** Lets what runs go on for as long as it may. */
  #grantPatience(): void {
    this.#impatience ??= setTimeout(
      () => {
        this.#patienceMs = Math.min(LONGEST_PATIENCE_MS, 2 * this.#patienceMs);
        this.#running?.abort(superseded());
      },
      Math.max(0, this.#patienceMs - this.#age()),
    );
  }
}

const superseded = (): InfluxionError =>
  new InfluxionError('PREVIEW_SUPERSEDED', 'A newer edit is being shown instead of this one.');
