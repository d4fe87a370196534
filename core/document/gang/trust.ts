/** Which documents may be printed with others, as far as comparisons have shown; by what their prints have in common. */

/** Kinds of documents in one batch: those with style sheets of their own. */
const MOST_KINDS = 200;

/** Compared before any is believed, and of every later print one, before any of it is handed out. */
const FIRST = 3;
/** Ways in which characters of a print may differ from its text, each seen in a document that was compared. */
const MOST_DIFFERENCES = 50;

/** Prints of single pages pay off while most documents have no more. */
const LEAST_KEPT = 0.5;
const ENOUGH = 10;

interface Known {
  /** Points, of all documents of all prints. */
  height: number;
  measured: number;
  documents: number;
  kept: number;
  compared: number;
  readonly differences: Set<string>;
}

export class Trust {
  readonly #known = new Map<string, Known>();
  readonly #broken = new Set<string>();

  /** Also for more kinds than are worth remembering. */
  isBroken(shell: string): boolean {
    return this.#broken.has(shell) || (this.#known.size >= MOST_KINDS && !this.#known.has(shell));
  }

  /** Whether printing them together pays off. `isWhole`: those of a print that could be used. */
  note(shell: string, isWhole: readonly boolean[]): void {
    const known = this.#of(shell);
    known.documents += isWhole.length;
    known.kept += isWhole.filter(Boolean).length;
    if (known.documents >= ENOUGH && known.kept < known.documents * LEAST_KEPT) this.lose(shell);
  }

  /** `height` is that of `documents` in one print, in points. */
  measure(shell: string, documents: number, height: number): void {
    const known = this.#of(shell);
    known.measured += documents;
    known.height += height;
  }

  /** How many documents are as high together, by those that were measured; undefined before any was. */
  fitting(shell: string, height: number): number | undefined {
    const known = this.#known.get(shell);
    if (known === undefined || known.height === 0) return undefined;
    return Math.floor((height * known.measured) / known.height);
  }

  /** The places of those to compare, among those of a print that are whole. */
  samples(shell: string, isWhole: readonly boolean[]): number[] {
    const known = this.#of(shell);
    const whole = [...isWhole.keys()].filter((index) => isWhole[index] === true);
    if (known.compared < FIRST)
      return [...new Set([whole[0], whole[1], whole.at(-1)])].filter((each) => each !== undefined);
    // Every place of a print has its turn.
    const sample = whole[(known.compared * STEP) % Math.max(1, whole.length)];
    return sample === undefined ? [] : [sample];
  }

  learn(shell: string, difference: string): void {
    const known = this.#of(shell);
    known.compared += 1;
    if (known.differences.size < MOST_DIFFERENCES) known.differences.add(difference);
  }

  knows(shell: string, difference: string): boolean {
    return this.#of(shell).differences.has(difference);
  }

  lose(shell: string): void {
    this.#broken.add(shell);
  }

  #of(shell: string): Known {
    const known = this.#known.get(shell) ?? {
      height: 0,
      measured: 0,
      documents: 0,
      kept: 0,
      compared: 0,
      differences: new Set(),
    };
    this.#known.set(shell, known);
    return known;
  }
}

/** Prime to the usual sizes of a print. */
const STEP = 7;
