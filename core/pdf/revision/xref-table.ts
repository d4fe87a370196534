/**
 * A cross-reference table (ISO 32000-2 §7.5.4). Entries in the usual form, 20 bytes each, are read when they are asked for: a
 * tagged file of 15 MB has 200,000.
 */
import type { ByteSource } from './byte-source.ts';
import { parseAt, textAt } from './indirect-object.ts';
import { Keyword } from './lexer.ts';
import { PdfDict } from './objects.ts';
import { parseObject } from './parser.ts';
import { damaged } from './pdf-error.ts';
import {
  offsetOf,
  tooManyObjects,
  type XrefEntry,
  type XrefRange,
  type XrefSection,
} from './xref-section.ts';

const ENTRY_BYTES = 20;
/** Of a table that is kept in memory. */
const MOST_HELD_BYTES = 16 * 1024 * 1024;
/** Of the shortest entry that is read. */
const LEAST_ENTRY_BYTES = 18;

export function readTable(source: ByteSource, offset: number): XrefSection {
  const ranges: XrefRange[] = [];
  let isStrict = true;
  let at = offset + textAt(source, offset, 64).search(/xref/) + 4;
  for (;;) {
    const line = /^\s*(\d{1,10})[ \t]+(\d{1,10})(\s+)/.exec(textAt(source, at, 64));
    if (line === null) break;
    const [whole, first, count] = [line[0], Number(line[1]), Number(line[2])];
    if (tooManyObjects(first + count)) throw damaged('a cross-reference table names too many objects', at);
    if (count * LEAST_ENTRY_BYTES > source.size) {
      throw damaged('a cross-reference table is longer than the file', at);
    }
    at += whole.length;
    if (count === 0) continue;
    const strict = isStrictRange(source, at, count);
    isStrict &&= strict;
    const { range, end } = strict
      ? strictRange(source, at, first, count)
      : looseRange(source, at, first, count);
    ranges.push(range);
    at = end;
  }
  return { offset, kind: 'table', trailer: readTrailer(source, at), ranges, isStrict };
}

interface ReadRange {
  readonly range: XrefRange;
  /** Offset behind it. */
  readonly end: number;
}

function strictRange(source: ByteSource, at: number, first: number, count: number): ReadRange {
  const isHeld = count * ENTRY_BYTES <= MOST_HELD_BYTES;
  const all = isHeld ? source.read(at, count * ENTRY_BYTES) : undefined;
  const bytesOf = (index: number): Uint8Array =>
    all?.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES) ??
    source.read(at + index * ENTRY_BYTES, ENTRY_BYTES);
  const entry = (index: number): XrefEntry | undefined => {
    const bytes = bytesOf(index);
    return strictEntry(bytes, 0) ?? parseEntry(Buffer.from(bytes).toString('latin1'));
  };
  const offset = (index: number): number => {
    const own = all === undefined ? -1 : strictOffset(all, index * ENTRY_BYTES);
    return own >= 0 ? own : offsetOf(entry(index));
  };
  return { range: { first, count, entry, offset }, end: at + count * ENTRY_BYTES };
}

function looseRange(source: ByteSource, start: number, first: number, count: number): ReadRange {
  const entries: XrefEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const match = /^\s*\d{1,10}\s+\d{1,5}\s+[nf]/.exec(textAt(source, at, 48));
    const entry = match === null ? undefined : parseEntry(match[0]);
    if (match === null || entry === undefined)
      throw damaged('a cross-reference table has a broken entry', at);
    entries.push(entry);
    at += match[0].length;
  }
  return {
    range: { first, count, entry: (index) => entries[index], offset: (index) => offsetOf(entries[index]) },
    end: at,
  };
}

const ENTRY = /^(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)$/;

/** The first and the last entry tell; a table that lies in between fails when an object is not where it says. */
function isStrictRange(source: ByteSource, at: number, count: number): boolean {
  return [0, count - 1].every((index) => ENTRY.test(textAt(source, at + index * ENTRY_BYTES, ENTRY_BYTES)));
}

const FREE: XrefEntry = { kind: 'free' };

/** An entry of the usual form; undefined for any other. */
function strictEntry(bytes: Uint8Array, at: number): XrefEntry | undefined {
  const kind = bytes[at + 17];
  const isSpaced = bytes[at + 10] === 0x20 && bytes[at + 16] === 0x20;
  if (!isSpaced || (kind !== IN_USE && kind !== 0x66)) return undefined;
  const offset = digits(bytes, at, 10);
  const generation = digits(bytes, at + 11, 5);
  if (offset < 0 || generation < 0) return undefined;
  return kind === IN_USE ? { kind: 'offset', offset, generation } : FREE;
}

/** -1 for an entry of another form, and one that is not in use. */
const strictOffset = (bytes: Uint8Array, at: number): number =>
  bytes[at + 10] === 0x20 && bytes[at + 16] === 0x20 && bytes[at + 17] === IN_USE
    ? digits(bytes, at, 10)
    : -1;

const IN_USE = 0x6e;

/** -1 when there is anything else. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function parseEntry(text: string): XrefEntry | undefined {
  const match = /^\s*(\d{1,10})\s+(\d{1,5})\s+([nf])/.exec(text);
  if (match === null) return undefined;
  if (match[3] === 'f') return FREE;
  return { kind: 'offset', offset: Number(match[1]), generation: Number(match[2]) };
}

function readTrailer(source: ByteSource, offset: number): PdfDict {
  return parseAt(source, offset, (lexer) => {
    const keyword = lexer.next();
    if (!(keyword instanceof Keyword) || keyword.word !== 'trailer') throw lexer.fail('"trailer" is missing');
    const dict = parseObject(lexer);
    if (!(dict instanceof PdfDict)) throw lexer.fail('The trailer is no dictionary');
    return dict;
  });
}
