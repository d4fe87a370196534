/** Lists: L holds LI, LI holds Lbl and LBody (ISO 14289-1 §7.2; ISO 14289-2 §8.2.5.25). */
import { name } from '../../revision/objects.ts';
import type { AccessibleNames } from './accessible-name.ts';
import { withAttribute } from './attributes.ts';
import { StructureElement, type Kid } from './element.ts';

/** Everything in a list is an item, a list or its caption, which comes first. */
export function settleList(list: StructureElement): void {
  while (list.spread((kid) => MERE_GROUPS.has(kid.type) && kid.elements.some(({ type }) => type === 'LI')));
  list.elements.forEach((kid, index) => {
    if (kid.type === 'Caption' && index > 0) kid.type = 'P';
  });
  list.wrapRuns(
    'LI',
    (kid) => !(kid instanceof StructureElement && BELONGS.has(kid.type)),
    () => true,
  );
  for (const item of list.elements) if (item.type === 'LI') settleListItem(item);
}

/** What the tree has for boxes. */
const MERE_GROUPS = new Set(['NonStruct', 'Box', 'Div']);
const BELONGS = new Set(['LI', 'L', 'Caption']);

/** The marker is the label, everything else the body. */
export function settleListItem(item: StructureElement): void {
  const body: Kid[] = [];
  let label: StructureElement | undefined;
  for (const kid of item.kids) {
    if (kid instanceof StructureElement && kid.type === 'Lbl' && label === undefined && body.length === 0)
      label = kid;
    else body.push(kid);
  }
  const [only] = body;
  if (body.length === 1 && only instanceof StructureElement && only.type === 'LBody') return;
  item.kids = label === undefined ? [] : [label];
  if (body.length === 0) return;
  const element = new StructureElement('LBody', item);
  element.adopt(body);
  item.kids.push(element);
}

/** A list with labels says how they count (ISO 14289-2 §8.2.5.25). Chromium is silent for counters that PDF has no name for. */
export function settleNumbering(list: StructureElement, names: AccessibleNames): void {
  const stated = list.attributes?.get('List', 'ListNumbering');
  if (stated !== undefined) return;
  const item = list.elements.find(({ type }) => type === 'LI');
  const label = item?.elements.find(({ type }) => type === 'Lbl');
  if (label === undefined) return;
  const numbering = numberingOf(names.of(label));
  list.attributes = withAttribute(list.attributes, 'List', 'ListNumbering', name(numbering));
}

function numberingOf(label: string): string {
  const mark = label.replaceAll(/[\s.()[\]:-]/g, '');
  if (/^\d+$/.test(mark)) return 'Decimal';
  if (/^[a-z]$/.test(mark)) return 'LowerAlpha';
  if (/^[A-Z]$/.test(mark)) return 'UpperAlpha';
  return /[\p{L}\p{N}]/u.test(mark) ? 'Ordered' : 'Unordered';
}
