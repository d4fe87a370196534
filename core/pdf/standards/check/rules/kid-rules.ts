/** Rules about which elements stand in which. */
import type { Clauses, Rule } from '../rule.ts';
import { elementRule } from '../tags.ts';

/** Standard types of the elements within one. */
export type KidTypes = readonly string[];

export const countOf = (kids: KidTypes, type: string): number => kids.filter((kid) => kid === type).length;

export const holdsOnly = (clauses: Clauses, parent: string, kids: readonly string[]): Rule =>
  elementRule(clauses, [parent], (node, { tree }) => {
    const wrong = tree.kidTypes(node).find((kid) => !kids.includes(kid));
    return wrong === undefined ? undefined : `There is a ${wrong} in a ${parent}, not in a part of it.`;
  });

export const staysIn = (clauses: Clauses, kid: string, parents: readonly string[]): Rule =>
  elementRule(clauses, [kid], (node, { tree }) =>
    parents.includes(tree.parentType(node) ?? '')
      ? undefined
      : `A ${kid} is not in a ${parents.join(' or ')}.`,
  );

export const mayHoldOnce = (clauses: Clauses, parent: string, kid: string): Rule =>
  elementRule(clauses, [parent], (node, { tree }) =>
    countOf(tree.kidTypes(node), kid) > 1 ? `A ${parent} has more than one ${kid}.` : undefined,
  );

/** A Caption stands first, if there is one. */
export const captionFirst = (clauses: Clauses, parent: string): Rule =>
  elementRule(clauses, [parent], (node, { tree }) =>
    tree.kidTypes(node).slice(1).includes('Caption')
      ? `The Caption of a ${parent} is not its first part.`
      : undefined,
  );
