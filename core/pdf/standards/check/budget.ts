/** What one check may cost: a hostile file must end as an answer, not as a hang. */

/** The check was given up; `message` says why. */
export class BudgetExceeded extends Error {}

const STEPS_PER_LOOK = 4_096;

export class Budget {
  readonly #deadline: number;
  readonly #milliseconds: number;
  #steps = 0;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#deadline = performance.now() + milliseconds;
  }

  /** Called at every step of a walk. Throws BudgetExceeded. */
  step(steps = 1): void {
    const before = this.#steps;
    this.#steps += steps;
    if (Math.floor(before / STEPS_PER_LOOK) === Math.floor(this.#steps / STEPS_PER_LOOK)) return;
    if (performance.now() > this.#deadline) {
      throw new BudgetExceeded(`The check was given up after ${Math.round(this.#milliseconds / 1000)} s.`);
    }
  }
}
