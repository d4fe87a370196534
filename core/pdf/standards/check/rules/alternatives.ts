/** Figures, formulas, notes, ruby and mathematics (ISO 14289-1 §7.3, §7.7 and §7.9, ISO 14289-2 §8.2.5). */
import { PdfRef, type PdfDict } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { rule, type Rule } from '../rule.ts';
import type { StructureNode } from '../structure/element-tree.ts';
import { MATH_ML, type TaggedTree } from '../structure/tagged-tree.ts';
import { attributesOf, elementRule, tagsOf } from '../tags.ts';

/** PDF/UA-1 takes no empty alternate text. */
const hasAlternative = ({ file }: Facts, { dict }: StructureNode, mayBeEmpty: boolean): boolean => {
  const alternate = file.text(dict.get('Alt'));
  const isGiven = alternate !== undefined && (mayBeEmpty || alternate !== '');
  return isGiven || file.string(dict.get('ActualText')) !== undefined;
};

const figures = elementRule({ ua1: '7.3-1', ua2: '8.2.5.28.2-1' }, ['Figure'], (node, { facts, level }) =>
  hasAlternative(facts, node, level.ua === 2) ? undefined : 'A Figure has no alternate text (/Alt).',
);

const formulas = elementRule({ ua1: '7.7-1' }, ['Formula'], (node, { facts }) =>
  hasAlternative(facts, node, false) ? undefined : 'A Formula has no alternate text (/Alt).',
);

const noteIds = elementRule({ ua1: '7.9-1' }, ['Note'], ({ dict }, { facts }) =>
  (facts.file.text(dict.get('ID')) ?? '') === '' ? 'A Note has no /ID.' : undefined,
);

const uniqueIds = rule({ ua1: '7.9-2' }, ({ facts, level, report }) => {
  const known = new Set<string>();
  for (const { dict, place } of tagsOf(facts, level)?.ofType('Note') ?? []) {
    const noteId = facts.file.text(dict.get('ID'));
    if (noteId === undefined) continue;
    if (known.has(noteId)) report('Two Notes have the same /ID.', place);
    known.add(noteId);
  }
});

const noNote = elementRule(
  { ua2: '8.2.5.14-1' },
  ['Note'],
  () => 'There is a Note; PDF 2.0 has FENote in its place.',
);

/** Objects that /Ref of an element names. */
const refsOf = ({ file }: Facts, dict: PdfDict): readonly number[] =>
  (file.array(dict.get('Ref')) ?? []).flatMap((item) => (item instanceof PdfRef ? item.number : []));

/** By object, the elements whose /Ref names it. */
const citations = (facts: Facts): ReadonlyMap<number, ReadonlySet<number>> =>
  facts.once('citations', () => {
    const found = new Map<number, Set<number>>();
    for (const { dict, object } of facts.elements?.nodes ?? []) {
      if (object === undefined) continue;
      for (const target of refsOf(facts, dict)) {
        const known = found.get(target) ?? new Set<number>();
        found.set(target, known.add(object));
      }
    }
    return found;
  });

const orphans = elementRule({ ua2: '8.2.5.14-2' }, ['FENote'], ({ dict, object }, { facts }) => {
  const own = new Set(refsOf(facts, dict));
  const citing = object === undefined ? [] : [...(citations(facts).get(object) ?? [])];
  return citing.some((one) => !own.has(one))
    ? 'A FENote does not refer back to what cites it (/Ref).'
    : undefined;
});

const ghosts = elementRule({ ua2: '8.2.5.14-3' }, ['FENote'], ({ dict, object }, { facts }) => {
  const citing = object === undefined ? undefined : citations(facts).get(object);
  return refsOf(facts, dict).some((one) => citing?.has(one) !== true)
    ? 'A FENote refers to an element that does not cite it (/Ref).'
    : undefined;
});

const noteType = elementRule({ ua2: '8.2.5.14-4' }, ['FENote'], ({ dict }, { facts }) => {
  const type = attributesOf(facts).name(dict, 'FENote', 'NoteType') ?? 'None';
  return ['Footnote', 'Endnote', 'None'].includes(type)
    ? undefined
    : 'The NoteType of a FENote is none of Footnote, Endnote and None.';
});

const ruby = elementRule({ ua2: '8.2.5.23-1' }, ['Ruby'], (node, { tree }) =>
  ['RB RT', 'RB RP RT RP'].includes(tree.kidTypes(node).join(' '))
    ? undefined
    : 'A Ruby holds neither RB and RT nor RB, RP, RT and RP.',
);

const warichu = elementRule({ ua2: '8.2.5.24-1' }, ['Warichu'], (node, { tree }) =>
  tree.kidTypes(node).join(' ') === 'WP WT WP' ? undefined : 'A Warichu does not hold WP, WT and WP.',
);

const MOST_PARENTS = 10_000;

function isInFormula(dict: PdfDict, { file }: Facts, tree: TaggedTree): boolean {
  let parent = file.dict(dict.get('P'));
  for (let steps = 0; parent !== undefined && steps < MOST_PARENTS; steps += 1) {
    const type = tree.type(parent);
    if (type === 'Formula' || type === MATH_ML) return true;
    parent = file.dict(parent.get('P'));
  }
  return false;
}

const mathematics = elementRule({ ua2: '8.2.5.29-1' }, [MATH_ML], ({ dict }, { facts, tree }) =>
  isInFormula(dict, facts, tree) ? undefined : 'Mathematics in MathML stands outside of a Formula.',
);

const hasRef = (node: StructureNode, depth = 0): boolean =>
  node.dict.has('Ref') ||
  (depth < 1_000 && node.kids.some((kid) => kid.owner === node && hasRef(kid, depth + 1)));

const contentsTargets = elementRule({ ua2: '8.2.5.8-1' }, ['TOCI'], (node) =>
  hasRef(node) ? undefined : 'An entry of a table of contents does not refer to its target (/Ref).',
);

export const ALTERNATIVES: readonly Rule[] = [
  figures,
  formulas,
  noteIds,
  uniqueIds,
  noNote,
  orphans,
  ghosts,
  noteType,
  ruby,
  warichu,
  mathematics,
  contentsTargets,
];
