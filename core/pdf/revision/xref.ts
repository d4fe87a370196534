/**
 * The cross-reference data of all revisions, newest first (ISO 32000-2 §7.5.4–7.5.8). Entries of a table in the usual form, 20
 * bytes each, are read when they are asked for: a tagged file of 15 MB has 200,000.
 */
import type { ByteSource } from './byte-source.ts';
import { decodeStream, filtersOf } from './filters.ts';
import { Keyword, Lexer, PdfSyntaxError, WindowTooSmall } from './lexer.ts';
import { numberOf, PdfDict, PdfStream, type PdfObject } from './objects.ts';
import { parseObject } from './parser.ts';
import { damaged } from './pdf-error.ts';

export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly container: number; readonly index: number };

export interface XrefSection {
  /** Offset of the table or stream. */
  readonly offset: number;
  readonly kind: 'table' | 'stream';
  readonly trailer: PdfDict;
  /** Ranges of object numbers that it covers. */
  readonly ranges: readonly { readonly first: number; readonly count: number }[];
  entry(number: number): XrefEntry | undefined;
  /** Whether a table follows the letter of §7.5.4: entries of 20 bytes, single spaces. */
  readonly isStrict: boolean;
}

const ENTRY_BYTES = 20;
const MOST_SECTIONS = 4_096;
/** ISO 32000-1 Annex C. */
const MOST_OBJECTS = 8_388_607;
const TAIL_BYTES = 1_024;

/** The offset that the last `startxref` names. */
export function readStartXref(source: ByteSource): number {
  const start = Math.max(0, source.size - TAIL_BYTES);
  const tail = Buffer.from(source.read(start, TAIL_BYTES)).toString('latin1');
  const at = tail.lastIndexOf('startxref');
  const match = at < 0 ? null : /^startxref\s+(\d{1,15})/.exec(tail.slice(at));
  if (match === null) throw damaged('its end is missing (no "startxref")');
  return Number(match[1]);
}

/** All sections from the one at `start` back. Throws PDF_DAMAGED, also for a chain that runs in a circle. */
export function readSections(source: ByteSource, start: number): XrefSection[] {
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let offset: number | undefined = start;
  while (offset !== undefined) {
    if (seen.has(offset))
      throw damaged('its cross-reference sections refer to each other in a circle', offset);
    if (sections.length >= MOST_SECTIONS) throw damaged('it has too many cross-reference sections');
    seen.add(offset);
    const section = readSection(source, offset);
    sections.push(section);
    const hybrid = numberOf(section.trailer.get('XRefStm'));
    if (section.kind === 'table' && hybrid !== undefined && !seen.has(hybrid)) {
      seen.add(hybrid);
      sections.push(readSection(source, hybrid));
    }
    offset = numberOf(section.trailer.get('Prev'));
  }
  return sections;
}

function readSection(source: ByteSource, offset: number): XrefSection {
  if (!Number.isInteger(offset) || offset < 0 || offset >= source.size) {
    throw damaged('a cross-reference section lies outside the file', offset);
  }
  try {
    const head = Buffer.from(source.read(offset, 32)).toString('latin1');
    return /^\s*xref\b/.test(head) ? readTable(source, offset) : readXrefStream(source, offset);
  } catch (error) {
    if (error instanceof PdfSyntaxError)
      throw damaged(`its cross-reference section is broken: ${error.message}`, error.offset);
    throw error;
  }
}

interface TableRange {
  readonly first: number;
  readonly count: number;
  /** Entries that are read where they stand, or `undefined` for a table in another form. */
  readonly at: number;
  readonly parsed: readonly XrefEntry[] | undefined;
}

