/** Glyphs that are shown, and what they stand for (ISO 19005-1 §6.3.4–6.3.8, ISO 19005-2 §6.2.11.4–6.2.11.8, ISO 14289-1 §7.21). */
import { SHOWN, type CodeUse, type Font } from '../fonts/font.ts';
import type { GlyphFacts } from '../fonts/glyph-facts.ts';
import type { Level } from '../levels.ts';
import { PRIVATE_USE } from '../private-use.ts';
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';
import { isLevelA } from '../tags.ts';
import { called, fontRule } from './font-rule.ts';

export const embedded = fontRule(
  { a1: '6.3.4-1', a23: '6.2.11.4.1-1', a4: '6.2.10.4.1-1', ua1: '7.21.4.1-1', ua2: '8.4.5.5.1-1' },
  (font) =>
    font.subtype === 'Type3' || !font.isRendered || font.program !== undefined
      ? undefined
      : `${called(font)} is not embedded, or its font program cannot be read.`,
);

function glyphRule(
  clauses: Clauses,
  judge: (glyph: GlyphFacts, use: CodeUse, check: Check, font: Font) => string | undefined,
  applies?: Rule['applies'],
): Rule {
  return rule(
    clauses,
    (check) => {
      for (const font of check.facts.content.fonts) {
        for (const [code, use] of font.uses) {
          check.facts.budget.step();
          const message = judge(font.glyph(code), use, check, font);
          if (message === undefined) continue;
          const where = `${called(font)}, code ${code.toString(16).padStart(font.subtype === 'Type0' ? 4 : 2, '0')}`;
          check.report(`${where}: ${message}.`, { page: use.page, object: font.object });
        }
      }
    },
    applies,
  );
}

const isRendered = ({ flags }: CodeUse): boolean => (flags & SHOWN.rendered) !== 0;

export const glyphsPresent = glyphRule(
  { a1: '6.3.5-1', a23: '6.2.11.4.1-2', a4: '6.2.10.4.1-2', ua1: '7.21.4.1-2', ua2: '8.4.5.5.1-2' },
  (glyph, use) =>
    isRendered(use) && glyph.isPresent === false ? 'the embedded font has no such glyph' : undefined,
);

export const glyphWidths = glyphRule(
  { a1: '6.3.6-1', a23: '6.2.11.5-1', a4: '6.2.10.5-1', ua1: '7.21.5-1', ua2: '8.4.5.6-1' },
  ({ widths }, use) =>
    isRendered(use) && widths !== undefined && Math.abs(widths.program - widths.stated) > 1
      ? `the width is ${round(widths.stated)} in the dictionary and ${round(widths.program)} in the font`
      : undefined,
);

const round = (width: number): number => Math.round(width * 100) / 100;

export const notdef = glyphRule(
  { a23: '6.2.11.8-1', a4: '6.2.10.9-1', ua1: '7.21.8-1', ua2: '8.4.5.9-1' },
  (glyph) => (glyph.isNotdef ? 'a character is shown that the font does not have (.notdef)' : undefined),
);

const needsUnicode = ({ conformance, ua }: Level): boolean =>
  conformance === 'A' || conformance === 'U' || ua !== undefined;

export const unicode1 = glyphRule(
  { a1: '6.3.8-1' },
  (glyph) => (glyph.hasUnicode1 ? undefined : 'no Unicode text is given'),
  isLevelA,
);

export const unicode = glyphRule(
  { a23: '6.2.11.7.2-1', ua1: '7.21.7-1', ua2: '8.4.5.8-1' },
  (glyph) => (glyph.unicode === undefined ? 'no Unicode text is given' : undefined),
  needsUnicode,
);

export const realUnicode = glyphRule(
  { a23: '6.2.11.7.2-2', a4: '6.2.10.7-1', ua1: '7.21.7-2', ua2: '8.4.5.8-2' },

  (glyph) =>
    /[\0\ufffe\ufeff]/.test(glyph.unicode ?? '') ? 'its Unicode text is U+0000, U+FEFF or U+FFFE' : undefined,
  (level) => level.part === 4 || needsUnicode(level),
);

export const privateUse = glyphRule(
  { a23: '6.2.11.7.3-1' },
  (glyph, { flags }) =>
    (flags & SHOWN.bare) !== 0 && PRIVATE_USE.test(glyph.unicode ?? '')
      ? 'its Unicode text is a private one, and no /ActualText explains it'
      : undefined,
  isLevelA,
);

export const privateUse2 = glyphRule({ ua2: '8.4.3-1' }, (glyph, { flags }) =>
  (flags & SHOWN.bareOnPage) !== 0 && PRIVATE_USE.test(glyph.unicode ?? '')
    ? 'its Unicode text is a private one, and neither /ActualText nor /Alt explains it'
    : undefined,
);
