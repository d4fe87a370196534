/** The structure tree for a level, and rules about each of its elements. */
import type { Facts } from './facts.ts';
import type { Level } from './levels.ts';
import { rule, type Check, type Clauses, type Rule } from './rule.ts';
import { Attributes } from './structure/attributes.ts';
import type { StructureNode } from './structure/element-tree.ts';
import type { Dialect } from './structure/standard-types.ts';
import { TaggedTree } from './structure/tagged-tree.ts';

export const isLevelA = ({ conformance }: Level): boolean => conformance === 'A';

const dialectOf = ({ series, isPdf2 }: Level): Dialect =>
  isPdf2 ? 'pdf2' : series === 'a1' ? 'pdf14' : 'pdf17';

/** Undefined for a file without a structure tree. */
export function tagsOf(facts: Facts, level: Level): TaggedTree | undefined {
  const dialect = dialectOf(level);
  const knowsMath = level.ua === 2;
  return facts.once(`tags ${dialect} ${String(knowsMath)}`, () =>
    facts.elements === undefined
      ? undefined
      : new TaggedTree(facts.file, facts.elements, { dialect, knowsMath }),
  );
}

export const attributesOf = (facts: Facts): Attributes =>
  facts.once('attributes', () => new Attributes(facts));

export interface ElementCheck extends Check {
  readonly tree: TaggedTree;
}

/** `judge` says what is wrong with one element; `types` keeps to elements of these standard types. */
export function elementRule(
  clauses: Clauses,
  types: readonly string[] | undefined,
  judge: (node: StructureNode, check: ElementCheck) => string | undefined,
  applies?: Rule['applies'],
): Rule {
  return rule(
    clauses,
    (check) => {
      const tree = tagsOf(check.facts, check.level);
      if (tree === undefined) return;
      const context = { ...check, tree };
      for (const node of types === undefined ? tree.nodes : tree.ofType(...types)) {
        const message = judge(node, context);
        if (message !== undefined) check.report(message, node.place);
      }
    },
    applies,
  );
}
