/** What one check may cost: a hostile file must end as an answer, not as a hang. */

/** The check was given up; `message` says why. */
export class BudgetExceeded extends Error {}

const STEPS_PER_LOOK = 4_096;

export class Budget {
  readonly #deadline: number;
  readonly #milliseconds: number;
  #left = STEPS_PER_LOOK;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#deadline = performance.now() + milliseconds;
  }

  /** Called at every step of a walk, with what the step is worth. Throws BudgetExceeded. */
  step(steps = 1): void {
    this.#left -= steps;
    if (this.#left > 0) return;
    this.#left = STEPS_PER_LOOK;
    if (performance.now() > this.#deadline) {
      throw new BudgetExceeded(`The check was given up after ${Math.round(this.#milliseconds / 1000)} s.`);
    }
  }
}
