/** That a file is tagged, with types that lead to standard ones (ISO 19005-1 §6.8, ISO 19005-2 §6.7, ISO 14289-1 §7.1, ISO 14289-2 §8.2). */
import { uriOf } from '../structure/role-map.ts';
import { NAMESPACE } from '../structure/standard-types.ts';
import type { Facts } from '../facts.ts';
import { rule, type Rule } from '../rule.ts';
import { elementRule, isLevelA, tagsOf } from '../tags.ts';
import type { Level } from '../levels.ts';

/** Level A of PDF/A, and PDF/UA. */
const needsTags = (level: Level): boolean => isLevelA(level) || level.ua !== undefined;

const markInfo = (facts: Facts, key: string): boolean | undefined =>
  facts.file.bool(facts.file.dict(facts.catalog.get('MarkInfo'))?.get(key));

const marked = rule(
  { a1: '6.8.2.2-1', a23: '6.7.2.2-1', ua1: '6.2-1', ua2: '6.2-1' },
  ({ facts, report }) => {
    if (markInfo(facts, 'Marked') !== true)
      report('The catalog does not say that the file is tagged (/MarkInfo, /Marked).', {
        object: facts.catalogObject,
      });
  },
  needsTags,
);

const suspects = rule({ ua1: '7.1-4' }, ({ facts, report }) => {
  if (markInfo(facts, 'Suspects') === true)
    report('The file says that its tags may be wrong (/Suspects).', { object: facts.catalogObject });
});

const hasRoot = rule(
  { a1: '6.8.3.3-1', a23: '6.7.3.3-1', ua1: '7.1-11', ua2: '8.2.1-1' },
  ({ facts, report }) => {
    if (facts.structTreeRoot === undefined)
      report('The file has no structure tree.', { object: facts.catalogObject });
  },
  needsTags,
);

const hasParent = elementRule({ ua1: '7.1-12', ua2: '8.2.1-2' }, undefined, ({ dict }, { facts }) =>
  facts.file.resolve(dict.get('P')) === null ? 'A structure element does not name its parent.' : undefined,
);

const isMapped = elementRule(
  { a1: '6.8.3.4-1', a23: '6.7.3.4-1', ua1: '7.1-5', ua2: '8.2.4-1' },
  undefined,
  ({ dict }, { tree }) => {
    const role = tree.role(dict);
    if (role?.standard !== undefined || role?.isCircular === true || role?.remapped !== undefined)
      return undefined;
    return `The type "${tree.stated(dict)}" is no standard type, and the role map leads to none.`;
  },
  needsTags,
);

/** PDF/A asks for elements without a standard type alone. */
const isCircular = elementRule(
  { a1: '6.8.3.4-2', a23: '6.7.3.4-2', ua1: '7.1-6', ua2: '8.2.4-2' },
  undefined,
  ({ dict }, { tree, level }) => {
    const role = tree.role(dict);
    return role?.isCircular === true && (level.ua !== undefined || role.standard === undefined)
      ? `The role map leads the type "${tree.stated(dict)}" back to itself.`
      : undefined;
  },
  needsTags,
);

const isRemapped = elementRule(
  { a23: '6.7.3.4-3', ua1: '7.1-7', ua2: '8.2.4-4' },
  undefined,
  ({ dict }, { tree, level }) => {
    const role = tree.role(dict);
    return role?.remapped !== undefined && (level.ua === 1 || role.standard === undefined)
      ? `The role map gives the standard type "${role.remapped.slice(0, 40)}" another meaning.`
      : undefined;
  },
  needsTags,
);

const withinNamespace = elementRule({ ua2: '8.2.4-3' }, undefined, ({ dict }, { tree }) =>
  tree.role(dict)?.mapsWithinNamespace === true
    ? `The type "${tree.stated(dict)}" is mapped to another one in its own namespace.`
    : undefined,
);

const oneDocument = rule({ ua2: '8.2.5.2-1' }, ({ facts, level, report }) => {
  const tree = tagsOf(facts, level);
  if (tree !== undefined && tree.kidTypes(tree.root).join(' ') !== 'Document')
    report('The root of the structure does not hold exactly one Document.');
});

const documentNamespace = rule({ ua2: '8.2.5.2-2' }, ({ facts, level, report }) => {
  const tree = tagsOf(facts, level);
  if (tree?.kidTypes(tree.root).join(' ') !== 'Document') return;
  const [first] = tree.kids(tree.root);
  const standard = first && tree.role(first.dict)?.standard;
  if (standard === undefined || uriOf(standard) !== NAMESPACE.pdf2)
    report('The Document element is not in the namespace of PDF 2.0.', first?.place);
});

const showsTitle = rule({ ua1: '7.1-10', ua2: '8.11.2-1' }, ({ facts, report }) => {
  const preferences = facts.file.dict(facts.catalog.get('ViewerPreferences'));
  if (facts.file.bool(preferences?.get('DisplayDocTitle')) !== true)
    report('The viewer is not told to show the title (/DisplayDocTitle).', { object: facts.catalogObject });
});

export const TAGS: readonly Rule[] = [
  marked,
  suspects,
  hasRoot,
  hasParent,
  isMapped,
  isCircular,
  isRemapped,
  withinNamespace,
  oneDocument,
  documentNamespace,
  showsTitle,
];
