/** What the header of a JPEG says (ISO/IEC 10918-1 §B.2.2). */

export interface JpegHeader {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
}

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** Undefined for a file that is damaged, or coded in a way that PDF does not know (lossless, arithmetic). */
export function readJpegHeader(bytes: Buffer): JpegHeader | undefined {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xc2) {
      return {
        bits: bytes.readUInt8(at + 4),
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        components: bytes.readUInt8(at + 9),
      };
    }
    if (OTHER_FRAMES.has(marker) || marker === END || marker === SCAN) return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

const END = 0xd9;
const SCAN = 0xda;
const OTHER_FRAMES: ReadonlySet<number> = new Set([
  0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf,
]);
