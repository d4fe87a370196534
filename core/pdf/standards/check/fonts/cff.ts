/** A CFF font program (Adobe technical note 5176): which glyphs it has, their names or CIDs, and their widths. */
import { readDict, readIndex, type CffIndex } from './cff-dict.ts';
import { charstringWidth } from './charstring-width.ts';
import { CFF_STRINGS, STANDARD_ENCODING } from './encodings.ts';

const OP = {
  charset: 15,
  encoding: 16,
  charStrings: 17,
  private: 18,
  subroutines: 19,
  defaultWidth: 20,
  nominalWidth: 21,
  fontMatrix: 1207,
  registry: 1230,
  fontDicts: 1236,
  fontSelect: 1237,
} as const;

interface PrivateFacts {
  readonly local: CffIndex | undefined;
  readonly defaultWidth: number;
  readonly nominalWidth: number;
  readonly scale: number;
}

export class Cff {
  /** Keyed by CID. */
  readonly isCid: boolean;
  readonly glyphCount: number;
  readonly #strings: CffIndex;
  readonly #global: CffIndex;
  readonly #charStrings: CffIndex;
  /** SID or CID by glyph. */
  readonly #charset: readonly number[];
  readonly #glyphByName = new Map<string, number>();
  readonly #glyphByCid = new Map<number, number>();
  readonly #encoding: ReadonlyMap<number, number> | undefined;
  readonly #privates: readonly PrivateFacts[];
  readonly #select: (glyph: number) => number;

