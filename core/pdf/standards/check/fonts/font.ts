/** A font of a file with everything that the rules ask about it, and the codes that were shown with it. */
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import { CMap, predefinedCMap, readCMap } from './cmap.ts';
import { CidWidths, compositeGlyph, GlyphMap, type CompositeFontParts } from './composite-font.ts';
import { fontEncoding, type FontEncoding } from './encoding.ts';
import type { FontProgram, FontPrograms } from './font-program.ts';
import type { GlyphFacts } from './glyph-facts.ts';
import { simpleGlyph, type SimpleFontParts } from './simple-font.ts';

/** How a code was shown. */
export const SHOWN = {
  /** Other than invisibly (text rendering mode 3). */
  rendered: 1,
  /** Without an /ActualText around it. */
  bare: 2,
  /** As content of a page, without /ActualText or /Alt around it. */
  bareOnPage: 4,
} as const;

export interface CodeUse {
  readonly page: number;
  flags: number;
}

const SYMBOLIC = 4;

export class Font {
  readonly object: number | undefined;
  readonly dict: PdfDict;
  readonly subtype: string;
  /** Of a Type 0 font. */
  readonly descendant: PdfDict | undefined;
  readonly descriptor: PdfDict | undefined;
  readonly uses = new Map<number, CodeUse>();
  /** Page of the first use. */
  page = 0;
  /** Shown other than invisibly. */
  isRendered = false;
  isUsed = false;
  readonly #file: CheckedFile;
  readonly #programs: FontPrograms;
  #cmap: CMap | undefined;
  #encoding: FontEncoding | undefined;
  #glyph: ((code: number) => GlyphFacts) | undefined;
  #toUnicode: CMap | 'identity' | 'none' | undefined;
  readonly #facts = new Map<number, GlyphFacts>();

  constructor(
    file: CheckedFile,
    programs: FontPrograms,
    font: { dict: PdfDict; object: number | undefined },
  ) {
    this.#file = file;
    this.#programs = programs;
    this.object = font.object;
    this.dict = font.dict;
    this.subtype = file.name(font.dict.get('Subtype')) ?? '';
    this.descendant =
      this.subtype === 'Type0' ? file.dict(file.array(font.dict.get('DescendantFonts'))?.[0]) : undefined;
    this.descriptor = file.dict((this.descendant ?? font.dict).get('FontDescriptor'));
  }

  get name(): string | undefined {
    return this.#file.name(this.dict.get('BaseFont'));
  }

  get program(): FontProgram | undefined {
    const subtype =
      this.subtype === 'Type0' ? this.#file.name(this.descendant?.get('Subtype')) : this.subtype;
    return this.#programs.of(this.descriptor, subtype ?? '');
  }

