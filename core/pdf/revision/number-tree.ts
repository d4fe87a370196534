/** Number trees (ISO 32000-2 §7.9.7), such as the parent tree of the structure. */
import type { PdfDocument } from './document.ts';
import { numberOf, PdfDict, PdfRef, type PdfObject } from './objects.ts';

interface Leaf {
  /** The node that holds the pair; undefined when it is a direct object. */
  readonly ref: PdfRef | undefined;
  readonly nums: PdfObject[];
  /** Place of the value among `nums`. */
  readonly index: number;
}

const MOST_NODES = 100_000;

/** The value of a key, not resolved; undefined when there is none. */
export function numberTreeValue(
  document: PdfDocument,
  root: PdfObject | undefined,
  key: number,
): PdfObject | undefined {
  const leaf = leafOf(document, root, key);
  return leaf?.nums[leaf.index];
}

/** Replaces the value of a key that is there; false when there is none. */
export function setNumberTreeValue(
  document: PdfDocument,
  root: PdfObject | undefined,
  key: number,
  value: PdfObject,
): boolean {
  const leaf = leafOf(document, root, key);
  if (leaf === undefined) return false;
  leaf.nums[leaf.index] = value;
  if (leaf.ref !== undefined) document.edit(leaf.ref);
  return true;
}

function leafOf(document: PdfDocument, root: PdfObject | undefined, key: number): Leaf | undefined {
  const open: (PdfObject | undefined)[] = [root];
  for (let looked = 0; open.length > 0 && looked < MOST_NODES; looked += 1) {
    const node = open.pop();
    const dict = document.resolve(node);
    if (!(dict instanceof PdfDict) || !covers(document, dict, key)) continue;
    const nums = document.arrayAt(dict, 'Nums') ?? [];
    for (let index = 0; index + 1 < nums.length; index += 2) {
      if (numberOf(document.resolve(nums[index])) !== key) continue;
      const held = dict.get('Nums');
      const ref = held instanceof PdfRef ? held : node instanceof PdfRef ? node : undefined;
      return { ref, nums, index: index + 1 };
    }
    open.push(...(document.arrayAt(dict, 'Kids') ?? []));
  }
  return undefined;
}

function covers(document: PdfDocument, dict: PdfDict, key: number): boolean {
  const limits = document.arrayAt(dict, 'Limits');
  if (limits === undefined) return true;
  const [least, most] = limits.map((limit) => numberOf(document.resolve(limit)));
  return (least ?? -Infinity) <= key && key <= (most ?? Infinity);
}
