/** Glyphs of a composite font: Type 0 with its descendant (ISO 32000-2 §9.7). */
import { PdfName, type PdfDict, type PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { CMap } from './cmap.ts';
import type { FontProgram } from './font-program.ts';
import type { GlyphFacts } from './glyph-facts.ts';

const DEFAULT_WIDTH = 1000;
const MOST_WIDTHS = 1 << 20;

/** /W and /DW (ISO 32000-2 §9.7.4.3). */
export class CidWidths {
  readonly defaultWidth: number;
  readonly #single = new Map<number, number>();
  readonly #ranges: { readonly first: number; readonly last: number; readonly width: number }[] = [];

  readonly #file: CheckedFile;

  constructor(file: CheckedFile, dict: PdfDict) {
    this.#file = file;
    this.defaultWidth = file.number(dict.get('DW')) ?? DEFAULT_WIDTH;
    const list = file.array(dict.get('W')) ?? [];
    for (let index = 0; index + 1 < list.length;) {
      const first = file.number(list[index]) ?? 0;
      const second = file.resolve(list[index + 1]);
      if (Array.isArray(second)) {
        for (const [offset, item] of second.entries()) {
          const width = file.number(item);
          if (width !== undefined && this.#single.size < MOST_WIDTHS) this.#single.set(first + offset, width);
        }
        index += 2;
      } else {
        const width = file.number(list[index + 2]);
        if (typeof second === 'number' && width !== undefined) {
          this.#ranges.push({ first, last: second, width });
        }
        index += 3;
      }
    }
  }

  of(cid: number): number {
    const single = this.#single.get(cid);
    if (single !== undefined) return single;
    this.#file.budget.step(this.#ranges.length >> 3);
    return this.#ranges.find(({ first, last }) => cid >= first && cid <= last)?.width ?? this.defaultWidth;
  }
}

/** /CIDToGIDMap (ISO 32000-2 table 115). */
export class GlyphMap {
  /** Undefined for the identity. */
  readonly #map: Uint8Array | undefined;

  constructor(file: CheckedFile, object: PdfObject | undefined) {
    const value = file.resolve(object);
    const stream = value instanceof PdfName ? undefined : file.stream(value);
    this.#map = stream && (file.decode(stream) ?? new Uint8Array(0));
  }

  get isIdentity(): boolean {
    return this.#map === undefined;
  }

  /** CIDs that the map covers. */
  get size(): number {
    return this.#map === undefined ? 0x10000 : Math.ceil(this.#map.length / 2);
  }

  has(cid: number): boolean {
    return this.#map === undefined || cid < this.size;
  }

  glyph(cid: number): number {
    if (this.#map === undefined) return cid;
    return cid < this.size ? (this.#map[cid * 2] ?? 0) * 256 + (this.#map[cid * 2 + 1] ?? 0) : 0;
  }
}

export interface CompositeFontParts {
  readonly cmap: CMap;
  readonly widths: CidWidths;
  readonly glyphs: GlyphMap;
  readonly program: FontProgram | undefined;
  readonly toUnicode: (code: number) => string | undefined;
}

export function compositeGlyph(parts: CompositeFontParts, code: number): GlyphFacts {
  const { cmap, widths, program } = parts;
  const unicode = parts.toUnicode(code);
  const rest = { unicode, hasUnicode1: unicode !== undefined };
  if (program === undefined || cmap.usesUnknown) {
    return { isPresent: undefined, isNotdef: false, widths: undefined, ...rest };
  }
  const mapped = cmap.cidOf(code);
  const cid = mapped ?? 0;
  const isPresent = mapped !== undefined && hasCid(parts, program, cid);
  return {
    isPresent: code === 0 || isPresent,
    isNotdef: !isPresent,
    widths: { stated: widths.of(cid), program: programWidth(parts, program, cid) ?? widths.defaultWidth },
    ...rest,
  };
}

/** Whether the program has a glyph for a CID; none has one for CID 0, which is `.notdef`. */
export function hasCid(
  { glyphs }: Pick<CompositeFontParts, 'glyphs'>,
  program: FontProgram,
  cid: number,
): boolean {
  switch (program.kind) {
    case 'truetype':
      return cid !== 0 && glyphs.has(cid) && glyphs.glyph(cid) < program.font.glyphCount;
    case 'cff': {
      if (!program.font.isCid) return cid < program.font.glyphCount;
      const glyph = program.font.glyphOfCid(cid);
      return glyph !== undefined && glyph !== 0;
    }
    case 'type1':
      return false;
  }
}

function programWidth({ glyphs }: CompositeFontParts, program: FontProgram, cid: number): number | undefined {
  switch (program.kind) {
    case 'truetype':
      return program.font.width(glyphs.glyph(cid));
    case 'cff': {
      const glyph = program.font.isCid ? program.font.glyphOfCid(cid) : cid;
      return glyph === undefined ? undefined : program.font.width(glyph);
    }
    case 'type1':
      return undefined;
  }
}
