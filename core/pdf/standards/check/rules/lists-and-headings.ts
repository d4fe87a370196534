/** Lists, tables of contents and headings (ISO 14289-1 §7.2 and §7.4, ISO 14289-2 §8.2.5). */
import { rule, type Rule } from '../rule.ts';
import { isNumberedHeading } from '../structure/standard-types.ts';
import { attributesOf, elementRule, tagsOf } from '../tags.ts';
import { captionFirst, countOf, holdsOnly, staysIn } from './kid-rules.ts';

const nesting = rule({ ua1: '7.4.2-1' }, ({ facts, level, report }) => {
  const tree = tagsOf(facts, level);
  let last = 0;
  for (const { dict, place } of tree?.nodes ?? []) {
    const type = tree?.type(dict);
    if (type === undefined || !isNumberedHeading(type)) continue;
    const depth = Number(type.slice(1));
    if (depth > last + 1)
      report(
        last === 0 ? `The first heading is H${depth}, not H1.` : `An H${depth} follows an H${last}.`,
        place,
      );
    last = depth;
  }
});

const oneHeading = elementRule({ ua1: '7.4.4-1' }, undefined, (node, { tree }) =>
  countOf(tree.kidTypes(node), 'H') > 1 ? 'An element has more than one H.' : undefined,
);

const noMixture = rule({ ua1: '7.4.4-2' }, ({ facts, level, report }) => {
  const tree = tagsOf(facts, level);
  if (tree?.nodes.some(({ dict }) => isNumberedHeading(tree.type(dict) ?? '')) !== true) return;
  for (const { place } of tree.ofType('H')) report('There is an H beside headings with numbers.', place);
});

const noMixture2 = rule({ ua1: '7.4.4-3' }, ({ facts, level, report }) => {
  const tree = tagsOf(facts, level);
  if (tree?.nodes.some(({ dict }) => tree.type(dict) === 'H') !== true) return;
  for (const { dict, place } of tree.nodes) {
    const type = tree.type(dict) ?? '';
    if (isNumberedHeading(type)) report(`There is an ${type} beside an H.`, place);
  }
});

const noHeading = elementRule(
  { ua2: '8.2.5.12-1' },
  ['H'],
  () => 'There is an H; PDF/UA-2 wants H1, H2 and so on.',
);

const numbering = elementRule({ ua2: '8.2.5.25-1' }, ['L'], (node, { facts, tree }) => {
  const hasLabels = tree
    .kids(node)
    .some((kid) => tree.type(kid.dict) === 'LI' && tree.kidTypes(kid).includes('Lbl'));
  const numberingOf = attributesOf(facts).inheritedName(node.dict, 'List', 'ListNumbering') ?? 'None';
  return hasLabels && numberingOf === 'None'
    ? 'A list has labels, but no ListNumbering that says their kind.'
    : undefined;
});

const itemContent = elementRule({ ua2: '8.2.5.25-2' }, ['LI'], (node, { tree }) =>
  tree.hasContent(node) ? 'Content of a list item is in neither Lbl nor LBody.' : undefined,
);

export const LISTS_AND_HEADINGS: readonly Rule[] = [
  staysIn({ ua1: '7.2-17' }, 'LI', ['L']),
  staysIn({ ua1: '7.2-18' }, 'LBody', ['LI']),
  holdsOnly({ ua1: '7.2-19' }, 'L', ['L', 'LI', 'Caption']),
  holdsOnly({ ua1: '7.2-20' }, 'LI', ['Lbl', 'LBody']),
  staysIn({ ua1: '7.2-26' }, 'TOCI', ['TOC']),
  holdsOnly({ ua1: '7.2-27' }, 'TOC', ['TOC', 'TOCI', 'Caption']),
  captionFirst({ ua1: '7.2-28' }, 'TOC'),
  captionFirst({ ua1: '7.2-40' }, 'L'),
  nesting,
  oneHeading,
  noMixture,
  noMixture2,
  noHeading,
  numbering,
  itemContent,
];
