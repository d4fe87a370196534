/** Stream filters (ISO 32000-2 §7.4) that carry structure, fonts and content; images keep theirs. */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { ByteBuffer } from './byte-buffer.ts';
import { HEX } from './hexadecimal.ts';
import { numberOf, PdfDict, PdfName, type PdfObject } from './objects.ts';
import { damaged } from './pdf-error.ts';

/** Decoded bytes at the most: a few kilobytes of Flate can stand for gigabytes. */
export const MOST_DECODED_BYTES = 512 * 1024 * 1024;

/** Nobody needs more filters one after the other; each may make the most of what the one before gave. */
const MOST_FILTERS = 8;

interface Step {
  readonly filter: string;
  readonly parameters: PdfDict | undefined;
}

/** The filters of a stream in the order of decoding; `resolve` follows references. */
export function filtersOf(dict: PdfDict, resolve: (object: PdfObject | undefined) => PdfObject): Step[] {
  const filters = listOf(resolve(dict.get('Filter')));
  const parameters = listOf(resolve(dict.get('DecodeParms')));
  return filters.map((filter, index) => {
    const name = resolve(filter);
    const parameter = resolve(parameters[index]);
    return {
      filter: name instanceof PdfName ? (ABBREVIATIONS.get(name.name) ?? name.name) : '',
      parameters: parameter instanceof PdfDict ? parameter : undefined,
    };
  });
}

const listOf = (object: PdfObject): readonly PdfObject[] =>
  object === null ? [] : Array.isArray(object) ? object : [object];

const ABBREVIATIONS = new Map([
  ['Fl', 'FlateDecode'],
  ['AHx', 'ASCIIHexDecode'],
  ['A85', 'ASCII85Decode'],
  ['LZW', 'LZWDecode'],
  ['RL', 'RunLengthDecode'],
  ['CCF', 'CCITTFaxDecode'],
  ['DCT', 'DCTDecode'],
]);

/** Throws PDF_DAMAGED for broken data, too much of it, and filters that give an image. */
export function decodeStream(
  bytes: Uint8Array,
  steps: readonly Step[],
  limit = MOST_DECODED_BYTES,
): Uint8Array {
  if (steps.length > MOST_FILTERS) throw damaged('a stream has too many filters');
  return steps.reduce((data, step) => decode(data, step, limit), bytes);
}

function decode(bytes: Uint8Array, { filter, parameters }: Step, limit: number): Uint8Array {
  switch (filter) {
    case 'FlateDecode':
      return unpredict(inflate(bytes, limit), parameters);
    case 'LZWDecode':
      return unpredict(unpackLzw(bytes, numberOf(parameters?.get('EarlyChange')) !== 0, limit), parameters);
    case 'ASCIIHexDecode':
      return unpackHexadecimal(bytes);
    case 'ASCII85Decode':
      return unpackAscii85(bytes, limit);
    case 'RunLengthDecode':
      return unpackRunLength(bytes, limit);
    case 'Crypt':
      return bytes;
    default:
      throw damaged(`a stream has the filter "${filter.slice(0, 40)}", which does not give data`);
  }
}

function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  try {
    // Many writers leave the checksum out or append a byte; what can be decoded counts.
    return inflateSync(bytes, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw damaged('a compressed stream is broken or too large');
  }
}

/**
 * Bytes for /FlateDecode. Half of the time of zlib's own level 6 for a tenth more bytes: the content and the structure of 234
 * pages are 18 MB, whose compression is else a fifth of what conforming costs.
 */
export const deflate = (bytes: Uint8Array): Uint8Array =>
  deflateSync(bytes, { level: 3, ...memoryFor(bytes) });

/** Of zlib's 256 KB, which are asked of the system and cleared for each stream, those that a short one can use. */
const memoryFor = ({ length }: Uint8Array): { readonly windowBits: number; readonly memLevel: number } => {
  const windowBits = Math.min(15, Math.max(9, 32 - Math.clz32(length)));
  return { windowBits, memLevel: Math.min(8, windowBits - 7) };
};

/** PNG and TIFF predictors (ISO 32000-2 §7.4.4.4). */
function unpredict(bytes: Uint8Array, parameters: PdfDict | undefined): Uint8Array {
  const predictor = numberOf(parameters?.get('Predictor')) ?? 1;
  if (parameters === undefined || predictor < 2) return bytes;
  const colours = numberOf(parameters.get('Colors')) ?? 1;
  const bits = numberOf(parameters.get('BitsPerComponent')) ?? 8;
  const columns = numberOf(parameters.get('Columns')) ?? 1;
  const pixel = Math.max(1, Math.ceil((colours * bits) / 8));
  const row = Math.ceil((colours * bits * columns) / 8);
  if (!(row > 0 && row < 1 << 24)) throw damaged('a stream has an impossible predictor');
  return predictor === 2 ? unpredictTiff(bytes, row, pixel, bits) : unpredictPng(bytes, row, pixel);
}

