/** Writes PNG of any colour type, depth and interlacing, one filter a row in turn, so that a decoder meets all of them. */
import { crc32, deflateSync } from 'node:zlib';

export interface PngSource {
  readonly width: number;
  readonly height: number;
  readonly type: 0 | 2 | 3 | 4 | 6;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  /** Of the header, in place of the true ones. */
  readonly claims?: { readonly width: number; readonly height: number };
  readonly palette?: Buffer;
  readonly transparency?: Buffer;
  /** A sample of a pixel, in the depth. */
  sample(x: number, y: number, channel: number): number;
}

const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function encodePng(source: PngSource): Buffer {
  const { width, height, type, depth, interlaced = false, claims, palette, transparency } = source;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claims?.width ?? width, 0);
  header.writeUInt32BE(claims?.height ?? height, 4);
  header.set([depth, type, 0, 0, interlaced ? 1 : 0], 8);
  const passes = interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  const rows = passes.flatMap((pass) => passRows(source, pass));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', palette)]),
    ...(transparency === undefined ? [] : [chunk('tRNS', transparency)]),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function passRows(source: PngSource, [x0, y0, dx, dy]: readonly [number, number, number, number]): Buffer[] {
  const { width, height, type, depth } = source;
  const channels = CHANNELS[type];
  const columns = Math.ceil((width - x0) / dx);
  const bytes = Math.ceil((columns * channels * depth) / 8);
  const rows: Buffer[] = [];
  let above = Buffer.alloc(bytes);
  if (columns <= 0) return rows;
  for (let y = y0; y < height; y += dy) {
    const row = Buffer.alloc(bytes);
    for (let column = 0; column < columns; column += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const value = source.sample(x0 + column * dx, y, channel);
        const bit = (column * channels + channel) * depth;
        if (depth === 16) row.writeUInt16BE(value, bit / 8);
        else row[bit >> 3] = (row[bit >> 3] ?? 0) | (value << (8 - depth - (bit & 7)));
      }
    }
    rows.push(filtered(row, above, rows.length % 5, Math.max(1, (channels * depth) >> 3)));
    above = row;
  }
  return rows;
}

function filtered(row: Buffer, above: Buffer, filter: number, pixel: number): Buffer {
  const out = Buffer.alloc(row.length + 1);
  out[0] = filter;
  for (let index = 0; index < row.length; index += 1) {
    const a = row[index - pixel] ?? 0;
    const b = above[index] ?? 0;
    const c = above[index - pixel] ?? 0;
    const distances = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)] as const;
    const paeth =
      distances[0] <= distances[1] && distances[0] <= distances[2] ? a : distances[1] <= distances[2] ? b : c;
    out[index + 1] = (row[index] ?? 0) - ([0, a, b, (a + b) >> 1, paeth][filter] ?? 0);
  }
  return out;
}
