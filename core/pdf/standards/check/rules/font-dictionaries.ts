/** The dictionaries of fonts (ISO 19005-1 §6.3.2, ISO 19005-2 §6.2.11.2). */
import type { Font } from '../fonts/font.ts';
import { called, dictsOf, fontRule } from './font-rule.ts';

export const fontType = fontRule({ a1: '6.3.2-1', a23: '6.2.11.2-1', a4: '6.2.10.2-1' }, (font, { facts }) =>
  dictsOf(font).every((dict) => facts.file.name(dict.get('Type')) === 'Font')
    ? undefined
    : `${called(font)} has no /Type /Font.`,
);

const SUBTYPES = new Set(['Type1', 'MMType1', 'TrueType', 'Type3', 'Type0', 'CIDFontType0', 'CIDFontType2']);

export const fontSubtype = fontRule(
  { a1: '6.3.2-2', a23: '6.2.11.2-2', a4: '6.2.10.2-2' },
  (font, { facts }) =>
    dictsOf(font).every((dict) => SUBTYPES.has(facts.file.name(dict.get('Subtype')) ?? ''))
      ? undefined
      : `${called(font)} has a descendant of an unknown kind.`,
);

export const baseFont = fontRule({ a1: '6.3.2-3', a23: '6.2.11.2-3', a4: '6.2.10.2-3' }, (font, { facts }) =>
  font.subtype === 'Type3' ||
  dictsOf(font).every((dict) => facts.file.name(dict.get('BaseFont')) !== undefined)
    ? undefined
    : 'A font has no /BaseFont.',
);

const STANDARD_FONTS = new Set([
  'Courier',
  'Courier-Bold',
  'Courier-Oblique',
  'Courier-BoldOblique',
  'Helvetica',
  'Helvetica-Bold',
  'Helvetica-Oblique',
  'Helvetica-BoldOblique',
  'Times-Roman',
  'Times-Bold',
  'Times-Italic',
  'Times-BoldItalic',
  'Symbol',
  'ZapfDingbats',
]);

/** One of the 14 fonts that a reader knows, and not embedded: its metrics may be left out. */
const isStandard = (font: Font): boolean =>
  (font.subtype === 'Type1' || font.subtype === 'MMType1') &&
  STANDARD_FONTS.has(font.name ?? '') &&
  font.program === undefined;

const needsWidths = (font: Font): boolean => font.subtype !== 'Type0' && !isStandard(font);

export const firstChar = fontRule(
  { a1: '6.3.2-4', a23: '6.2.11.2-4', a4: '6.2.10.2-4' },
  (font, { facts }) =>
    needsWidths(font) && facts.file.integer(font.dict.get('FirstChar')) === undefined
      ? `${called(font)} has no /FirstChar.`
      : undefined,
);

export const lastChar = fontRule({ a1: '6.3.2-5', a23: '6.2.11.2-5', a4: '6.2.10.2-5' }, (font, { facts }) =>
  needsWidths(font) && facts.file.integer(font.dict.get('LastChar')) === undefined
    ? `${called(font)} has no /LastChar.`
    : undefined,
);

export const widthCount = fontRule(
  { a1: '6.3.2-6', a23: '6.2.11.2-6', a4: '6.2.10.2-6' },
  (font, { facts }) => {
    if (!needsWidths(font)) return undefined;
    const { file } = facts;
    const first = file.integer(font.dict.get('FirstChar')) ?? 0;
    const last = file.integer(font.dict.get('LastChar')) ?? 0;
    const widths = file.array(font.dict.get('Widths'));
    if (widths?.length === last - first + 1) return undefined;
    return `${called(font)} has ${widths?.length ?? 'no'} widths for the codes ${first} to ${last}.`;
  },
);

export const programSubtype = fontRule(
  { a1: '6.3.2-7', a23: '6.2.11.2-7', a4: '6.2.10.2-7' },
  (font, { level }) => {
    const subtype = font.programSubtype;
    const allowed = ['Type1C', 'CIDFontType0C', ...(level.part === 1 ? [] : ['OpenType'])];
    return subtype === undefined || allowed.includes(subtype)
      ? undefined
      : `The font program of ${called(font).replace('The', 'the')} is of the subtype "${subtype.slice(0, 40)}".`;
  },
);
