import type { StudioEvent } from '../../contract/studio/event.ts';

export type StudioListener = (event: StudioEvent) => void;

/** Begins to tell of something and returns what ends it. */
export type EventSource = () => () => void;

/** Hands what happens to every studio that is open. */
export class StudioEventHub {
  readonly #listeners = new Set<StudioListener>();
  readonly #sources: EventSource[] = [];
  #ends: (() => void)[] = [];

  emit(event: StudioEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls back until disposed. */
  subscribe(listener: StudioListener): () => void {
    // A function of its own, so that the same listener can be there twice.
    const own: StudioListener = (event) => listener(event);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#ends = this.#sources.map((start) => start());
    return () => {
      if (!this.#listeners.delete(own) || this.#listeners.size > 0) return;
      for (const end of this.#ends.splice(0)) end();
    };
  }

  /** A source that costs something runs only while somebody listens. */
  whileHeard(source: EventSource): void {
    this.#sources.push(source);
    if (this.#listeners.size > 0) this.#ends.push(source());
  }

  /** Tells nobody of anything any more: what the sources look at is about to be closed. */
  close(): void {
    this.#listeners.clear();
    this.#sources.length = 0;
    for (const end of this.#ends.splice(0)) end();
  }

  get size(): number {
    return this.#listeners.size;
  }
}