function readTable(source: ByteSource, offset: number): XrefSection {
  const ranges: TableRange[] = [];
  let isStrict = true;
  let at = offset;
  at += textAt(source, at, 64).search(/xref/) + 4;
  for (;;) {
    const line = /^\s*(\d{1,10})[ \t]+(\d{1,10})(\s+)/.exec(textAt(source, at, 64));
    if (line === null) break;
    const [whole, first, count] = [line[0], Number(line[1]), Number(line[2])];
    if (first + count > MOST_OBJECTS || count * 18 > source.size) {
      throw damaged('a cross-reference table is longer than the file', at);
    }
    at += whole.length;
    if (count === 0) continue;
    const strict = isStrictRange(source, at, count);
    isStrict &&= strict;
    if (strict) {
      ranges.push({ first, count, at, parsed: undefined });
      at += count * ENTRY_BYTES;
    } else {
      const { entries, end } = parseEntries(source, at, count);
      ranges.push({ first, count, at, parsed: entries });
      at = end;
    }
  }
  const trailer = readDictAfter(source, at, 'trailer');
  return {
    offset,
    kind: 'table',
    trailer,
    ranges,
    isStrict,
    entry(number) {
      const range = ranges.find(({ first, count }) => number >= first && number < first + count);
      if (range === undefined) return undefined;
      if (range.parsed !== undefined) return range.parsed[number - range.first];
      const at = range.at + (number - range.first) * ENTRY_BYTES;
      const bytes = source.read(at, ENTRY_BYTES);
      return strictEntry(bytes) ?? parseEntry(Buffer.from(bytes).toString('latin1'));
    },
  };
}

const ENTRY = /^(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)$/;

/** The first and the last entry tell; a table that lies in between fails when an object is not where it says. */
function isStrictRange(source: ByteSource, at: number, count: number): boolean {
  return [0, count - 1].every((index) => ENTRY.test(textAt(source, at + index * ENTRY_BYTES, ENTRY_BYTES)));
}

const FREE: XrefEntry = { kind: 'free' };

/** An entry of the usual form; undefined for any other. */
function strictEntry(bytes: Uint8Array): XrefEntry | undefined {
  const kind = bytes[17];
  if (bytes[10] !== 0x20 || bytes[16] !== 0x20 || (kind !== 0x6e && kind !== 0x66)) return undefined;
  let offset = 0;
  let generation = 0;
  for (let at = 0; at < 16; at += 1) {
    if (at === 10) continue;
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    if (at < 10) offset = offset * 10 + digit;
    else generation = generation * 10 + digit;
  }
  return kind === 0x66 ? FREE : { kind: 'offset', offset, generation };
}

function parseEntry(text: string): XrefEntry | undefined {
  const match = /^\s*(\d{1,10})\s+(\d{1,5})\s+([nf])/.exec(text);
  if (match === null) return undefined;
  if (match[3] === 'f') return { kind: 'free' };
  return { kind: 'offset', offset: Number(match[1]), generation: Number(match[2]) };
}

function parseEntries(
  source: ByteSource,
  start: number,
  count: number,
): { entries: XrefEntry[]; end: number } {
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
  return { entries, end: at };
}

const textAt = (source: ByteSource, offset: number, length: number): string =>
  Buffer.from(source.read(offset, length)).toString('latin1');

const FIRST_WINDOW = 4_096;

/** Parses at an offset with as large a window as it takes. */
export function parseAt<Result>(source: ByteSource, offset: number, parse: (lexer: Lexer) => Result): Result {
  for (let length = FIRST_WINDOW; ; length *= 4) {
    const bytes = source.read(offset, length);
    const hasMore = offset + bytes.length < source.size;
    try {
      return parse(new Lexer(bytes, { base: offset, hasMore }));
    } catch (error) {
      if (!(error instanceof WindowTooSmall)) throw error;
    }
  }
}

function readDictAfter(source: ByteSource, offset: number, word: string): PdfDict {
  return parseAt(source, offset, (lexer) => {
    const keyword = lexer.next();
    if (!(keyword instanceof Keyword) || keyword.word !== word) throw lexer.fail(`"${word}" is missing`);
    const dict = parseObject(lexer);
    if (!(dict instanceof PdfDict)) throw lexer.fail('The trailer is no dictionary');
    return dict;
  });
}

