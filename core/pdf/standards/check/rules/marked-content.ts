/** Content is part of the structure or an artifact, and its language is known (ISO 14289-1 §7.1 and §7.2, ISO 14289-2 §8.2.2). */
import type { MarkingFault } from '../content/content-facts.ts';
import { rule, type Clauses, type Rule } from '../rule.ts';

const markingRule = (clauses: Clauses, kind: MarkingFault, message: string): Rule =>
  rule(clauses, ({ facts, report }) => {
    const isSettled =
      kind.endsWith('-without-language') && facts.file.string(facts.catalog.get('Lang')) !== undefined;
    if (isSettled) return;
    for (const place of facts.content.markings.get(kind) ?? []) report(message, place);
  });

const repeatedForms = rule({ ua1: '7.20-2' }, ({ facts, report }) => {
  for (const place of facts.content.repeatedForms)
    report('A form with tagged content is painted more than once.', place);
});

export const MARKED_CONTENT: readonly Rule[] = [
  markingRule({ ua1: '7.1-1' }, 'artifact-in-tagged', 'An artifact stands within tagged content.'),
  markingRule({ ua1: '7.1-2' }, 'tagged-in-artifact', 'Tagged content stands within an artifact.'),
  markingRule({ ua1: '7.1-3', ua2: '8.2.2-1' }, 'untagged', 'Content is neither tagged nor an artifact.'),
  markingRule({ ua1: '7.2-34' }, 'text-without-language', 'The language of text is not stated.'),
  markingRule(
    { ua1: '7.2-30' },
    'ActualText-without-language',
    'The language of an /ActualText is not stated.',
  ),
  markingRule({ ua1: '7.2-31' }, 'Alt-without-language', 'The language of an /Alt is not stated.'),
  markingRule({ ua1: '7.2-32' }, 'E-without-language', 'The language of an expansion (/E) is not stated.'),
  repeatedForms,
];
