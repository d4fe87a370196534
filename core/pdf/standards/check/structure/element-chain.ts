/** From a structure element up to the root of the tree. */
import { PdfRef, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';

const MOST_STEPS = 10_000;

/** The element itself, then its ancestors, the root last; ends at a circle. */
export function* elementChain(file: CheckedFile, element: PdfObject | undefined): Generator<PdfDict> {
  const seen = new Set<number>();
  let current = element;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    file.budget.step();
    if (current instanceof PdfRef) {
      if (seen.has(current.number)) return;
      seen.add(current.number);
    }
    const dict = file.dict(current);
    if (dict === undefined) return;
    yield dict;
    current = dict.get('P');
  }
}

/** What content asks of the element that it belongs to. */
export class ElementFacts {
  readonly #file: CheckedFile;
  readonly #tagged = new Map<number, boolean>();
  readonly #languages = new Map<number, boolean>();

  constructor(file: CheckedFile) {
    this.#file = file;
  }

  /** Its ancestors lead to the root of the structure tree. */
  isTagged(element: PdfObject | undefined): boolean {
    return this.#known(
      this.#tagged,
      element,
      (dict) => this.#file.name(dict.get('Type')) === 'StructTreeRoot',
    );
  }

  /** It or an ancestor states a language. */
  hasLanguage(element: PdfObject | undefined): boolean {
    return this.#known(this.#languages, element, (dict) => this.#file.string(dict.get('Lang')) !== undefined);
  }

  hasText(element: PdfObject | undefined, key: 'ActualText' | 'Alt'): boolean {
    return this.#file.string(this.#file.dict(element)?.get(key)) !== undefined;
  }

  #known(
    known: Map<number, boolean>,
    element: PdfObject | undefined,
    test: (dict: PdfDict) => boolean,
  ): boolean {
    if (element === undefined) return false;
    const number = element instanceof PdfRef ? element.number : undefined;
    const cached = number === undefined ? undefined : known.get(number);
    if (cached !== undefined) return cached;
    let answer = false;
    for (const dict of elementChain(this.#file, element)) {
      if (!test(dict)) continue;
      answer = true;
      break;
    }
    if (number !== undefined) known.set(number, answer);
    return answer;
  }
}
