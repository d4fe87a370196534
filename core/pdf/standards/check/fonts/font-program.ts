/** The embedded font program of a font, of whichever kind it is. */
import { PdfName, type PdfDict, type PdfStream } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import { Cff } from './cff.ts';
import { fontTable, TrueType } from './truetype.ts';
import { Type1 } from './type1.ts';

export type FontProgram =
  | { readonly kind: 'truetype'; readonly font: TrueType }
  | { readonly kind: 'cff'; readonly font: Cff }
  | { readonly kind: 'type1'; readonly font: Type1 };

const MOST_BYTES = 128 * 1024 * 1024;

/** Programs by their streams: two fonts may share one. */
export class FontPrograms {
  readonly #file: CheckedFile;
  readonly #known = new Map<PdfStream, Map<string, FontProgram | undefined>>();

  constructor(file: CheckedFile) {
    this.#file = file;
  }

  /** Undefined when there is none, none of the kind that the font's subtype asks for, or it is broken. */
  of(descriptor: PdfDict | undefined, subtype: string): FontProgram | undefined {
    const file = this.#file;
    const candidate = KEYS[subtype]?.find((key) => file.stream(descriptor?.get(key)) !== undefined);
    const stream = candidate === undefined ? undefined : file.stream(descriptor?.get(candidate));
    if (stream === undefined || candidate === undefined) return undefined;
    const own = file.resolve(stream.dict.get('Subtype'));
    const kind = kindOf(candidate, subtype, own instanceof PdfName ? own.name : undefined);
    if (kind === undefined) return undefined;
    const known = this.#known.get(stream) ?? new Map<string, FontProgram | undefined>();
    this.#known.set(stream, known);
    if (!known.has(kind)) known.set(kind, this.#read(stream, kind));
    return known.get(kind);
  }

  #read(stream: PdfStream, kind: Kind): FontProgram | undefined {
    const bytes = this.#file.decode(stream, MOST_BYTES);
    if (bytes === undefined) return undefined;
    try {
      if (kind === 'truetype') return { kind, font: new TrueType(bytes) };
      if (kind === 'type1') return { kind, font: new Type1(bytes) };
      const data = kind === 'cff' ? bytes : fontTable(bytes, 'CFF ');
      return data && { kind: 'cff', font: new Cff(data) };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
}

type Kind = 'truetype' | 'type1' | 'cff' | 'opentype-cff';

/** Keys of the descriptor that count for a subtype, by precedence (ISO 32000-2 table 124). */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  Type1: ['FontFile', 'FontFile3'],
  MMType1: ['FontFile', 'FontFile3'],
  TrueType: ['FontFile2', 'FontFile3'],
  CIDFontType0: ['FontFile3'],
  CIDFontType2: ['FontFile2', 'FontFile3'],
};

function kindOf(key: string, subtype: string, own: string | undefined): Kind | undefined {
  if (key === 'FontFile') return 'type1';
  if (key === 'FontFile2') return 'truetype';
  const isTrueType = subtype === 'TrueType' || subtype === 'CIDFontType2';
  if (own === 'OpenType') return isTrueType ? 'truetype' : 'opentype-cff';
  if (subtype === 'TrueType') return 'truetype';
  const compact = subtype.startsWith('CID') ? 'CIDFontType0C' : 'Type1C';
  return own === compact ? 'cff' : undefined;
}
