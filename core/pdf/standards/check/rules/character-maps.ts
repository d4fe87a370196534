/** Character maps of composite fonts (ISO 19005-1 §6.3.3, ISO 19005-2 §6.2.11.3, ISO 14289-1 §7.21.3). */
import { PdfName, PdfStream, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import { readCMap } from '../fonts/cmap.ts';
import type { Font } from '../fonts/font.ts';
import { CMAP_COLLECTIONS } from '../fonts/predefined-cmaps.ts';
import { rule, type Check } from '../rule.ts';
import { called, fontRule, placeOf } from './font-rule.ts';

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

export const sameCollection = fontRule(
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

export const glyphMap = fontRule(
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

export const embeddedCMaps = fontRule(
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

export const writingMode = rule(
  { a1: '6.3.3.3-2', a23: '6.2.11.3.3-2', a4: '6.2.10.3.3-2', ua1: '7.21.3.3-2', ua2: '8.4.5.4-2' },
  (check) => {
    for (const { stream, font } of cmapsOf(check)) {
      const stated = check.facts.file.integer(stream.dict.get('WMode')) ?? 0;
      const own = readCMap(check.facts.file, stream).wMode;
      if (stated !== own) check.report(`A CMap has /WMode ${stated} and, inside, ${own}.`, placeOf(font));
    }
  },
);

export const usedCMaps = rule(
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

export const maximalCid = rule({ a1: '6.1.12-10', a23: '6.1.13-10' }, (check) => {
  for (const { stream, font } of cmapsOf(check)) {
    if (readCMap(check.facts.file, stream).maximalCid > 65_535) {
      check.report('A CMap has a CID greater than 65,535.', placeOf(font));
    }
  }
});
