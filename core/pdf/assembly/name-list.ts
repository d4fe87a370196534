/** Names that lead to something, such as destinations and attached files, of many files in one (ISO 32000-2 §7.7.4). */
import { type PdfDict, PdfString, PdfVerbatim, type PdfObject } from '../revision/objects.ts';
import { serialize } from '../revision/serialize.ts';
import { textOf, textString } from '../revision/text-string.ts';
import type { OutputFile } from './output-file.ts';
import { SortedTree } from './trees.ts';

export class NameList {
  /** Latin-1 of the names, to values as they stand in the file. */
  readonly #values = new Map<string, string>();
  /** The number to try next for a name that others have: every file of a batch brings the same names. */
  readonly #numbers = new Map<string, number>();

  /** The name that `wanted` has here: itself, or with a number when another has it already. */
  reserve(wanted: PdfString): PdfString {
    const key = keyOf(wanted);
    let name = wanted;
    let number = this.#numbers.get(key) ?? 2;
    for (; this.#values.has(keyOf(name)); number += 1) name = numbered(wanted, number);
    this.#numbers.set(key, number);
    this.#values.set(keyOf(name), 'null');
    return name;
  }

  set(name: PdfString, value: PdfObject): void {
    this.#values.set(keyOf(name), serialize(value));
  }

  /** Adds a value under its own name; one that is there already, with the same value, is the same. */
  add(wanted: PdfString, value: PdfObject): void {
    if (this.#values.get(keyOf(wanted)) !== serialize(value)) this.set(this.reserve(wanted), value);
  }

  /** The root of the tree; undefined when there are no names. */
  write(out: OutputFile): PdfDict | undefined {
    const tree = new SortedTree(out, 'Names');
    for (const key of [...this.#values.keys()].sort(byCode)) {
      tree.add(new PdfString(Buffer.from(key, 'latin1')), new PdfVerbatim(this.#values.get(key) ?? 'null'));
    }
    return tree.finish();
  }
}

const keyOf = ({ bytes }: PdfString): string => Buffer.from(bytes).toString('latin1');
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `terms.pdf` → `terms-2.pdf`: readers show the names of attached files. */
const numbered = (name: PdfString, number: number): PdfString =>
  textString(textOf(name).replace(/(\.[^.]*)?$/, (ending) => `-${number}${ending}`));
