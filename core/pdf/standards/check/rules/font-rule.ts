/** Rules about each font that is shown. */
import type { PdfDict } from '../../../revision/objects.ts';
import type { Font } from '../fonts/font.ts';
import { rule, type Check, type Clauses, type Place, type Rule } from '../rule.ts';

export const placeOf = (font: Font): Place => ({ page: font.page, object: font.object });

export const called = (font: Font): string => `The font "${(font.name ?? 'without a name').slice(0, 60)}"`;

export function fontRule(
  clauses: Clauses,
  judge: (font: Font, check: Check) => string | undefined,
  applies?: Rule['applies'],
): Rule {
  return rule(
    clauses,
    (check) => {
      for (const font of check.facts.content.fonts) {
        const message = judge(font, check);
        if (message !== undefined) check.report(message, placeOf(font));
      }
    },
    applies,
  );
}

/** The dictionaries that count as fonts: that of a Type 0 font and that of its descendant. */
export const dictsOf = (font: Font): readonly PdfDict[] =>
  font.descendant === undefined ? [font.dict] : [font.dict, font.descendant];
