/** The parent tree (ISO 32000-2 §14.7.5.4): the structure elements that content and annotations belong to. */
import { PdfRef, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';

const MOST_DEPTH = 64;

export class ParentTree {
  readonly #file: CheckedFile;
  readonly #root: PdfObject | undefined;
  #entries: Map<number, PdfObject> | undefined;

  constructor(file: CheckedFile, structTreeRoot: PdfDict | undefined) {
    this.#file = file;
    this.#root = structTreeRoot?.get('ParentTree');
  }

  /** As it stands there: a reference to an element, or an array of such. */
  entry(key: number | undefined): PdfObject | undefined {
    if (key === undefined || this.#root === undefined) return undefined;
    this.#entries ??= this.#read();
    return this.#entries.get(key);
  }

  /** The element that `holder` (a page, a form, an annotation) or its marked content `mcid` belongs to. */
  element(holder: PdfDict | undefined, mcid: number | undefined): PdfObject | undefined {
    if (holder === undefined) return undefined;
    const single = this.#file.integer(holder.get('StructParent'));
    if (single !== undefined) return this.entry(single);
    const many = this.#file.integer(holder.get('StructParents'));
    if (mcid === undefined || mcid < 0 || many === undefined) return undefined;
    return this.#file.array(this.entry(many))?.[mcid];
  }

  #read(): Map<number, PdfObject> {
    const entries = new Map<number, PdfObject>();
    const seen = new Set<number>();
    const visit = (object: PdfObject | undefined, low: number, high: number, depth: number): void => {
      this.#file.budget.step();
      if (object instanceof PdfRef) {
        if (seen.has(object.number)) return;
        seen.add(object.number);
      }
      const node = this.#file.dictOrStream(object);
      if (node === undefined || depth > MOST_DEPTH) return;
      const limits = this.#file.array(node.get('Limits'));
      const [first = low, last = high] =
        limits?.length === 2 ? limits.map((limit) => this.#file.integer(limit)) : [];
      const from = Math.max(low, first);
      const to = Math.min(high, last);
      if (node.has('Nums')) {
        const list = this.#file.array(node.get('Nums')) ?? [];
        for (let index = 0; index + 1 < list.length; index += 2) {
          const key = this.#file.integer(list[index]);
          const value = list[index + 1];
          if (key === undefined || value === undefined || key < from || key > to) continue;
          if (!entries.has(key)) entries.set(key, value);
        }
        return;
      }
      for (const kid of this.#file.array(node.get('Kids')) ?? []) visit(kid, from, to, depth + 1);
    };
    visit(this.#root, -Infinity, Infinity, 0);
    return entries;
  }
}