function readXrefStream(source: ByteSource, offset: number): XrefSection {
  const { object } = parseIndirect(source, offset, () => undefined);
  if (
    !(object instanceof PdfStream) ||
    object.dict.nameAt('Type') !== 'XRef' ||
    object.data.kind !== 'source'
  ) {
    throw damaged('there is no cross-reference section where one should be', offset);
  }
  const { dict, data } = object;
  const direct = (value: PdfObject | undefined): PdfObject => value ?? null;
  const bytes = decodeStream(source.read(data.offset, data.length), filtersOf(dict, direct));
  const widths = numbersAt(dict, 'W');
  const [kindWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
  const entryWidth = kindWidth + secondWidth + thirdWidth;
  if (widths.length < 3 || entryWidth === 0 || widths.some((width) => width > 8)) {
    throw damaged('a cross-reference stream has no usable /W', offset);
  }
  const size = numberOf(dict.get('Size')) ?? 0;
  const index = dict.has('Index') ? numbersAt(dict, 'Index') : [0, size];
  const ranges: { first: number; count: number; at: number }[] = [];
  let at = 0;
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const [first = 0, count = 0] = [index[pair], index[pair + 1]];
    if (first + count > MOST_OBJECTS)
      throw damaged('a cross-reference stream names too many objects', offset);
    ranges.push({ first, count, at });
    at += count * entryWidth;
  }
  const field = (start: number, width: number): number => {
    let value = 0;
    for (let byte = 0; byte < width; byte += 1) value = value * 256 + (bytes[start + byte] ?? 0);
    return value;
  };
  return {
    offset,
    kind: 'stream',
    trailer: dict,
    ranges,
    isStrict: true,
    entry(number) {
      const range = ranges.find(({ first, count }) => number >= first && number < first + count);
      if (range === undefined) return undefined;
      const start = range.at + (number - range.first) * entryWidth;
      if (start + entryWidth > bytes.length) return undefined;
      const kind = kindWidth === 0 ? 1 : field(start, kindWidth);
      const second = field(start + kindWidth, secondWidth);
      const third = field(start + kindWidth + secondWidth, thirdWidth);
      if (kind === 1) return { kind: 'offset', offset: second, generation: third };
      return kind === 2 ? { kind: 'packed', container: second, index: third } : { kind: 'free' };
    },
  };
}

function numbersAt(dict: PdfDict, key: string): number[] {
  const list = dict.get(key);
  if (!Array.isArray(list)) return [];
  return list.map((item) => numberOf(item) ?? -1).filter((item) => Number.isInteger(item) && item >= 0);
}

export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly object: PdfObject;
  /** Offset behind `endobj`, or behind the object when that word is missing. */
  readonly end: number;
}

/**
 * The object `n g obj … endobj` at an offset. `lengthOf` resolves an indirect /Length. Throws PdfSyntaxError, PDF_DAMAGED.
 */
export function parseIndirect(
  source: ByteSource,
  offset: number,
  lengthOf: (length: PdfObject) => number | undefined,
): IndirectObject {
  return parseAt(source, offset, (lexer) => {
    const [number, generation, word] = [lexer.next(), lexer.next(), lexer.next()];
    if (typeof number !== 'number' || typeof generation !== 'number' || !isWord(word, 'obj')) {
      throw lexer.fail('There is no object where one should be');
    }
    const object = parseObject(lexer);
    if (isWord(lexer.next(), 'stream') && object instanceof PdfDict) {
      const stream = streamAt(source, lexer, object, lengthOf);
      return { number, generation, ...stream };
    }
    return { number, generation, object, end: lexer.offset };
  });
}

const isWord = (token: unknown, word: string): boolean => token instanceof Keyword && token.word === word;

function streamAt(
  source: ByteSource,
  lexer: Lexer,
  dict: PdfDict,
  lengthOf: (length: PdfObject) => number | undefined,
): { object: PdfStream; end: number } {
  const start = lexer.offset + lineEnd(source, lexer.offset);
  const length = numberOf(dict.get('Length')) ?? lengthOf(dict.get('Length') ?? null);
  const stated =
    length !== undefined && Number.isInteger(length) && length >= 0 && start + length <= source.size;
  const after = stated ? /^\s*endstream\s*(endobj)?/.exec(textAt(source, start + length, 40)) : null;
  if (!stated || after === null) throw damaged('the length of a stream is wrong', start);
  const end = start + length + after[0].length;
  return { object: new PdfStream(dict, { kind: 'source', offset: start, length }), end };
}

/** Bytes of the end of the line behind `stream` (ISO 32000-2 §7.3.8.1). */
function lineEnd(source: ByteSource, offset: number): number {
  const [first, second] = source.read(offset, 2);
  if (first === 0x0d) return second === 0x0a ? 2 : 1;
  return first === 0x0a ? 1 : 0;
}
