/** Where each object of a file is: what the newest section that names it says. */
import type { XrefEntry, XrefRange, XrefSection } from './xref-section.ts';

export class XrefIndex {
  /** One more than the highest object number that a section names. */
  readonly end: number;
  /** Oldest first. */
  readonly #ranges: readonly XrefRange[];
  /** By object number the place of its range among `#ranges`, from 1; 0 for none. Hostile files have many of both. */
  readonly #rangeOf: Uint32Array;

  /** `sections`: newest first. */
  constructor(sections: readonly XrefSection[]) {
    this.#ranges = sections.flatMap(({ ranges }) => ranges).reverse();
    this.end = this.#ranges.reduce((end, { first, count }) => Math.max(end, first + count), 0);
    this.#rangeOf = new Uint32Array(this.end);
    for (const [index, { first, count }] of this.#ranges.entries()) {
      this.#rangeOf.fill(index + 1, first, first + count);
    }
  }

  entry(number: number): XrefEntry | undefined {
    const range = this.#ranges[(this.#rangeOf[number] ?? 0) - 1];
    return range?.entry(number - range.first);
  }

  /** See XrefRange. */
  offset(number: number): number {
    const range = this.#ranges[(this.#rangeOf[number] ?? 0) - 1];
    return range === undefined ? -1 : range.offset(number - range.first);
  }
}
