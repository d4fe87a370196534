/**
 * Page numbers inside of a document: only a print tells them, so a document that asks for them is rendered and printed
 * again until those that it was rendered with are those that came out (core/pdf/references/print-until-still.ts).
 */
import { randomUUID } from 'node:crypto';

/** What a print told. */
export interface PageNumbers {
  /** Pages of the whole document. */
  readonly count: number;
  /** From 1, by id; what is not printed is not in it. */
  readonly pages: ReadonlyMap<string, number>;
}

/** What a rendered document wants to know. */
export interface AskedReferences {
  /** Ids that `pageOf` names. */
  readonly named: readonly string[];
  /** Ids of the headings that a table of contents lists, or would if they were printed. */
  readonly listed: readonly string[];
  readonly count: boolean;
}

/** Stands for an id that is not in the document. */
export const UNKNOWN_PAGE = '?';

/** Before the first print every number is 1: most documents have one page, and a number can be calculated with. */
const FIRST_GUESS = 1;

export function pageOf(numbers: PageNumbers | undefined, id: string): number | undefined {
  return numbers ? numbers.pages.get(id) : FIRST_GUESS;
}

export const pageCount = (numbers: PageNumbers | undefined): number => numbers?.count ?? FIRST_GUESS;

/** Whether a document that was rendered with `before` shows what its print told. */
export function standStill(
  asked: AskedReferences,
  before: PageNumbers | undefined,
  after: PageNumbers,
): boolean {
  if (asked.count && pageCount(before) !== after.count) return false;
  const stands = (id: string): boolean => pageOf(before, id) === after.pages.get(id);
  return asked.named.every(stands) && asked.listed.every(stands);
}

/** What the texts of one document ask while they are rendered. */
export class ReferenceRecord {
  readonly numbers: PageNumbers | undefined;
  /** Of the marks of this document: nobody can put one into its data. */
  readonly key = randomUUID();
  readonly #named = new Set<string>();
  readonly #listed = new Set<string>();
  #count = false;

  constructor(numbers: PageNumbers | undefined) {
    this.numbers = numbers;
  }

  pageOf(id: string): number | typeof UNKNOWN_PAGE {
    this.#named.add(id);
    return pageOf(this.numbers, id) ?? UNKNOWN_PAGE;
  }

  pageCount(): number {
    this.#count = true;
    return pageCount(this.numbers);
  }

  /** The page of a heading for a table of contents; undefined when it is not printed. */
  list(id: string): number | undefined {
    this.#listed.add(id);
    return pageOf(this.numbers, id);
  }

  /** Undefined when nothing was asked. */
  asked(): AskedReferences | undefined {
    if (this.#named.size === 0 && this.#listed.size === 0 && !this.#count) return undefined;
    return { named: [...this.#named], listed: [...this.#listed], count: this.#count };
  }
}
