/** Glyphs of the simple fonts: Type 1, TrueType and Type 3 (ISO 32000-2 §9.6). */
import { Keyword, Lexer, PdfSyntaxError } from '../../../revision/lexer.ts';
import { numberOf, PdfReal, type PdfDict } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { Cff } from './cff.ts';
import type { FontEncoding } from './encoding.ts';
import { MAC_OS_ROMAN, encodingNamed, STANDARD_ENCODING } from './encodings.ts';
import type { FontProgram } from './font-program.ts';
import type { GlyphFacts } from './glyph-facts.ts';
import { unicodeOfGlyph } from './glyph-list.ts';
import type { TrueType } from './truetype.ts';

export interface SimpleFontParts {
  readonly file: CheckedFile;
  readonly dict: PdfDict;
  readonly descriptor: PdfDict | undefined;
  readonly subtype: string;
  readonly isSymbolic: boolean;
  readonly program: FontProgram | undefined;
  readonly toUnicode: (code: number) => string | undefined;
}

/** Names of ITC Zapf Dingbats; their meaning is fixed though no list of Unicode texts has them. */
const DINGBAT = /^a\d{1,3}$/;

export function simpleGlyph(parts: SimpleFontParts, encoding: FontEncoding, code: number): GlyphFacts {
  const name = encoding.nameOf(code);
  const stated = statedWidth(parts, code);
  const program =
    parts.subtype === 'Type3' ? type3Glyph(parts, name) : programGlyph(parts, encoding, name, code);
  const mapped = parts.toUnicode(code);
  const programName = name ?? program?.name;
  const byName = programName === undefined ? undefined : textOfName(programName);
  return {
    isPresent: program?.isPresent,
    isNotdef: isNotdef(parts, name, program, code),
    widths: program && { stated, program: program.width },
    unicode: mapped ?? byName,
    hasUnicode1: mapped !== undefined || (parts.subtype !== 'Type3' && byName !== undefined),
  };
}

function isNotdef(
  { subtype, isSymbolic }: SimpleFontParts,
  name: string | undefined,
  program: ProgramGlyph | undefined,
  code: number,
): boolean {
  if (subtype !== 'TrueType') return name === '.notdef';
  const stated = isSymbolic ? undefined : name;
  if (stated !== undefined) return stated === '.notdef';
  return program === undefined ? code === 0 : program.name === '.notdef';
}

/** A space stands for a text that is known to exist but not which. */
function textOfName(name: string): string | undefined {
  return unicodeOfGlyph(name) ?? (DINGBAT.test(name) ? ' ' : undefined);
}

function statedWidth({ file, dict, descriptor }: SimpleFontParts, code: number): number {
  const first = file.integer(dict.get('FirstChar'));
  const last = file.integer(dict.get('LastChar'));
  const widths = file.array(dict.get('Widths'));
  if (first !== undefined && last !== undefined && widths !== undefined && widths.length > 0) {
    if (code >= first && code <= last) return file.number(widths[code - first]) ?? 0;
  }
  return file.number(descriptor?.get('MissingWidth')) ?? 0;
}

interface ProgramGlyph {
  readonly isPresent: boolean;
  readonly width: number;
  /** The name that the program itself has for the code. */
  readonly name: string | undefined;
}

function programGlyph(
  parts: SimpleFontParts,
  encoding: FontEncoding,
  name: string | undefined,
  code: number,
): ProgramGlyph | undefined {
  const { program } = parts;
  if (program === undefined) return undefined;
  const missing = parts.file.number(parts.descriptor?.get('MissingWidth')) ?? 0;
  switch (program.kind) {
    case 'truetype':
      return trueTypeGlyph(parts, program.font, encoding, code);
    case 'cff':
      return cffGlyph(program.font, name, code, missing);
    case 'type1': {
      const { widths, encoding: own } = program.font;
      const ownName = own === undefined ? STANDARD_ENCODING[code] : own.get(code);
      const used = name ?? ownName ?? '.notdef';
      return {
        isPresent: code === 0 || (widths.has(used) && used !== '.notdef'),
        width: widths.get(used) ?? missing,
        name: code > 0 ? ownName : undefined,
      };
    }
  }
}

