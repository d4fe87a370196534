/** Reads a TrueType font with `glyf` outlines (OpenType 1.9) far enough to measure text and to take glyphs out of it. */

export interface TrueType {
  readonly postScriptName: string;
  readonly unitsPerEm: number;
  readonly ascent: number;
  /** Negative. */
  readonly descent: number;
  readonly capHeight: number;
  /** xMin, yMin, xMax, yMax in font units. */
  readonly box: readonly [number, number, number, number];
  /** The glyph of a character, 0 for none. */
  glyphOf(codePoint: number): number;
  /** In font units. */
  advanceOf(glyph: number): number;
  leftBearingOf(glyph: number): number;
  /** The outline as it stands in the file; empty for a glyph without one. */
  outlineOf(glyph: number): Buffer;
  readonly head: Buffer;
  readonly hhea: Buffer;
  readonly maxp: Buffer;
}

const POSTSCRIPT_NAME = 6;
const WINDOWS = 3;

/** `bytes`: one of the fonts that ship with the product. Throws RangeError for what is no such font. */
export function readTrueType(bytes: Buffer): TrueType {
  const tables = readTables(bytes);
  const table = (tag: string): Buffer => {
    const found = tables.get(tag);
    if (found === undefined) throw new RangeError(`The font has no table ${tag}`);
    return found;
  };
  const [head, hhea, hmtx, loca, glyf, os2] = ['head', 'hhea', 'hmtx', 'loca', 'glyf', 'OS/2'].map(table) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const isLong = head.readInt16BE(50) === 1;
  const offsetAt = (index: number): number =>
    isLong ? loca.readUInt32BE(index * 4) : loca.readUInt16BE(index * 2) * 2;
  const metrics = hhea.readUInt16BE(34);
  return {
    postScriptName: readPostScriptName(table('name')),
    unitsPerEm: head.readUInt16BE(18),
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    capHeight: os2.readUInt16BE(0) >= 2 ? os2.readInt16BE(88) : hhea.readInt16BE(4),
    box: [head.readInt16BE(36), head.readInt16BE(38), head.readInt16BE(40), head.readInt16BE(42)],
    glyphOf: readCharacterMap(table('cmap')),
    advanceOf: (glyph) => hmtx.readUInt16BE(Math.min(glyph, metrics - 1) * 4),
    leftBearingOf: (glyph) =>
      glyph < metrics
        ? hmtx.readInt16BE(glyph * 4 + 2)
        : hmtx.readInt16BE(metrics * 4 + (glyph - metrics) * 2),
    outlineOf: (glyph) => glyf.subarray(offsetAt(glyph), offsetAt(glyph + 1)),
    head,
    hhea,
    maxp: table('maxp'),
  };
}

function readTables(bytes: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  const count = bytes.readUInt16BE(4);
  for (let at = 12; at < 12 + count * 16; at += 16) {
    const start = bytes.readUInt32BE(at + 8);
    tables.set(
      bytes.toString('latin1', at, at + 4),
      bytes.subarray(start, start + bytes.readUInt32BE(at + 12)),
    );
  }
  return tables;
}

function readPostScriptName(name: Buffer): string {
  const strings = name.readUInt16BE(4);
  for (let at = 6; at < 6 + name.readUInt16BE(2) * 12; at += 12) {
    if (name.readUInt16BE(at) !== WINDOWS || name.readUInt16BE(at + 6) !== POSTSCRIPT_NAME) continue;
    const start = strings + name.readUInt16BE(at + 10);
    const wide = Buffer.from(name.subarray(start, start + name.readUInt16BE(at + 8)));
    return wide
      .swap16()
      .toString('utf16le')
      .replace(/[^\w-]/g, '');
  }
  return 'Font';
}

/** Format 12 before format 4. */
function readCharacterMap(cmap: Buffer): (codePoint: number) => number {
  let format4: number | undefined;
  for (let at = 4; at < 4 + cmap.readUInt16BE(2) * 8; at += 8) {
    const offset = cmap.readUInt32BE(at + 4);
    const format = cmap.readUInt16BE(offset);
    if (format === 12) return (codePoint) => lookUp12(cmap, offset, codePoint);
    if (format === 4) format4 = offset;
  }
  const offset = format4;
  return offset === undefined ? () => 0 : (codePoint) => lookUp4(cmap, offset, codePoint);
}

function lookUp12(cmap: Buffer, offset: number, codePoint: number): number {
  let low = 0;
  let high = cmap.readUInt32BE(offset + 12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = offset + 16 + middle * 12;
    const first = cmap.readUInt32BE(at);
    if (codePoint < first) high = middle - 1;
    else if (codePoint > cmap.readUInt32BE(at + 4)) low = middle + 1;
    else return cmap.readUInt32BE(at + 8) + codePoint - first;
  }
  return 0;
}

function lookUp4(cmap: Buffer, offset: number, codePoint: number): number {
  if (codePoint > 0xffff) return 0;
  const doubled = cmap.readUInt16BE(offset + 6);
  const [ends, starts] = [offset + 14, offset + 16 + doubled];
  for (let at = 0; at < doubled; at += 2) {
    if (codePoint > cmap.readUInt16BE(ends + at)) continue;
    const start = cmap.readUInt16BE(starts + at);
    if (codePoint < start) return 0;
    const delta = cmap.readUInt16BE(starts + doubled + at);
    const rangeAt = starts + doubled * 2 + at;
    const range = cmap.readUInt16BE(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = cmap.readUInt16BE(rangeAt + range + (codePoint - start) * 2);
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
