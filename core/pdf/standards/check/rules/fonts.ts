/** Fonts and their glyphs (ISO 19005-1 §6.3, ISO 19005-2 §6.2.11, ISO 14289-1 §7.21, ISO 14289-2 §8.4.5). */
import { PdfName, PdfStream, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import { readCMap } from '../fonts/cmap.ts';
import { hasCid } from '../fonts/composite-font.ts';
import { SHOWN, type CodeUse, type Font } from '../fonts/font.ts';
import type { GlyphFacts } from '../fonts/glyph-facts.ts';
import { unicodeOfGlyph } from '../fonts/glyph-list.ts';
import { CMAP_COLLECTIONS } from '../fonts/predefined-cmaps.ts';
import type { TrueType } from '../fonts/truetype.ts';
import type { Level } from '../levels.ts';
import { isLevelA } from '../tags.ts';
import { PRIVATE_USE } from '../private-use.ts';
import { rule, type Check, type Clauses, type Place, type Rule } from '../rule.ts';

const placeOf = (font: Font): Place => ({ page: font.page, object: font.object });

const called = (font: Font): string => `The font "${(font.name ?? 'without a name').slice(0, 60)}"`;

function fontRule(
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
const dictsOf = (font: Font): readonly PdfDict[] =>
  font.descendant === undefined ? [font.dict] : [font.dict, font.descendant];

const fontType = fontRule({ a1: '6.3.2-1', a23: '6.2.11.2-1', a4: '6.2.10.2-1' }, (font, { facts }) =>
  dictsOf(font).every((dict) => facts.file.name(dict.get('Type')) === 'Font')
    ? undefined
    : `${called(font)} has no /Type /Font.`,
);

const SUBTYPES = new Set(['Type1', 'MMType1', 'TrueType', 'Type3', 'Type0', 'CIDFontType0', 'CIDFontType2']);

const fontSubtype = fontRule({ a1: '6.3.2-2', a23: '6.2.11.2-2', a4: '6.2.10.2-2' }, (font, { facts }) =>
  dictsOf(font).every((dict) => SUBTYPES.has(facts.file.name(dict.get('Subtype')) ?? ''))
    ? undefined
    : `${called(font)} has a descendant of an unknown kind.`,
);

const baseFont = fontRule({ a1: '6.3.2-3', a23: '6.2.11.2-3', a4: '6.2.10.2-3' }, (font, { facts }) =>
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

const firstChar = fontRule({ a1: '6.3.2-4', a23: '6.2.11.2-4', a4: '6.2.10.2-4' }, (font, { facts }) =>
  needsWidths(font) && facts.file.integer(font.dict.get('FirstChar')) === undefined
    ? `${called(font)} has no /FirstChar.`
    : undefined,
);

const lastChar = fontRule({ a1: '6.3.2-5', a23: '6.2.11.2-5', a4: '6.2.10.2-5' }, (font, { facts }) =>
  needsWidths(font) && facts.file.integer(font.dict.get('LastChar')) === undefined
    ? `${called(font)} has no /LastChar.`
    : undefined,
);

const widthCount = fontRule({ a1: '6.3.2-6', a23: '6.2.11.2-6', a4: '6.2.10.2-6' }, (font, { facts }) => {
  if (!needsWidths(font)) return undefined;
  const { file } = facts;
  const first = file.integer(font.dict.get('FirstChar')) ?? 0;
  const last = file.integer(font.dict.get('LastChar')) ?? 0;
  const widths = file.array(font.dict.get('Widths'));
  if (widths?.length === last - first + 1) return undefined;
  return `${called(font)} has ${widths?.length ?? 'no'} widths for the codes ${first} to ${last}.`;
});

const programSubtype = fontRule({ a1: '6.3.2-7', a23: '6.2.11.2-7', a4: '6.2.10.2-7' }, (font, { level }) => {
  const subtype = font.programSubtype;
  const allowed = ['Type1C', 'CIDFontType0C', ...(level.part === 1 ? [] : ['OpenType'])];
  return subtype === undefined || allowed.includes(subtype)
    ? undefined
    : `The font program of ${called(font).replace('The', 'the')} is of the subtype "${subtype.slice(0, 40)}".`;
});

const isIdentity = (name: string): boolean => name === 'Identity-H' || name === 'Identity-V';

/** Name of the /Encoding of a Type 0 font. */
function cmapName({ facts }: Check, font: Font): string {
  return nameOfCMap(facts.file.resolve(font.dict.get('Encoding')), (object) => facts.file.name(object)) ?? '';
}

function nameOfCMap(
  cmap: PdfObject,
  nameOf: (object: PdfObject | undefined) => string | undefined,
): string | undefined {
  return cmap instanceof PdfStream ? nameOf(cmap.dict.get('CMapName')) : nameOf(cmap);
}

interface Collection {
  readonly registry: string | undefined;
  readonly ordering: string | undefined;
  readonly supplement: number;
}

function collectionOf({ facts }: Check, info: PdfDict | undefined): Collection | undefined {
  if (info === undefined) return undefined;
  return {
    registry: facts.file.text(info.get('Registry')),
    ordering: facts.file.text(info.get('Ordering')),
    supplement: facts.file.integer(info.get('Supplement')) ?? 0,
  };
}

function cmapCollection(check: Check, font: Font): Collection | undefined {
  const value = check.facts.file.resolve(font.dict.get('Encoding'));
  if (value instanceof PdfName) return CMAP_COLLECTIONS.get(value.name);
  if (!(value instanceof PdfStream)) return undefined;
  const info = check.facts.file.resolve(value.dict.get('CIDSystemInfo'));
  return collectionOf(check, check.facts.file.dict(Array.isArray(info) ? info[0] : info));
}

const sameCollection = fontRule(
  { a1: '6.3.3.1-1', a23: '6.2.11.3.1-1', a4: '6.2.10.3.1-1', ua1: '7.21.3.1-1', ua2: '8.4.5.3.1-1' },
  (font, check) => {
    if (font.subtype !== 'Type0' || isIdentity(cmapName(check, font))) return undefined;
    const own = collectionOf(check, check.facts.file.dict(font.descendant?.get('CIDSystemInfo')));
    const cmap = cmapCollection(check, font);
    const isSame =
      own?.registry !== undefined &&
      own.registry === cmap?.registry &&
      own.ordering !== undefined &&
      own.ordering === cmap.ordering &&
      (check.level.part === 1 || own.supplement <= cmap.supplement);
    return isSame
      ? undefined
      : `The character collections of ${called(font).replace('The', 'the')} and its CMap differ.`;
  },
);

const glyphMap = fontRule(
  { a1: '6.3.3.2-1', a23: '6.2.11.3.2-1', a4: '6.2.10.3.2-1', ua1: '7.21.3.2-1', ua2: '8.4.5.3.2-1' },
  (font, { facts, level }) => {
    const { file } = facts;
    if (font.subtype !== 'Type0' || file.name(font.descendant?.get('Subtype')) !== 'CIDFontType2')
      return undefined;
    const map = file.resolve(font.descendant?.get('CIDToGIDMap'));
    const hasMap = map instanceof PdfStream || (map instanceof PdfName && map.name === 'Identity');
    const isNeeded = level.part === 1 ? font.isRendered : font.program !== undefined;
    return hasMap || !isNeeded ? undefined : `${called(font)} has no /CIDToGIDMap.`;
  },
);

const embeddedCMaps = fontRule(
  { a1: '6.3.3.3-1', a23: '6.2.11.3.3-1', a4: '6.2.10.3.3-1', ua1: '7.21.3.3-1', ua2: '8.4.5.4-1' },
  (font, check) => {
    if (font.subtype !== 'Type0') return undefined;
    const isEmbedded = check.facts.file.stream(font.dict.get('Encoding')) !== undefined;
    const name = cmapName(check, font);
    const isKnown = isIdentity(name) || (check.level.part !== 1 && CMAP_COLLECTIONS.has(name));
    return isEmbedded || isKnown ? undefined : `The CMap "${name.slice(0, 40)}" is not embedded.`;
  },
);

interface EmbeddedCMap {
  readonly stream: PdfStream;
  readonly font: Font;
}

const cmapsOf = (check: Check): readonly EmbeddedCMap[] =>
  check.facts.once('cmaps', () =>
    [...check.facts.content.fonts].flatMap((font) => {
      const stream =
        font.subtype === 'Type0' ? check.facts.file.stream(font.dict.get('Encoding')) : undefined;
      return stream === undefined ? [] : [{ stream, font }];
    }),
  );

const writingMode = rule(
  { a1: '6.3.3.3-2', a23: '6.2.11.3.3-2', a4: '6.2.10.3.3-2', ua1: '7.21.3.3-2', ua2: '8.4.5.4-2' },
  (check) => {
    for (const { stream, font } of cmapsOf(check)) {
      const stated = check.facts.file.integer(stream.dict.get('WMode')) ?? 0;
      const own = readCMap(check.facts.file, stream).wMode;
      if (stated !== own) check.report(`A CMap has /WMode ${stated} and, inside, ${own}.`, placeOf(font));
    }
  },
);

const usedCMaps = rule(
  { a23: '6.2.11.3.3-3', a4: '6.2.10.3.3-3', ua1: '7.21.3.3-3', ua2: '8.4.5.4-3' },
  (check) => {
    const { file } = check.facts;
    for (const { stream, font } of cmapsOf(check)) {
      const used = file.resolve(stream.dict.get('UseCMap'));
      if (used === null) continue;
      const name = nameOfCMap(used, (object) => file.name(object)) ?? '';
      if (!isIdentity(name) && !CMAP_COLLECTIONS.has(name)) {
        check.report(
          `A CMap refers to another, "${name.slice(0, 40)}", which is no predefined one.`,
          placeOf(font),
        );
      }
    }
  },
);

const maximalCid = rule({ a1: '6.1.12-10', a23: '6.1.13-10' }, (check) => {
  for (const { stream, font } of cmapsOf(check)) {
    if (readCMap(check.facts.file, stream).maximalCid > 65_535) {
      check.report('A CMap has a CID greater than 65,535.', placeOf(font));
    }
  }
});

const embedded = fontRule(
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

const glyphsPresent = glyphRule(
  { a1: '6.3.5-1', a23: '6.2.11.4.1-2', a4: '6.2.10.4.1-2', ua1: '7.21.4.1-2', ua2: '8.4.5.5.1-2' },
  (glyph, use) =>
    isRendered(use) && glyph.isPresent === false ? 'the embedded font has no such glyph' : undefined,
);

const glyphWidths = glyphRule(
  { a1: '6.3.6-1', a23: '6.2.11.5-1', a4: '6.2.10.5-1', ua1: '7.21.5-1', ua2: '8.4.5.6-1' },
  ({ widths }, use) =>
    isRendered(use) && widths !== undefined && Math.abs(widths.program - widths.stated) > 1
      ? `the width is ${round(widths.stated)} in the dictionary and ${round(widths.program)} in the font`
      : undefined,
);

const round = (width: number): number => Math.round(width * 100) / 100;

const notdef = glyphRule(
  { a23: '6.2.11.8-1', a4: '6.2.10.9-1', ua1: '7.21.8-1', ua2: '8.4.5.9-1' },
  (glyph) => (glyph.isNotdef ? 'a character is shown that the font does not have (.notdef)' : undefined),
);

const needsUnicode = ({ conformance, ua }: Level): boolean =>
  conformance === 'A' || conformance === 'U' || ua !== undefined;

const unicode1 = glyphRule(
  { a1: '6.3.8-1' },
  (glyph) => (glyph.hasUnicode1 ? undefined : 'no Unicode text is given'),
  isLevelA,
);

const unicode = glyphRule(
  { a23: '6.2.11.7.2-1', ua1: '7.21.7-1', ua2: '8.4.5.8-1' },
  (glyph) => (glyph.unicode === undefined ? 'no Unicode text is given' : undefined),
  needsUnicode,
);

const realUnicode = glyphRule(
  { a23: '6.2.11.7.2-2', a4: '6.2.10.7-1', ua1: '7.21.7-2', ua2: '8.4.5.8-2' },

  (glyph) =>
    /[\0\ufffe\ufeff]/.test(glyph.unicode ?? '') ? 'its Unicode text is U+0000, U+FEFF or U+FFFE' : undefined,
  (level) => level.part === 4 || needsUnicode(level),
);

const privateUse = glyphRule(
  { a23: '6.2.11.7.3-1' },
  (glyph, { flags }) =>
    (flags & SHOWN.bare) !== 0 && PRIVATE_USE.test(glyph.unicode ?? '')
      ? 'its Unicode text is a private one, and no /ActualText explains it'
      : undefined,
  isLevelA,
);

const privateUse2 = glyphRule({ ua2: '8.4.3-1' }, (glyph, { flags }) =>
  (flags & SHOWN.bareOnPage) !== 0 && PRIVATE_USE.test(glyph.unicode ?? '')
    ? 'its Unicode text is a private one, and neither /ActualText nor /Alt explains it'
    : undefined,
);

const isSubset = (font: Font): boolean => /^[A-Z]{6}\+/.test(font.name ?? '');

function charSetProblem(font: Font, { facts, level }: Check): string | undefined {
  if ((font.subtype !== 'Type1' && font.subtype !== 'MMType1') || !isSubset(font)) return undefined;
  const string = facts.file.string(font.descriptor?.get('CharSet'));
  if (string === undefined) return level.part === 1 ? `${called(font)} has no /CharSet.` : undefined;
  const { program } = font;
  if (program === undefined) return level.part === 1 ? `${called(font)} cannot be read.` : undefined;
  const listed = new Set(
    Buffer.from(string.bytes)
      .toString('latin1')
      .match(/[^/\s]+/g) ?? [],
  );
  const own: ReadonlySet<string> =
    program.kind === 'type1'
      ? new Set(program.font.widths.keys())
      : program.kind === 'cff'
        ? program.font.glyphNames
        : new Set<string>();
  if (level.part === 1) {
    for (const code of font.uses.keys()) {
      const name = font.encoding.nameOf(code);
      if (name !== undefined && own.has(name) && !listed.has(name)) {
        return `/CharSet of ${called(font).replace('The', 'the')} lacks "${name.slice(0, 40)}".`;
      }
    }
    return undefined;
  }
  const isWhole =
    [...own].every((name) => name === '.notdef' || listed.has(name)) &&
    [...listed].every((name) => name === '.notdef' || own.has(name));
  return isWhole ? undefined : `/CharSet of ${called(font).replace('The', 'the')} does not list its glyphs.`;
}

const charSet = fontRule({ a1: '6.3.5-2', a23: '6.2.11.4.2-1', ua1: '7.21.4.2-1' }, charSetProblem);

function cidSetProblem(font: Font, { facts, level }: Check): string | undefined {
  if (
    font.subtype !== 'Type0' ||
    !/^[A-Z]{6}\+/.test(facts.file.name(font.descendant?.get('BaseFont')) ?? '')
  ) {
    return undefined;
  }
  const stream = facts.file.stream(font.descriptor?.get('CIDSet'));
  if (stream === undefined)
    return level.part === 1 ? `${called(font)} is a subset without /CIDSet.` : undefined;
  const parts = font.compositeParts();
  const { program } = parts;
  if (program === undefined) return level.part === 1 ? `${called(font)} cannot be read.` : undefined;
  const bytes = facts.file.decode(stream) ?? new Uint8Array(0);
  const isListed = (cid: number): boolean => ((bytes[cid >> 3] ?? 0) & (0x80 >> (cid & 7))) !== 0;
  if (level.part === 1) {
    for (const code of font.uses.keys()) {
      const cid = parts.cmap.cidOf(code) ?? 0;
      if (cid !== 0 && hasCid(parts, program, cid) && !isListed(cid)) {
        return `/CIDSet of ${called(font).replace('The', 'the')} lacks CID ${cid}, which is used.`;
      }
    }
    return undefined;
  }
  for (const cid of cidsOf(font)) {
    if (cid !== 0 && !isListed(cid))
      return `/CIDSet of ${called(font).replace('The', 'the')} lacks CID ${cid}.`;
  }
  for (let cid = 1; cid < bytes.length * 8; cid += 1) {
    facts.budget.step();
    if (isListed(cid) && !hasCid(parts, program, cid)) {
      return `/CIDSet of ${called(font).replace('The', 'the')} lists CID ${cid}, which it does not have.`;
    }
  }
  return undefined;
}

/** The CIDs that a font program has. */
function* cidsOf(font: Font): Generator<number> {
  const parts = font.compositeParts();
  const { program, glyphs } = parts;
  if (program?.kind === 'cff' && program.font.isCid) yield* program.font.cids;
  if (program?.kind !== 'truetype') return;
  const count = glyphs.isIdentity ? program.font.metricCount : glyphs.size;
  for (let cid = 0; cid < count; cid += 1) if (glyphs.isIdentity || hasCid(parts, program, cid)) yield cid;
}

const cidSet = fontRule({ a1: '6.3.5-3', a23: '6.2.11.4.2-2', ua1: '7.21.4.2-2' }, cidSetProblem);

const trueTypeOf = (font: Font): TrueType | undefined =>
  font.subtype === 'TrueType' && font.program?.kind === 'truetype' ? font.program.font : undefined;

const plainMaps = fontRule(
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

const plainEncoding = fontRule(
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

const symbolicEncoding = fontRule(
  { a1: '6.3.7-2', a23: '6.2.11.6-3', a4: '6.2.10.6-3', ua1: '7.21.6-3', ua2: '8.4.5.7-3' },
  (font, { facts }) => {
    if (font.subtype !== 'TrueType' || !font.isSymbolic) return undefined;
    const value = facts.file.resolve(font.dict.get('Encoding'));
    const isEmpty = value === null || (!(value instanceof PdfName) && font.encoding.base === undefined);
    return isEmpty ? undefined : `${called(font)} is symbolic and must have no /Encoding.`;
  },
);

const symbolicMaps = fontRule(
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

export const FONTS: readonly Rule[] = [
  fontType,
  fontSubtype,
  baseFont,
  firstChar,
  lastChar,
  widthCount,
  programSubtype,
  sameCollection,
  glyphMap,
  embeddedCMaps,
  writingMode,
  usedCMaps,
  maximalCid,
  embedded,
  glyphsPresent,
  glyphWidths,
  notdef,
  unicode1,
  unicode,
  realUnicode,
  privateUse,
  privateUse2,
  charSet,
  cidSet,
  plainMaps,
  plainEncoding,
  symbolicEncoding,
  symbolicMaps,
];