function cffGlyph(font: Cff, name: string | undefined, code: number, missing: number): ProgramGlyph {
  const glyph = name === undefined ? font.glyphOfCode(code) : font.glyphOfName(name);
  const isPresent =
    name === undefined ? font.glyphOfName(font.nameOfCode(code)) !== undefined : glyph !== undefined;
  return {
    isPresent: code === 0 || isPresent,
    width: font.width(glyph ?? 0) ?? font.width(0) ?? missing,
    name: font.nameOfCode(code),
  };
}

/** The lookups of ISO 32000-2 §9.6.5.4. */
function trueTypeGlyph(
  parts: SimpleFontParts,
  font: TrueType,
  encoding: FontEncoding,
  code: number,
): ProgramGlyph {
  if (parts.isSymbolic || !encoding.isStated) {
    const from30 = glyphOf30(font, code);
    const map10 = font.map(1, 0);
    const glyph =
      from30 !== 0 ? from30 : map10 !== undefined ? (map10.glyphs.get(code) ?? 0) : anyGlyph(font, code);
    const isPresent = font.map(3, 0) === undefined ? (map10?.glyphs.get(code) ?? 0) !== 0 : from30 !== 0;
    return { isPresent: code === 0 || isPresent, width: font.width(glyph), name: undefined };
  }
  const name = trueTypeName(encoding, code);
  const glyph = name === '.notdef' ? 0 : glyphNamed(font, name);
  const hasMapping = font.characterMaps.length > 0 || font.hasGlyphName(name);
  return {
    isPresent: code === 0 || (glyph > 0 && glyph < font.glyphCount),
    width: font.width(hasMapping ? glyphNamed(font, name) : anyGlyph(font, code)),
    name,
  };
}

function trueTypeName(encoding: FontEncoding, code: number): string {
  const different = encoding.differences?.get(code);
  if (different !== undefined) return different;
  const name = encodingNamed(encoding.base)?.[code];
  return name === undefined || name === '.notdef' ? (STANDARD_ENCODING[code] ?? '.notdef') : name;
}

function glyphNamed(font: TrueType, name: string): number {
  const text = unicodeOfGlyph(name);
  const code = text?.codePointAt(0);
  const by31 = code === undefined ? 0 : (font.map(3, 1)?.glyphs.get(code) ?? 0);
  if (by31 !== 0) return by31;
  const macCode = MAC_OS_ROMAN.get(name);
  const by10 = macCode === undefined ? 0 : (font.map(1, 0)?.glyphs.get(macCode) ?? 0);
  return by10 !== 0 ? by10 : font.glyphNamed(name);
}

const anyGlyph = (font: TrueType, code: number): number =>
  font.characterMaps.find(({ glyphs }) => glyphs.has(code))?.glyphs.get(code) ?? 0;

/** The high byte of the codes of a (3,0) map is that of its first code. */
function glyphOf30(font: TrueType, code: number): number {
  const map = font.map(3, 0);
  const [sample] = map?.glyphs.keys() ?? [];
  if (map === undefined || sample === undefined) return 0;
  const high = sample & 0xff00;
  return [0, 0xf000, 0xf100, 0xf200].includes(high) ? (map.glyphs.get(high + code) ?? 0) : 0;
}

function type3Glyph({ file, dict }: SimpleFontParts, name: string | undefined): ProgramGlyph {
  const procedures = file.dict(dict.get('CharProcs'));
  const stream = name === undefined ? undefined : file.stream(procedures?.get(name));
  const bytes = stream && file.decode(stream);
  return {
    isPresent: stream !== undefined,
    width: bytes === undefined ? 0 : type3Width(bytes),
    name: undefined,
  };
}

/** The first operand of `d0` or `d1`, which a glyph begins with. */
function type3Width(bytes: Uint8Array): number {
  const lexer = new Lexer(bytes.subarray(0, 256), { lenient: true });
  try {
    const first = lexer.next();
    for (let token = first; token !== 'end'; token = lexer.next()) {
      if (token instanceof Keyword) {
        const isWidth = token.word === 'd0' || token.word === 'd1';
        return isWidth && (typeof first === 'number' || first instanceof PdfReal)
          ? (numberOf(first) ?? 0)
          : 0;
      }
    }
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
  }
  return 0;
}
