/** The structure tree may grow by the Form elements of visible signatures. */
import { PdfDict, PdfRef, type PdfObject } from '../../../revision/objects.ts';
import type { Judgement } from './judgement.ts';
import type { RevisionPair } from './revision-pair.ts';
import { changedKeys, sameObject } from './same-object.ts';

const ROOT_KEYS: ReadonlySet<string> = new Set(['K', 'ParentTree', 'ParentTreeNextKey']);
const NODE_KEYS: ReadonlySet<string> = new Set(['Nums', 'Kids', 'Limits']);
const MOST_NODES = 100_000;

export function judgeStructure(pair: RevisionPair, judgement: Judgement): void {
  const { before, after, changed } = pair;
  const root = before.root.get('StructTreeRoot');
  if (changed.size === 0 || !(root instanceof PdfRef)) return;
  const tree = before.get(root.number);
  if (!(tree instanceof PdfDict)) return;
  const mayGrow = (number: number, keys: ReadonlySet<string>, grown: string): boolean => {
    const [old, now] = [before.get(number), after.get(number)];
    if (!(old instanceof PdfDict) || !(now instanceof PdfDict)) return false;
    if (!changedKeys([old, before], [now, after]).every((key) => keys.has(key))) return false;
    return isLonger(pair, old.get(grown), now.get(grown));
  };
  const elements = [root.number, ...elementsIn(pair)];
  for (const number of elements) {
    if (!changed.has(number) || !mayGrow(number, number === root.number ? ROOT_KEYS : new Set(['K']), 'K'))
      continue;
    changed.delete(number);
  }
  const nodes = parentTreeNodes(pair, tree.get('ParentTree'));
  for (const number of nodes) {
    if (!changed.has(number)) continue;
    if (!mayGrow(number, NODE_KEYS, 'Nums') || !mayGrow(number, NODE_KEYS, 'Kids')) continue;
    changed.delete(number);
    judgement.claim(number, ...nodes, root.number);
  }
}

/** Changed ones; nothing that is drawn has their keys, so that it does not matter who else names them. */
const elementsIn = ({ before, changed }: RevisionPair): number[] =>
  [...changed].filter((number) => {
    const dict = before.get(number);
    return dict instanceof PdfDict && dict.has('S') && dict.has('P') && !dict.has('Contents');
  });

function isLonger(
  { before, after }: RevisionPair,
  a: PdfObject | undefined,
  b: PdfObject | undefined,
): boolean {
  const [old, now] = [before.resolve(a), after.resolve(b)];
  const was = Array.isArray(old) ? old : old === null ? [] : [a ?? null];
  const is = Array.isArray(now) ? now : now === null ? [] : [b ?? null];
  return (
    is.length >= was.length && was.every((item, index) => sameObject([item, before], [is[index], after]))
  );
}

function parentTreeNodes({ before }: RevisionPair, root: PdfObject | undefined): number[] {
  const numbers = new Set<number>();
  const open: PdfObject[] = [root ?? null];
  for (let node = open.pop(); node !== undefined && numbers.size < MOST_NODES; node = open.pop()) {
    if (!(node instanceof PdfRef) || numbers.has(node.number)) continue;
    numbers.add(node.number);
    const dict = before.get(node.number);
    if (dict instanceof PdfDict) open.push(...(before.arrayAt(dict, 'Kids') ?? []));
  }
  return [...numbers];
}
