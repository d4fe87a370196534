/** A TrueType font of only the glyphs that a text needs, numbered anew, without hints (ISO 32000-2 §9.9: the tables of FontFile2). */
import type { TrueType } from './true-type.ts';

/** Flags of composite glyphs (OpenType 1.9, glyf). */
const WORDS = 0x0001;
const SCALE = 0x0008;
const MORE = 0x0020;
const TWO_SCALES = 0x0040;
const MATRIX = 0x0080;
const INSTRUCTIONS = 0x0100;

export interface FontSubset {
  readonly program: Buffer;
  /** Numbers in the source font by the new numbers; the first is .notdef. */
  readonly glyphs: readonly number[];
}

/** `wanted`: glyphs of the font; they keep their order behind .notdef, and parts of composite ones follow them. */
export function subsetFont(font: TrueType, wanted: readonly number[]): FontSubset {
  const glyphs = [0, ...wanted];
  const numbers = new Map(glyphs.map((glyph, index) => [glyph, index]));
  const outlines: Buffer[] = [];
  for (let index = 0; index < glyphs.length; index += 1) {
    const outline = font.outlineOf(glyphs[index] ?? 0);
    outlines.push(
      withoutInstructions(outline, (part) => {
        const known = numbers.get(part);
        if (known !== undefined) return known;
        numbers.set(part, glyphs.length);
        return glyphs.push(part) - 1;
      }),
    );
  }
  return { program: writeFont(font, glyphs, outlines), glyphs };
}

function withoutInstructions(outline: Buffer, numberOf: (part: number) => number): Buffer {
  if (outline.length === 0) return outline;
  const contours = outline.readInt16BE(0);
  if (contours < 0) return renumbered(outline, numberOf);
  const lengthAt = 10 + contours * 2;
  const rest = lengthAt + 2 + outline.readUInt16BE(lengthAt);
  return Buffer.concat([outline.subarray(0, lengthAt), Buffer.alloc(2), outline.subarray(rest)]);
}

function renumbered(outline: Buffer, numberOf: (part: number) => number): Buffer {
  const copy = Buffer.from(outline);
  for (let at = 10; ;) {
    const flags = copy.readUInt16BE(at);
    copy.writeUInt16BE(flags & ~INSTRUCTIONS, at);
    copy.writeUInt16BE(numberOf(copy.readUInt16BE(at + 2)), at + 2);
    at += 4 + ((flags & WORDS) === 0 ? 2 : 4);
    at += (flags & SCALE) !== 0 ? 2 : (flags & TWO_SCALES) !== 0 ? 4 : (flags & MATRIX) !== 0 ? 8 : 0;
    if ((flags & MORE) === 0) return copy.subarray(0, at);
  }
}

function writeFont(font: TrueType, glyphs: readonly number[], outlines: readonly Buffer[]): Buffer {
  const loca = Buffer.alloc((glyphs.length + 1) * 4);
  const hmtx = Buffer.alloc(glyphs.length * 4);
  const padded: Buffer[] = [];
  let offset = 0;
  glyphs.forEach((glyph, index) => {
    const outline = pad(outlines[index] ?? Buffer.alloc(0));
    padded.push(outline);
    offset += outline.length;
    loca.writeUInt32BE(offset, (index + 1) * 4);
    hmtx.writeUInt16BE(font.advanceOf(glyph), index * 4);
    hmtx.writeInt16BE(font.leftBearingOf(glyph), index * 4 + 2);
  });
  const head = Buffer.from(font.head);
  head.writeUInt32BE(0, 8);
  head.writeInt16BE(1, 50);
  const hhea = Buffer.from(font.hhea);
  hhea.writeUInt16BE(glyphs.length, 34);
  const maxp = Buffer.from(font.maxp);
  maxp.writeUInt16BE(glyphs.length, 4);
  // No instructions, so no room for any of theirs.
  maxp.writeUInt16BE(0, 26);
  return assemble([
    ['glyf', Buffer.concat(padded)],
    ['head', head],
    ['hhea', hhea],
    ['hmtx', hmtx],
    ['loca', loca],
    ['maxp', maxp],
  ]);
}

const pad = (bytes: Buffer): Buffer =>
  bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);

/** The table directory with its checksums, and the tables in the order of their tags. */
function assemble(tables: readonly (readonly [string, Buffer])[]): Buffer {
  const power = Math.floor(Math.log2(tables.length));
  const header = Buffer.alloc(12 + tables.length * 16);
  header.writeUInt32BE(0x00010000, 0);
  header.writeUInt16BE(tables.length, 4);
  header.writeUInt16BE(2 ** power * 16, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(tables.length * 16 - 2 ** power * 16, 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  let headAt = 0;
  tables.forEach(([tag, bytes], index) => {
    const at = 12 + index * 16;
    const body = pad(bytes);
    header.write(tag, at, 'latin1');
    header.writeUInt32BE(checksum(body), at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(bytes.length, at + 12);
    if (tag === 'head') headAt = offset;
    parts.push(body);
    offset += body.length;
  });
  const font = Buffer.concat(parts);
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, headAt + 8);
  return font;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}
