import type { StudioEvent } from '../../contract/studio/event.ts';

export type StudioListener = (event: StudioEvent) => void;

/** Hands what happens to every studio that is open. */
export class StudioEventHub {
  readonly #listeners = new Set<StudioListener>();

  emit(event: StudioEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls back until disposed. */
  subscribe(listener: StudioListener): () => void {
    // A function of its own, so that the same listener can be there twice.
    const own: StudioListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  get size(): number {
    return this.#listeners.size;
  }
}