  /** Throws RangeError when the font is broken. */
  constructor(bytes: Uint8Array) {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const names = readIndex(data, data.readUInt8(2));
    const tops = readIndex(data, names.end);
    this.#strings = readIndex(data, tops.end);
    this.#global = readIndex(data, this.#strings.end);
    const topBytes = tops.item(0);
    if (topBytes === undefined) throw new RangeError('The font has no top dictionary');
    const top = readDict(topBytes);
    this.isCid = top.has(OP.registry);
    this.#charStrings = readIndex(data, last(top, OP.charStrings) ?? 0);
    this.glyphCount = this.#charStrings.count;
    this.#charset = charset(data, last(top, OP.charset) ?? 0, this.glyphCount);
    for (const [glyph, id] of this.#charset.entries()) {
      if (this.isCid) this.#glyphByCid.set(id, glyph);
      else this.#glyphByName.set(this.#string(id), glyph);
    }
    this.#encoding = this.isCid ? undefined : encoding(data, last(top, OP.encoding) ?? 0);
    const scale = scaleOf(top);
    if (this.isCid) {
      const dicts = readIndex(data, last(top, OP.fontDicts) ?? 0);
      this.#privates = Array.from({ length: dicts.count }, (_, index) => {
        const dict = readDict(dicts.item(index) ?? new Uint8Array(0));
        const own = scaleOf(dict);
        return privateFacts(data, dict, combined(scale, own));
      });
      this.#select = fontSelect(data, last(top, OP.fontSelect) ?? 0, this.glyphCount);
    } else {
      this.#privates = [privateFacts(data, top, scale ?? 0.001)];
      this.#select = () => 0;
    }
  }

  glyphOfName(name: string): number | undefined {
    return this.#glyphByName.get(name);
  }

  get glyphNames(): ReadonlySet<string> {
    return new Set(this.#glyphByName.keys());
  }

  glyphOfCid(cid: number): number | undefined {
    return this.#glyphByCid.get(cid);
  }

  get cids(): Iterable<number> {
    return this.#glyphByCid.keys();
  }

  /** By the encoding of the font itself. */
  glyphOfCode(code: number): number | undefined {
    if (this.#encoding !== undefined) return this.#encoding.get(code);
    return this.glyphOfName(STANDARD_ENCODING[code] ?? '.notdef');
  }

  nameOfCode(code: number): string {
    if (this.#encoding === undefined) return STANDARD_ENCODING[code] ?? '.notdef';
    const glyph = this.#encoding.get(code);
    return glyph === undefined ? '.notdef' : this.#string(this.#charset[glyph] ?? 0);
  }

  /** In thousandths of an em; undefined for a glyph that is not there. */
  width(glyph: number): number | undefined {
    const charstring = this.#charStrings.item(glyph);
    if (charstring === undefined) return undefined;
    const facts = this.#privates[this.#select(glyph)];
    if (facts === undefined) return undefined;
    return charstringWidth(charstring, { global: this.#global, ...facts }) * facts.scale * 1000;
  }

  #string(id: number): string {
    if (id < CFF_STRINGS.length) return CFF_STRINGS[id] ?? '.notdef';
    const bytes = this.#strings.item(id - CFF_STRINGS.length);
    return bytes === undefined ? '.notdef' : Buffer.from(bytes).toString('latin1');
  }
}

const last = (dict: ReadonlyMap<number, readonly number[]>, key: number): number | undefined =>
  dict.get(key)?.at(-1);

const scaleOf = (dict: ReadonlyMap<number, readonly number[]>): number | undefined =>
  dict.get(OP.fontMatrix)?.[0];

function combined(top: number | undefined, own: number | undefined): number {
  if (top !== undefined && own !== undefined) return top * own;
  return top ?? own ?? 0.001;
}

function privateFacts(
  data: Buffer,
  dict: ReadonlyMap<number, readonly number[]>,
  scale: number,
): PrivateFacts {
  const [size = 0, offset = 0] = dict.get(OP.private) ?? [];
  const own = readDict(data.subarray(offset, offset + size));
  const subroutines = last(own, OP.subroutines);
  return {
    local: subroutines === undefined ? undefined : readIndex(data, offset + subroutines),
    defaultWidth: last(own, OP.defaultWidth) ?? 0,
    nominalWidth: last(own, OP.nominalWidth) ?? 0,
    scale,
  };
}

/** The identifiers of glyphs; predefined charsets count up from the first standard string. */
function charset(data: Buffer, offset: number, glyphs: number): number[] {
  const ids = [0];
  if (offset <= 2) {
    for (let glyph = 1; glyph < glyphs; glyph += 1) ids.push(glyph);
    return ids;
  }
  const format = data.readUInt8(offset);
  let at = offset + 1;
  while (ids.length < glyphs) {
    const first = data.readUInt16BE(at);
    at += 2;
    let more = 0;
    if (format === 1) more = data.readUInt8(at);
    else if (format === 2) more = data.readUInt16BE(at);
    else if (format !== 0) throw new RangeError('A CFF charset has an unknown format');
    at += format;
    for (let index = 0; index <= more && ids.length < glyphs; index += 1) ids.push(first + index);
  }
  return ids;
}

/** Glyph by code; undefined for the standard encoding. */
function encoding(data: Buffer, offset: number): Map<number, number> | undefined {
  if (offset <= 1) return undefined;
  const glyphs = new Map<number, number>();
  const format = data.readUInt8(offset) & 0x7f;
  const count = data.readUInt8(offset + 1);
  let glyph = 1;
  for (let index = 0; index < count; index += 1) {
    if (format === 0) {
      glyphs.set(data.readUInt8(offset + 2 + index), glyph);
      glyph += 1;
      continue;
    }
    const first = data.readUInt8(offset + 2 + index * 2);
    const more = data.readUInt8(offset + 3 + index * 2);
    for (let code = first; code <= first + more; code += 1) {
      glyphs.set(code, glyph);
      glyph += 1;
    }
  }
  return glyphs;
}

function fontSelect(data: Buffer, offset: number, glyphs: number): (glyph: number) => number {
  const format = data.readUInt8(offset);
  if (format === 0) return (glyph) => (glyph < glyphs ? data.readUInt8(offset + 1 + glyph) : 0);
  if (format !== 3) throw new RangeError('A CFF font has an unknown FDSelect');
  const ranges = data.readUInt16BE(offset + 1);
  const starts = Array.from({ length: ranges }, (_, index) => data.readUInt16BE(offset + 3 + index * 3));
  return (glyph) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) > glyph) high = middle - 1;
      else low = middle;
    }
    return data.readUInt8(offset + 5 + low * 3);
  };
}
