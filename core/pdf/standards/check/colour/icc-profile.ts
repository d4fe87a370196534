/** What the rules ask of an ICC profile: fields of its header (ICC.1:2001-04 §6.1) and its identity. */
import { createHash } from 'node:crypto';
import type { PdfStream } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';

export interface IccProfile {
  /** Number of the stream's object. */
  readonly object: number | undefined;
  /** /N of the stream. */
  readonly components: number | undefined;
  /** Four characters such as `mntr`; undefined when the header is too short or the field is zero. */
  readonly deviceClass: string | undefined;
  /** Four characters such as `RGB `. */
  readonly colourSpace: string | undefined;
  readonly version: number | undefined;
  /** The profile ID, or the digest that it would be. */
  digest(): string | undefined;
}

const HEADER_BYTES = 128;
const MOST_BYTES = 64 * 1024 * 1024;

export function iccProfile(file: CheckedFile, stream: PdfStream, object: number | undefined): IccProfile {
  const bytes = file.decode(stream, MOST_BYTES) ?? new Uint8Array(0);
  const header = bytes.subarray(0, HEADER_BYTES);
  return {
    object,
    components: file.integer(stream.dict.get('N')),
    deviceClass: field(header, 12, 4),
    colourSpace: field(header, 16, 4),
    version: header.length > 9 ? (header[8] ?? 0) + decimals((header[9] ?? 0) >> 4) : undefined,
    digest: () => field(header, 84, 16) ?? digestOf(bytes),
  };
}

/** The minor version stands behind the point, whatever its digits. */
const decimals = (minor: number): number => Number(`0.${minor}`);

function field(header: Uint8Array, start: number, length: number): string | undefined {
  if (start + length > header.length) return undefined;
  const bytes = header.subarray(start, start + length);
  return bytes.every((byte) => byte === 0) ? undefined : Buffer.from(bytes).toString('latin1');
}

/** ICC.1:2010 §7.2.18: flags, rendering intent and the ID itself count as zero. */
function digestOf(bytes: Uint8Array): string | undefined {
  const copy = Buffer.from(bytes);
  if (copy.length < HEADER_BYTES) return undefined;
  const size = copy.readUInt32BE(0);
  if (size > copy.length) return undefined;
  for (const [start, end] of [
    [44, 48],
    [64, 68],
    [84, 100],
  ] as const) {
    copy.fill(0, start, end);
  }
  return createHash('md5').update(copy.subarray(0, size)).digest().toString('latin1');
}
