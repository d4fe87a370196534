/** A cross-reference stream (ISO 32000-2 §7.5.8). */
import type { ByteSource } from './byte-source.ts';
import { decodeStream, filtersOf } from './filters.ts';
import { parseIndirect } from './indirect-object.ts';
import { numberOf, PdfStream, type PdfDict, type PdfObject } from './objects.ts';
import { damaged } from './pdf-error.ts';
import {
  offsetOf,
  tooManyObjects,
  type XrefEntry,
  type XrefRange,
  type XrefSection,
} from './xref-section.ts';

/** `mostBytes`: what its decoded entries may take; `decoded`: what they take. */
export function readXrefStream(
  source: ByteSource,
  offset: number,
  mostBytes: number,
): { readonly section: XrefSection; readonly decoded: number } {
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
  const bytes = decodeStream(source.read(data.offset, data.length), filtersOf(dict, direct), mostBytes);
  const widths = numbersAt(dict, 'W');
  const width = widths.slice(0, 3).reduce((sum, one) => sum + one, 0);
  if (widths.length < 3 || width === 0 || widths.some((one) => one > 8)) {
    throw damaged('a cross-reference stream has no usable /W', offset);
  }
  const index = dict.has('Index') ? numbersAt(dict, 'Index') : [0, numberOf(dict.get('Size')) ?? 0];
  const ranges: XrefRange[] = [];
  let at = 0;
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const [first = 0, stated = 0] = [index[pair], index[pair + 1]];
    if (tooManyObjects(first + stated)) {
      throw damaged('a cross-reference stream names too many objects', offset);
    }
    // Numbers that the data do not reach have no entry.
    const count = Math.min(stated, Math.floor((bytes.length - at) / width));
    if (count <= 0) break;
    const start = at;
    const entry = (place: number): XrefEntry => entryAt(bytes, start + place * width, widths);
    ranges.push({ first, count, entry, offset: (place) => offsetOf(entry(place)) });
    at += count * width;
  }
  const section: XrefSection = { offset, kind: 'stream', trailer: dict, ranges, isStrict: true };
  return { section, decoded: bytes.length };
}

function entryAt(bytes: Uint8Array, start: number, widths: readonly number[]): XrefEntry {
  const [kindWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
  const kind = kindWidth === 0 ? 1 : field(bytes, start, kindWidth);
  const second = field(bytes, start + kindWidth, secondWidth);
  const third = field(bytes, start + kindWidth + secondWidth, thirdWidth);
  if (kind === 1) return { kind: 'offset', offset: second, generation: third };
  return kind === 2 ? { kind: 'packed', container: second, index: third } : { kind: 'free' };
}

function field(bytes: Uint8Array, start: number, width: number): number {
  let value = 0;
  for (let byte = 0; byte < width; byte += 1) value = value * 256 + (bytes[start + byte] ?? 0);
  return value;
}

function numbersAt(dict: PdfDict, key: string): number[] {
  const list = dict.get(key);
  if (!Array.isArray(list)) return [];
  return list.map((item) => numberOf(item) ?? -1).filter((item) => Number.isInteger(item) && item >= 0);
}
