/** Fonts and their glyphs (ISO 19005-1 §6.3, ISO 19005-2 §6.2.11, ISO 14289-1 §7.21, ISO 14289-2 §8.4.5). */
import type { Rule } from '../rule.ts';
import {
  sameCollection,
  glyphMap,
  embeddedCMaps,
  writingMode,
  usedCMaps,
  maximalCid,
} from './character-maps.ts';
import {
  fontType,
  fontSubtype,
  baseFont,
  firstChar,
  lastChar,
  widthCount,
  programSubtype,
} from './font-dictionaries.ts';
import { plainMaps, plainEncoding, symbolicEncoding, symbolicMaps } from './font-encodings.ts';
import { charSet, cidSet } from './font-subsets.ts';
import {
  embedded,
  glyphsPresent,
  glyphWidths,
  notdef,
  unicode1,
  unicode,
  realUnicode,
  privateUse,
  privateUse2,
} from './glyphs.ts';

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
