/** Attributes of structure elements: their own, then those of their classes (ISO 32000-2 §14.7.6). */
import type { PdfDict, PdfObject } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';

const MOST_PARENTS = 10_000;

export class Attributes {
  readonly #facts: Facts;
  readonly #classes: PdfDict | undefined;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#classes = facts.file.dict(facts.structTreeRoot?.get('ClassMap'));
  }

  name(element: PdfDict, owner: string, key: string): string | undefined {
    return this.#find(element, owner, key, (value) => this.#facts.file.name(value));
  }

  integer(element: PdfDict, owner: string, key: string): number | undefined {
    return this.#find(element, owner, key, (value) => this.#facts.file.integer(value));
  }

  array(element: PdfDict, owner: string, key: string): readonly PdfObject[] | undefined {
    return this.#find(element, owner, key, (value) => this.#facts.file.array(value));
  }

  /** Of the element or the nearest ancestor that has it. */
  inheritedName(element: PdfDict, owner: string, key: string): string | undefined {
    let current: PdfDict | undefined = element;
    for (let steps = 0; current !== undefined && steps < MOST_PARENTS; steps += 1) {
      this.#facts.budget.step();
      const value = this.name(current, owner, key);
      if (value !== undefined) return value;
      current = this.#facts.file.dict(current.get('P'));
    }
    return undefined;
  }

  #find<Value>(
    element: PdfDict,
    owner: string,
    key: string,
    read: (value: PdfObject | undefined) => Value | undefined,
  ): Value | undefined {
    const { file } = this.#facts;
    const within = (attributes: PdfObject | undefined): Value | undefined => {
      for (const item of file.array(attributes) ?? [attributes]) {
        const dict = file.dict(item);
        if (dict === undefined || file.name(dict.get('O')) !== owner) continue;
        const value = read(dict.get(key));
        if (value !== undefined) return value;
      }
      return undefined;
    };
    const own = within(element.get('A'));
    const classes = element.get('C');
    if (own !== undefined || classes === undefined || this.#classes === undefined) return own;
    for (const name of file.array(classes) ?? [classes]) {
      const value = within(this.#classes.get(file.name(name) ?? ''));
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
