/** One change of a template at a time: what was read is still so when it is written. */
export class TemplateTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does the work once all earlier work of the same key has ended. */
  take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#last.set(key, turn);
    const end = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(end, end);
    return turn;
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