function unpredictTiff(bytes: Uint8Array, row: number, pixel: number, bits: number): Uint8Array {
  if (bits !== 8) throw damaged('a stream has a TIFF predictor for other than 8 bits');
  const out = new Uint8Array(bytes);
  for (let start = 0; start < out.length; start += row) {
    const end = Math.min(start + row, out.length);
    for (let at = start + pixel; at < end; at += 1) out[at] = (out[at] ?? 0) + (out[at - pixel] ?? 0);
  }
  return out;
}

function unpredictPng(bytes: Uint8Array, row: number, pixel: number): Uint8Array {
  const rows = Math.ceil(bytes.length / (row + 1));
  const out = new Uint8Array(rows * row);
  for (let line = 0; line < rows; line += 1) {
    const from = line * (row + 1);
    const to = line * row;
    const kind = bytes[from] ?? 0;
    for (let at = 0; at < row; at += 1) {
      const raw = bytes[from + 1 + at] ?? 0;
      const left = at >= pixel ? (out[to + at - pixel] ?? 0) : 0;
      const up = line > 0 ? (out[to + at - row] ?? 0) : 0;
      const corner = line > 0 && at >= pixel ? (out[to + at - row - pixel] ?? 0) : 0;
      out[to + at] = raw + prediction(kind, left, up, corner);
    }
  }
  return out;
}

function prediction(kind: number, left: number, up: number, corner: number): number {
  switch (kind) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const toLeft = Math.abs(up - corner);
      const toUp = Math.abs(left - corner);
      const toCorner = Math.abs(left + up - 2 * corner);
      if (toLeft <= toUp && toLeft <= toCorner) return left;
      return toUp <= toCorner ? up : corner;
    }
    default:
      return 0;
  }
}

function unpackHexadecimal(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length + 1) >> 1);
  let count = 0;
  for (const byte of bytes) {
    if (byte === 0x3e) break;
    const value = HEX[byte] ?? -1;
    if (value < 0) continue;
    // A missing last digit is 0.
    out[count >> 1] = count % 2 === 0 ? value << 4 : (out[count >> 1] ?? 0) | value;
    count += 1;
  }
  return out.subarray(0, (count + 1) >> 1);
}

function unpackAscii85(bytes: Uint8Array, limit: number): Uint8Array {
  const out = new ByteBuffer(limit);
  let value = 0;
  let count = 0;
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && count === 0) out.word(0, 4);
    else if (byte >= 0x21 && byte <= 0x75) {
      value = value * 85 + byte - 0x21;
      count += 1;
      if (count < 5) continue;
      out.word(value, 4);
      value = 0;
      count = 0;
    }
  }
  if (count > 1) {
    for (let more = count; more < 5; more += 1) value = value * 85 + 84;
    out.word(value, count - 1);
  }
  return out.bytes;
}

function unpackRunLength(bytes: Uint8Array, limit: number): Uint8Array {
  const out = new ByteBuffer(limit);
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 128;
    if (length === 128) break;
    if (length < 128) out.add(bytes.subarray(at + 1, at + 2 + length));
    else out.fill(bytes[at + 1] ?? 0, 257 - length);
    at += length < 128 ? length + 2 : 2;
  }
  return out.bytes;
}

const CLEAR = 256;
const END = 257;

function unpackLzw(bytes: Uint8Array, early: boolean, limit: number): Uint8Array {
  const out = new ByteBuffer(limit);
  let table: Uint8Array[] = [];
  let previous: Uint8Array | undefined;
  let width = 9;
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffffff;
    held += 8;
    if (held < width) continue;
    held -= width;
    const code = (buffer >> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      table = [];
      previous = undefined;
      width = 9;
      continue;
    }
    const entry = code < CLEAR ? Uint8Array.of(code) : (table[code - 258] ?? extended(previous, previous));
    if (previous !== undefined && table.length < 4096) table.push(extended(previous, entry));
    out.add(entry);
    previous = entry;
    const next = table.length + 258 + (early ? 1 : 0);
    width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
  }
  return out.bytes;
}

function extended(text: Uint8Array | undefined, by: Uint8Array | undefined): Uint8Array {
  if (text === undefined || by === undefined) throw damaged('an LZW stream is broken');
  const longer = new Uint8Array(text.length + 1);
  longer.set(text);
  longer[text.length] = by[0] ?? 0;
  return longer;
}
