/** A TrueType font program with a glyph for each character from space to tilde, all alike and 600 wide. */

export interface TrueTypeOptions {
  /** Of 1000 units an em, by glyph number; otherwise 600. */
  readonly widths?: Readonly<Record<number, number>>;
  /** Platform and encoding of the subtables of `cmap`. */
  readonly cmaps?: readonly (readonly [platform: number, encoding: number])[];
  /** Tables to leave out. */
  readonly without?: readonly string[];
  /** Glyphs with outlines and widths; fewer than there are characters makes characters without a glyph. */
  readonly glyphs?: number;
}

const FIRST = 0x20;
const LAST = 0x7e;
/** .notdef and the characters. */
export const GLYPHS = LAST - FIRST + 2;

/** Glyph number of a character. */
export const glyphOf = (character: string): number => character.charCodeAt(0) - FIRST + 1;

const u16 = (...values: number[]): string =>
  values.map((value) => String.fromCharCode((value >> 8) & 255, value & 255)).join('');
const u32 = (...values: number[]): string =>
  values.map((value) => u16(Math.floor(value / 65536), value)).join('');

/** A triangle: ten bytes of header, one contour of three points. */
const OUTLINE =
  u16(1, 50, 0, 550, 700) + u16(2) + u16(0) + '\x01\x01\x01' + u16(50, 500, -250) + u16(0, 0, 700) + '\0';

function cmapTable(pairs: readonly (readonly [number, number])[], prefixes: readonly number[]): string {
  let records = '';
  let data = '';
  pairs.forEach(([platform, encoding], index) => {
    records += u16(platform, encoding) + u32(4 + pairs.length * 8 + data.length);
    const prefix = prefixes[index] ?? 0;
    if (platform === 1) {
      const map = Array.from({ length: 256 }, (_, code) =>
        code >= FIRST && code <= LAST ? code - FIRST + 1 : 0,
      );
      data += u16(0, 262, 0) + String.fromCharCode(...map);
    } else {
      data += u16(4, 32, 0, 4, 4, 1, 0);
      data += u16(prefix + LAST, 0xffff, 0, prefix + FIRST, 0xffff, 1 - FIRST - prefix, 1, 0, 0);
    }
  });
  return u16(0, pairs.length) + records + data;
}

/** As latin1 text. */
export function trueType(options: TrueTypeOptions = {}): string {
  const glyphs = options.glyphs ?? GLYPHS;
  const cmaps = options.cmaps ?? [[3, 1]];
  const advances = Array.from({ length: glyphs }, (_, glyph) => options.widths?.[glyph] ?? 600);
  const outlines = Array.from({ length: glyphs }, (_, glyph) => (glyph === 1 ? '' : OUTLINE));
  const offsets = [0];
  for (const { length } of outlines) offsets.push((offsets.at(-1) ?? 0) + length);
  const tables: Record<string, string> = {
    'OS/2': u16(4, 600, 400, 5, 0) + '\0'.repeat(86),
    cmap: cmapTable(
      cmaps,
      cmaps.map(([, encoding]) => (encoding === 0 ? 0xf000 : 0)),
    ),
    glyf: outlines.join(''),
    head:
      u32(0x00010000, 0x00010000, 0, 0x5f0f3cf5) +
      u16(0, 1000) +
      '\0'.repeat(16) +
      u16(50, 0, 550, 700, 0, 8, 2, 1, 0),
    hhea: u32(0x00010000) + u16(800, -200, 0, 600, 0, 0, 550, 1, 0, 0, 0, 0, 0, 0, 0, glyphs),
    hmtx: advances.map((advance) => u16(advance, 50)).join(''),
    loca: u32(...offsets),
    maxp: u32(0x00010000) + u16(glyphs, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    post: u32(0x00030000) + '\0'.repeat(28),
  };
  const kept = Object.entries(tables).filter(([tag]) => options.without?.includes(tag) !== true);
  let directory = u32(0x00010000) + u16(kept.length, 128, 3, kept.length * 16 - 128);
  let body = '';
  for (const [tag, data] of kept) {
    const padded = data.padEnd(Math.ceil(data.length / 4) * 4, '\0');
    directory += tag + u32(0, 12 + kept.length * 16 + body.length, data.length);
    body += padded;
  }
  return directory + body;
}
