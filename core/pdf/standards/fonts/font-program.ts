/** What a TrueType font program has for each glyph (ISO/IEC 14496-22, tables head, maxp, loca). */

export interface GlyphOutlines {
  readonly count: number;
  /** Whether the glyph draws anything. */
  has(glyph: number): boolean;
}

/** Undefined for what is no TrueType font with outlines in `glyf`. */
export function glyphOutlines(program: Uint8Array): GlyphOutlines | undefined {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const tables = tablesOf(view);
  const [head, maxp, loca] = [tables.get('head'), tables.get('maxp'), tables.get('loca')];
  if (head === undefined || maxp === undefined || loca === undefined || !tables.has('glyf')) return undefined;
  if (head.length < 52 || maxp.length < 6) return undefined;
  const isLong = view.getInt16(head.offset + 50) === 1;
  const entry = isLong ? 4 : 2;
  const count = Math.min(view.getUint16(maxp.offset + 4), Math.floor(loca.length / entry) - 1);
  const at = (glyph: number): number =>
    isLong ? view.getUint32(loca.offset + glyph * 4) : view.getUint16(loca.offset + glyph * 2);
  return { count, has: (glyph) => glyph < count && at(glyph + 1) > at(glyph) };
}

interface Table {
  readonly offset: number;
  readonly length: number;
}

function tablesOf(view: DataView): Map<string, Table> {
  const tables = new Map<string, Table>();
  if (view.byteLength < 12) return tables;
  const count = Math.min(view.getUint16(4), Math.floor((view.byteLength - 12) / 16));
  for (let index = 0; index < count; index += 1) {
    const row = 12 + index * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(row + byte)));
    const [offset, length] = [view.getUint32(row + 8), view.getUint32(row + 12)];
    if (offset + length <= view.byteLength) tables.set(tag, { offset, length });
  }
  return tables;
}
