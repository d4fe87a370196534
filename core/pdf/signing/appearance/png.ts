/** Decodes PNG (W3C PNG, third edition) to eight bits a sample: every colour type, depth and interlacing. */
import { constants, inflateSync } from 'node:zlib';

export interface PngImage {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly isGrey: boolean;
  /** One or three bytes a pixel. */
  readonly colours: Buffer;
  /** A byte a pixel; undefined when every pixel is opaque. */
  readonly alpha: Buffer | undefined;
}

/** The image cannot be decoded; the message is a clause for a person. */
export class PngError extends Error {}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** A picture of a signature has a tenth of it; more would only fill the memory. */
const MOST_PIXELS = 16_000_000;
/** Samples a pixel by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const GREY = 0;
const RGB = 2;
const PALETTE = 3;
const GREY_ALPHA = 4;
/** First column and row, and the steps (§8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: number;
  readonly interlaced: boolean;
}

/** Throws PngError. */
export function decodePng(bytes: Buffer): PngImage {
  const chunks = readChunks(bytes);
  const header = readHeader(chunks.get('IHDR')?.[0]);
  const { width, height, depth, type } = header;
  const samples = SAMPLES[type] ?? 1;
  const rows = inflate(chunks.get('IDAT') ?? [], header, samples);
  const raw = Buffer.alloc(width * height * samples);
  let at = 0;
  for (const [x0, y0, dx, dy] of header.interlaced ? PASSES : ([[0, 0, 1, 1]] as const)) {
    const columns = Math.ceil((width - x0) / dx);
    const lines = Math.ceil((height - y0) / dy);
    if (columns <= 0 || lines <= 0) continue;
    const stride = Math.ceil((columns * samples * depth) / 8);
    let above: Buffer = Buffer.alloc(stride);
    for (let line = 0; line < lines; line += 1) {
      const row = unfilter(rows, at, above, Math.max(1, (samples * depth) >> 3));
      at += stride + 1;
      above = row;
      for (let column = 0; column < columns; column += 1) {
        const pixel = ((y0 + line * dy) * width + x0 + column * dx) * samples;
        for (let sample = 0; sample < samples; sample += 1) {
          raw[pixel + sample] = sampleAt(row, column * samples + sample, depth);
        }
      }
    }
  }
  return toImage(header, raw, chunks);
}

type Chunks = ReadonlyMap<string, readonly Buffer[]>;

function readChunks(bytes: Buffer): Chunks {
  const chunks = new Map<string, Buffer[]>();
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IEND') break;
    const list = chunks.get(type) ?? [];
    list.push(bytes.subarray(at + 8, at + 8 + length));
    chunks.set(type, list);
    at += 12 + length;
  }
  return chunks;
}

function readHeader(chunk: Buffer | undefined): Header {
  if (chunk?.length !== 13) throw new PngError('it has no header');
  const [width, height] = [chunk.readUInt32BE(0), chunk.readUInt32BE(4)];
  const [depth, type, interlace] = [chunk.readUInt8(8), chunk.readUInt8(9), chunk.readUInt8(12)];
  if (width * height === 0) throw new PngError('it has no pixels');
  if (width * height > MOST_PIXELS) throw new PngError('it has too many pixels');
  if (SAMPLES[type] === undefined || ![1, 2, 4, 8, 16].includes(depth)) throw new PngError('it is damaged');
  return { width, height, depth, type, interlaced: interlace === 1 };
}

function inflate(parts: readonly Buffer[], { width, height, depth }: Header, samples: number): Buffer {
  // Interlacing adds a filter byte a row in each of seven passes, and up to a byte a row of padding.
  const most = Math.ceil((width * samples * depth) / 8 + 16) * height * 2 + 1024;
  try {
    return inflateSync(Buffer.concat(parts), { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw new PngError('it is damaged');
  }
}

/** One row without its filter (§9.2). `pixel`: bytes a pixel. */
function unfilter(rows: Buffer, at: number, above: Buffer, pixel: number): Buffer {
  const filter = rows[at];
  const row = Buffer.from(rows.subarray(at + 1, at + 1 + above.length));
  if (filter === undefined || row.length < above.length) throw new PngError('it is cut off');
  for (let index = 0; index < row.length; index += 1) {
    const left = index >= pixel ? (row[index - pixel] ?? 0) : 0;
    const up = above[index] ?? 0;
    const corner = index >= pixel ? (above[index - pixel] ?? 0) : 0;
    const guess =
      filter === 1
        ? left
        : filter === 2
          ? up
          : filter === 3
            ? (left + up) >> 1
            : filter === 4
              ? paeth(left, up, corner)
              : 0;
    row[index] = ((row[index] ?? 0) + guess) & 0xff;
  }
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function sampleAt(row: Buffer, index: number, depth: number): number {
  if (depth === 8) return row[index] ?? 0;
  if (depth === 16) return row[index * 2] ?? 0;
  const bit = index * depth;
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** Samples of fewer bits, palettes and keys become plain colours and alpha. */
function toImage({ width, height, depth, type }: Header, raw: Buffer, chunks: Chunks): PngImage {
  const pixels = width * height;
  const isGrey = type === GREY || type === GREY_ALPHA;
  const channels = isGrey ? 1 : 3;
  const colours = Buffer.alloc(pixels * channels);
  const alpha = Buffer.alloc(pixels, 0xff);
  const palette = chunks.get('PLTE')?.[0];
  const transparency = chunks.get('tRNS')?.[0];
  const samples = SAMPLES[type] ?? 1;
  const factor = depth < 8 && type === GREY ? 255 / (2 ** depth - 1) : 1;
  const key = depth <= 8 && (type === GREY || type === RGB) ? transparency : undefined;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const from = pixel * samples;
    const first = raw[from] ?? 0;
    for (let channel = 0; channel < channels; channel += 1) {
      colours[pixel * channels + channel] =
        type === PALETTE ? (palette?.[first * 3 + channel] ?? 0) : (raw[from + channel] ?? 0) * factor;
    }
    if (type >= GREY_ALPHA) alpha[pixel] = raw[from + samples - 1] ?? 0;
    else if (type === PALETTE) alpha[pixel] = transparency?.[first] ?? 0xff;
    else if (key !== undefined && isKey(raw, from, samples, key)) alpha[pixel] = 0;
  }
  return {
    width,
    height,
    isGrey,
    colours,
    alpha: alpha.every((value) => value === 0xff) ? undefined : alpha,
  };
}

/** The one colour that a `tRNS` chunk makes transparent (§11.3.2.1). */
function isKey(raw: Buffer, from: number, samples: number, key: Buffer): boolean {
  for (let sample = 0; sample < samples; sample += 1) {
    if (raw[from + sample] !== key[sample * 2 + 1]) return false;
  }
  return true;
}
