/** The structure elements of a file in the order of the document (ISO 32000-2 §14.7). */
import { PdfRef, PdfStream, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import { BudgetExceeded } from '../budget.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { Place } from '../rule.ts';

export interface StructureNode {
  readonly dict: PdfDict;
  /** Number of its object. */
  readonly object: number | undefined;
  readonly place: Place;
  /** The element in whose /K it was met first. */
  readonly owner: StructureNode | undefined;
  /** The elements within it, in order; one that was met before has another owner. */
  readonly kids: StructureNode[];
  /** What else is within it, such as marked content and references to objects; resolved. */
  readonly items: PdfObject[];
}

export interface ElementTree {
  /** As if the root was an element. */
  readonly root: StructureNode;
  /** Without the root. */
  readonly nodes: readonly StructureNode[];
}

const MOST_NODES = 2_000_000;
/** Of entries that wait to be looked at: many elements may name the same long list. */
const MOST_OPEN = 8_000_000;

export function elementTree(
  file: CheckedFile,
  rootDict: PdfDict,
  pageNumber: (object: number) => number | undefined,
): ElementTree {
  const root: StructureNode = {
    dict: rootDict,
    object: undefined,
    place: {},
    owner: undefined,
    kids: [],
    items: [],
  };
  const nodes: StructureNode[] = [];
  const known = new Map<number, StructureNode>();
  const open: { object: PdfObject; parent: StructureNode }[] = [];
  const push = (parent: StructureNode): void => {
    const kids = parent.dict.get('K');
    const list = file.array(kids) ?? (kids === undefined ? [] : [kids]);
    for (let index = list.length - 1; index >= 0; index -= 1) {
      open.push({ object: list[index] ?? null, parent });
    }
  };
  push(root);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    file.budget.step();
    if (nodes.length >= MOST_NODES || open.length > MOST_OPEN)
      throw new BudgetExceeded('The structure has more elements than can be checked.');
    const { object, parent } = next;
    const value = file.resolve(object);
    const dict = value instanceof PdfStream ? value.dict : file.dict(value);
    const type = dict && file.name(dict.get('Type'));
    if (dict === undefined || value instanceof PdfStream || (type ?? 'StructElem') !== 'StructElem') {
      if (typeof value === 'number' || type === 'MCR' || type === 'OBJR') parent.items.push(value);
      continue;
    }
    const number = object instanceof PdfRef ? object.number : undefined;
    const before = number === undefined ? undefined : known.get(number);
    if (before !== undefined) {
      parent.kids.push(before);
      continue;
    }
    const pageRef = dict.get('Pg');
    const node: StructureNode = {
      dict,
      object: number,
      place: { page: pageRef instanceof PdfRef ? pageNumber(pageRef.number) : undefined, object: number },
      owner: parent,
      kids: [],
      items: [],
    };
    if (number !== undefined) known.set(number, node);
    nodes.push(node);
    parent.kids.push(node);
    push(node);
  }
  return { root, nodes };
}
