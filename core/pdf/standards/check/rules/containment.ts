/** Elements stand where ISO/TS 32005 lets them (ISO 14289-2 §8.2.5.1): one rule a pair of types. */
import { rule, type Rule } from '../rule.ts';
import {
  AT_MOST_ONE,
  inTable,
  mayHold,
  ONLY_WHEN_GROUPING,
  WITHOUT_CONTENT,
} from '../structure/containment.ts';
import type { StructureNode } from '../structure/element-tree.ts';
import { elementRule, tagsOf, type ElementCheck } from '../tags.ts';
import { countOf } from './kid-rules.ts';

/** `part`: of the pair, or `content`. */
const id = (parent: string, part: string, number = 1): string => `Table 5. ${parent}-${part}-${number}`;

const containment = rule({ ua2: 'Table 5' }, (check) => {
  const tree = tagsOf(check.facts, check.level);
  if (tree === undefined) return;
  const context = { ...check, tree };
  judgeWithin(tree.root, 'StructTreeRoot', context);
  for (const node of tree.nodes) {
    const type = tree.type(node.dict);
    if (type === undefined) continue;
    const own = inTable(type);
    judgePlace(node, own, context);
    judgeWithin(node, own, context);
  }
});

function judgePlace(node: StructureNode, type: string, { tree, report }: ElementCheck): void {
  const above = tree.parentType(node);
  const parent = above === undefined ? undefined : inTable(above);
  if (parent !== undefined && !mayHold(parent, type))
    report(`There is a ${type} in a ${parent}.`, node.place, id(parent, type));
}

function judgeWithin(node: StructureNode, type: string, { tree, report }: ElementCheck): void {
  const kids = tree.kidTypes(node).map(inTable);
  const isGrouping = tree.isGrouping(node);
  if (!isGrouping) {
    for (const kid of ONLY_WHEN_GROUPING[type] ?? []) {
      const number = kid === 'Caption' ? 2 : 1;
      if (kids.includes(kid))
        report(`There is a ${kid} in a ${type} that holds text.`, node.place, id(type, kid, number));
    }
  }
  for (const [kid, parents] of Object.entries(AT_MOST_ONE)) {
    const isJudged = isGrouping || ONLY_WHEN_GROUPING[type]?.includes(kid) !== true;
    if (parents.includes(type) && isJudged && countOf(kids, kid) > 1)
      report(`A ${type} has more than one ${kid}.`, node.place, id(type, kid));
  }
  if (type === 'StructTreeRoot' && countOf(kids, 'Document') !== 1)
    report('The root of the structure does not hold exactly one Document.', node.place, id(type, 'Document'));
  if (WITHOUT_CONTENT.includes(type) && tree.hasContent(node))
    report(`Content stands directly in a ${type}.`, node.place, id(type, 'content'));
}

const captionPlace = elementRule({ ua2: '8.2.5.27-1' }, undefined, (node, { tree }) =>
  tree.kidTypes(node).slice(1, -1).includes('Caption')
    ? 'A Caption is neither the first nor the last part of its element.'
    : undefined,
);

export const CONTAINMENT: readonly Rule[] = [containment, captionPlace];
