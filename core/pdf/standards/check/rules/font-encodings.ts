/** Encodings of TrueType fonts (ISO 19005-1 §6.3.7, ISO 19005-2 §6.2.11.6). */
import { PdfName } from '../../../revision/objects.ts';
import type { Font } from '../fonts/font.ts';
import { unicodeOfGlyph } from '../fonts/glyph-list.ts';
import type { TrueType } from '../fonts/truetype.ts';
import { called, fontRule } from './font-rule.ts';

const trueTypeOf = (font: Font): TrueType | undefined =>
  font.subtype === 'TrueType' && font.program?.kind === 'truetype' ? font.program.font : undefined;

export const plainMaps = fontRule(
  { a23: '6.2.11.6-1', a4: '6.2.10.6-1', ua1: '7.21.6-1', ua2: '8.4.5.7-1' },
  (font, { level }) => {
    const program = trueTypeOf(font);
    if (program === undefined || font.isSymbolic) return undefined;
    const has = (platform: number, encoding: number): boolean =>
      program.map(platform, encoding) !== undefined;
    const isFine = level.isPdf2 ? has(3, 1) || has(1, 0) : program.characterMaps.length > (has(3, 0) ? 1 : 0);
    return isFine ? undefined : `${called(font)} has no character map for its encoding.`;
  },
);

const PLAIN_ENCODINGS = new Set(['MacRomanEncoding', 'WinAnsiEncoding']);

export const plainEncoding = fontRule(
  { a1: '6.3.7-1', a23: '6.2.11.6-2', a4: '6.2.10.6-2', ua1: '7.21.6-2', ua2: '8.4.5.7-2' },
  (font, { level }) => {
    if (font.subtype !== 'TrueType' || font.isSymbolic) return undefined;
    const { base, differences } = font.encoding;
    const isPlain = PLAIN_ENCODINGS.has(base ?? '');
    if (isPlain && differences === undefined) return undefined;
    if (isPlain && level.part !== 1 && areListed(font, differences)) return undefined;
    return `${called(font)} is not symbolic; it must have MacRoman or WinAnsi encoding.`;
  },
);

/** The differences name glyphs of the Adobe Glyph List, and the font has a Unicode map. */
function areListed(font: Font, differences: ReadonlyMap<number, string> | undefined): boolean {
  if (trueTypeOf(font)?.map(3, 1) === undefined) return false;
  return [...(differences?.values() ?? [])].every((name) => unicodeOfGlyph(name) !== undefined);
}

export const symbolicEncoding = fontRule(
  { a1: '6.3.7-2', a23: '6.2.11.6-3', a4: '6.2.10.6-3', ua1: '7.21.6-3', ua2: '8.4.5.7-3' },
  (font, { facts }) => {
    if (font.subtype !== 'TrueType' || !font.isSymbolic) return undefined;
    const value = facts.file.resolve(font.dict.get('Encoding'));
    const isEmpty = value === null || (!(value instanceof PdfName) && font.encoding.base === undefined);
    return isEmpty ? undefined : `${called(font)} is symbolic and must have no /Encoding.`;
  },
);

export const symbolicMaps = fontRule(
  { a1: '6.3.7-3', a23: '6.2.11.6-4', a4: '6.2.10.6-4', ua1: '7.21.6-4', ua2: '8.4.5.7-4' },
  (font, { level }) => {
    const program = trueTypeOf(font);
    if (program === undefined || !font.isSymbolic) return undefined;
    const isSingle = program.characterMaps.length === 1;
    const has30 = program.map(3, 0) !== undefined;
    const isFine =
      level.part === 1
        ? isSingle
        : level.isPdf2
          ? has30 || program.map(1, 0) !== undefined
          : isSingle || has30;
    return isFine
      ? undefined
      : `${called(font)} is symbolic; its character maps leave open which one counts.`;
  },
);
