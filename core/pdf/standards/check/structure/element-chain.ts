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

  // Once, not at each of the many times that text is shown.
  readonly #isRoot = (dict: PdfDict): boolean => this.#file.name(dict.get('Type')) === 'StructTreeRoot';
  readonly #statesLanguage = (dict: PdfDict): boolean => this.#file.string(dict.get('Lang')) !== undefined;

  /** Its ancestors lead to the root of the structure tree. */
  isTagged(element: PdfObject | undefined): boolean {
    return this.#known(this.#tagged, element, this.#isRoot);
  }

  /** It or an ancestor states a language. */
  hasLanguage(element: PdfObject | undefined): boolean {
    return this.#known(this.#languages, element, this.#statesLanguage);
  }

  hasText(element: PdfObject | undefined, key: 'ActualText' | 'Alt'): boolean {
    return this.#file.string(this.#file.dict(element)?.get(key)) !== undefined;
  }

  /** What is found for an element is kept for all on the way up to it, so that each is asked once. */
  #known(
    known: Map<number, boolean>,
    element: PdfObject | undefined,
    test: (dict: PdfDict) => boolean,
  ): boolean {
    if (element === undefined) return false;
    const asked = element instanceof PdfRef ? known.get(element.number) : undefined;
    if (asked !== undefined) return asked;
    const path: number[] = [];
    let current: PdfObject | undefined = element;
    let answer = false;
    for (;;) {
      if (current instanceof PdfRef) {
        const before = known.get(current.number);
        if (before !== undefined) {
          answer = before;
          break;
        }
        // In a circle, those that are met again have no answer but this.
        known.set(current.number, false);
        path.push(current.number);
      }
      this.#file.budget.step();
      const dict: PdfDict | undefined = this.#file.dict(current);
      if (dict === undefined) break;
      if (test(dict)) {
        answer = true;
        break;
      }
      current = dict.get('P');
    }
    if (answer) for (const number of path) known.set(number, true);
    return answer;
  }
}
