/** Reads what is needed of a TrueType or OpenType font file: its family and the characters that it has (OpenType 1.9). */
import { open, type FileHandle } from 'node:fs/promises';

/** Inclusive ranges of code points, ascending, not touching. */
export type CodePointRanges = readonly (readonly [number, number])[];

interface Table {
  readonly offset: number;
  readonly length: number;
}

/** A table above this size is not one of an honest font's. */
const MOST_TABLE_BYTES = 4 * 1024 * 1024;

/** The family as CSS names it; undefined when the file is not a font. */
export async function readFontFamily(path: string): Promise<string | undefined> {
  return withTables(path, async (read) => {
    const name = await read('name');
    return name && familyOf(name);
  });
}

/** The characters of a font; empty when the file is not a font. */
export async function readFontCoverage(path: string): Promise<CodePointRanges> {
  const ranges = await withTables(path, async (read) => {
    const cmap = await read('cmap');
    return cmap && coverageOf(cmap);
  });
  return ranges ?? [];
}

async function withTables<T>(
  path: string,
  use: (read: (tag: string) => Promise<Buffer | undefined>) => Promise<T | undefined>,
): Promise<T | undefined> {
  const file = await open(path, 'r');
  try {
    const tables = await readDirectory(file);
    return await use(async (tag) => {
      const table = tables.get(tag);
      return table && table.length <= MOST_TABLE_BYTES ? readAt(file, table.offset, table.length) : undefined;
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

async function readDirectory(file: FileHandle): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>();
  const head = await readAt(file, 0, 12);
  const count = head.readUInt16BE(4);
  const entries = await readAt(file, 12, count * 16);
  for (let at = 0; at + 16 <= entries.length; at += 16) {
    tables.set(entries.toString('latin1', at, at + 4), {
      offset: entries.readUInt32BE(at + 8),
      length: entries.readUInt32BE(at + 12),
    });
  }
  return tables;
}

const TYPOGRAPHIC_FAMILY = 16;
const FAMILY = 1;
const WINDOWS = 3;

function familyOf(name: Buffer): string | undefined {
  const count = name.readUInt16BE(2);
  const strings = name.readUInt16BE(4);
  const found = new Map<number, string>();
  for (let at = 6; at < 6 + count * 12; at += 12) {
    const id = name.readUInt16BE(at + 6);
    if (name.readUInt16BE(at) !== WINDOWS || (id !== FAMILY && id !== TYPOGRAPHIC_FAMILY) || found.has(id))
      continue;
    const start = strings + name.readUInt16BE(at + 10);
    const bytes = Buffer.from(name.subarray(start, start + name.readUInt16BE(at + 8)));
    found.set(id, bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : '');
  }
  return found.get(TYPOGRAPHIC_FAMILY) ?? found.get(FAMILY);
}

/** Of the subtables that one is read which holds most: format 12 before format 4. */
function coverageOf(cmap: Buffer): CodePointRanges {
  const count = cmap.readUInt16BE(2);
  let format4: number | undefined;
  for (let at = 4; at < 4 + count * 8; at += 8) {
    const offset = cmap.readUInt32BE(at + 4);
    const format = cmap.readUInt16BE(offset);
    if (format === 12) return rangesOfFormat12(cmap, offset);
    if (format === 4) format4 = offset;
  }
  return format4 === undefined ? [] : rangesOfFormat4(cmap, format4);
}

function rangesOfFormat12(cmap: Buffer, offset: number): CodePointRanges {
  const groups = cmap.readUInt32BE(offset + 12);
  const ranges: [number, number][] = [];
  for (let at = offset + 16; at < offset + 16 + groups * 12; at += 12) {
    ranges.push([cmap.readUInt32BE(at), cmap.readUInt32BE(at + 4)]);
  }
  return mergeRanges(ranges);
}

function rangesOfFormat4(cmap: Buffer, offset: number): CodePointRanges {
  const segments = cmap.readUInt16BE(offset + 6) / 2;
  const ends = offset + 14;
  const starts = ends + segments * 2 + 2;
  const ranges: [number, number][] = [];
  for (let index = 0; index < segments; index += 1) {
    const end = cmap.readUInt16BE(ends + index * 2);
    if (end !== 0xffff) ranges.push([cmap.readUInt16BE(starts + index * 2), end]);
  }
  return mergeRanges(ranges);
}

/** Sorted, with what overlaps or touches made one. */
export function mergeRanges(ranges: Iterable<readonly [number, number]>): CodePointRanges {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}