  get isSymbolic(): boolean {
    return ((this.#file.integer(this.descriptor?.get('Flags')) ?? 0) & SYMBOLIC) !== 0;
  }

  /** /Subtype of the stream with the font program. */
  get programSubtype(): string | undefined {
    for (const key of ['FontFile', 'FontFile2', 'FontFile3']) {
      const stream = this.#file.stream(this.descriptor?.get(key));
      if (stream !== undefined) return this.#file.name(stream.dict.get('Subtype'));
    }
    return undefined;
  }

  get encoding(): FontEncoding {
    this.#encoding ??= fontEncoding(this.#file, this.dict.get('Encoding'));
    return this.#encoding;
  }

  /** The CMap of a Type 0 font. */
  get cmap(): CMap {
    this.#cmap ??= this.#readCMap();
    return this.#cmap;
  }

  #readCMap(): CMap {
    const value = this.#file.resolve(this.dict.get('Encoding'));
    if (value instanceof PdfName) return predefinedCMap(value.name);
    return value instanceof PdfStream ? readCMap(this.#file, value) : CMap.unknown();
  }

  /** Shows the first `length` bytes. */
  use(bytes: Uint8Array, length: number, page: number, flags: number): void {
    if (!this.isUsed) {
      this.isUsed = true;
      this.page = page;
    }
    if ((flags & SHOWN.rendered) !== 0) this.isRendered = true;
    this.#file.budget.step(length);
    if (this.subtype !== 'Type0') {
      for (let at = 0; at < length; at += 1) this.#note(bytes[at] ?? 0, page, flags);
    } else if (this.cmap.isTwoByte) {
      // A code cut off by the end of its string is read as if 0xFF followed.
      for (let at = 0; at < length; at += 2) {
        this.#note((bytes[at] ?? 0) * 256 + (at + 1 < length ? (bytes[at + 1] ?? 0) : 0xff), page, flags);
      }
    } else {
      this.#file.budget.step(length * this.cmap.effort);
      for (const code of this.cmap.codes(bytes.subarray(0, length))) this.#note(code, page, flags);
    }
  }

  #note(code: number, page: number, flags: number): void {
    const use = this.uses.get(code);
    if (use === undefined) this.uses.set(code, { page, flags });
    else use.flags |= flags;
  }

  glyph(code: number): GlyphFacts {
    const known = this.#facts.get(code);
    if (known !== undefined) return known;
    this.#glyph ??= this.#glyphReader();
    this.#file.budget.step(this.subtype === 'Type0' ? this.cmap.effort : 1);
    const facts = this.#glyph(code);
    this.#facts.set(code, facts);
    return facts;
  }

  /** For a Type 0 font: its parts, as the rules about CIDs need them. */
  compositeParts(): CompositeFontParts {
    const descendant = this.descendant ?? new PdfDict();
    return {
      cmap: this.cmap,
      widths: new CidWidths(this.#file, descendant),
      glyphs: new GlyphMap(this.#file, descendant.get('CIDToGIDMap')),
      program: this.program,
      toUnicode: (code) => this.#mapped(code) ?? (this.#hasKnownCollection() ? ' ' : undefined),
    };
  }

  #glyphReader(): (code: number) => GlyphFacts {
    if (this.subtype === 'Type0') {
      const parts = this.compositeParts();
      return (code) => compositeGlyph(parts, code);
    }
    const parts: SimpleFontParts = {
      file: this.#file,
      dict: this.dict,
      descriptor: this.descriptor,
      subtype: this.subtype,
      isSymbolic: this.isSymbolic,
      program: this.program,
      toUnicode: (code) => this.#mapped(code),
    };
    const encoding = this.encoding;
    return (code) => simpleGlyph(parts, encoding, code);
  }

  #mapped(code: number): string | undefined {
    this.#toUnicode ??= this.#readToUnicode();
    if (this.#toUnicode === 'none') return undefined;
    return this.#toUnicode === 'identity' ? String.fromCharCode(code) : this.#toUnicode.unicodeOf(code);
  }

  #readToUnicode(): CMap | 'identity' | 'none' {
    const value: PdfObject = this.#file.resolve(this.dict.get('ToUnicode'));
    if (value instanceof PdfName) return value.name.startsWith('Identity-') ? 'identity' : 'none';
    if (!(value instanceof PdfStream)) return 'none';
    const name = this.#file.name(value.dict.get('CMapName'));
    return name?.startsWith('Identity-') === true ? 'identity' : readCMap(this.#file, value);
  }

  /** Of an Adobe character collection, whose CIDs have fixed texts (ISO 32000-2 §9.10.2). */
  #hasKnownCollection(): boolean {
    const info = this.#file.dict(this.descendant?.get('CIDSystemInfo'));
    const ordering = this.#file.text(info?.get('Ordering')) ?? '';
    const isAdobe = this.#file.text(info?.get('Registry')) === 'Adobe';
    return isAdobe && ['Japan1', 'CNS1', 'GB1', 'Korea1', 'KR'].includes(ordering);
  }
}

/** All fonts of a file, each once. */
export class Fonts {
  readonly #file: CheckedFile;
  readonly #programs: FontPrograms;
  readonly #byNumber = new Map<number, Font | undefined>();
  readonly #byDict = new Map<PdfDict, Font | undefined>();

  constructor(file: CheckedFile, programs: FontPrograms) {
    this.#file = file;
    this.#programs = programs;
  }

  /** Undefined for what is no font that text can be shown with. */
  get(object: PdfObject | undefined): Font | undefined {
    const dict = this.#file.dict(object);
    if (dict === undefined) return undefined;
    const number = object instanceof PdfRef ? object.number : undefined;
    if (number === undefined ? this.#byDict.has(dict) : this.#byNumber.has(number)) {
      return number === undefined ? this.#byDict.get(dict) : this.#byNumber.get(number);
    }
    const isFont = KINDS.has(this.#file.name(dict.get('Subtype')) ?? '');
    const font = isFont ? new Font(this.#file, this.#programs, { dict, object: number }) : undefined;
    if (number === undefined) this.#byDict.set(dict, font);
    else this.#byNumber.set(number, font);
    return font;
  }

  /** Fonts that text was shown with. */
  *used(): Generator<Font> {
    for (const font of [...this.#byNumber.values(), ...this.#byDict.values()])
      if (font?.isUsed === true) yield font;
  }
}

const KINDS = new Set(['Type0', 'Type1', 'MMType1', 'TrueType', 'Type3']);
