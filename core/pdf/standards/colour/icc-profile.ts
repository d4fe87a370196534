/**
 * ICC profiles of version 2 (ICC.1:2001-04), which every part of PDF/A takes: a matrix and tone curves. Made here, so that no
 * foreign file is carried along.
 */

/** Tag data begins at multiples of four bytes (ICC.1:2001-04 §6.2.2). */
const ALIGNMENT = 4;
const HEADER_BYTES = 128;
/** Linear interpolation between so many points of sRGB is off by less than a tenth of a step of 8 bits. */
const CURVE_POINTS = 64;

/** The illuminant of the profile connection space, D50, as s15Fixed16Number (ICC.1:2001-04 §5.3.8). */
export const D50 = [0xf6d6, 0x10000, 0xd32d] as const;

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** XYZType, ICC.1:2001-04 §6.5.26; the values are s15Fixed16Numbers. */
export function xyzTag(values: readonly number[]): Buffer {
  const data = Buffer.alloc(20);
  data.write('XYZ ', 0, 'latin1');
  values.forEach((value, index) => data.writeInt32BE(value, 8 + index * 4));
  return data;
}

/** curveType, §6.5.3, of a function of 0…1 to 0…1. */
export function curveTag(toLight: (value: number) => number): Buffer {
  const data = Buffer.alloc(12 + CURVE_POINTS * 2);
  data.write('curv', 0, 'latin1');
  data.writeUInt32BE(CURVE_POINTS, 8);
  for (let point = 0; point < CURVE_POINTS; point += 1) {
    const light = Math.min(1, Math.max(0, toLight(point / (CURVE_POINTS - 1))));
    data.writeUInt16BE(Math.round(light * 0xffff), 12 + point * 2);
  }
  return data;
}

/** textDescriptionType, §6.5.17: ASCII alone; the Unicode and ScriptCode parts are empty but have their places. */
function description(text: string): Buffer {
  const size = Buffer.alloc(12);
  size.write('desc', 0, 'latin1');
  size.writeUInt32BE(text.length + 1, 8);
  return Buffer.concat([size, latin(`${text}\0`), Buffer.alloc(4 + 4 + 2 + 1 + 67)]);
}

/** textType, §6.5.18. */
const plainText = (text: string): Buffer => latin(`text\0\0\0\0${text}\0`);

function header(size: number, space: string): Buffer {
  const data = Buffer.alloc(HEADER_BYTES);
  data.writeUInt32BE(size, 0);
  data.writeUInt32BE(0x02_10_00_00, 8);
  data.write(`mntr${space}XYZ `, 12, 'latin1');
  // The date (§5.2.6) of the profile: year, month, day.
  [2026, 1, 1].forEach((part, index) => data.writeUInt16BE(part, 24 + index * 2));
  data.write('acsp', 36, 'latin1');
  D50.forEach((value, index) => data.writeInt32BE(value, 68 + index * 4));
  return data;
}

export interface ProfileContent {
  /** ASCII. */
  readonly description: string;
  readonly space: 'RGB ' | 'GRAY';
  /** Besides description, copyright and white point. The same buffer is written once. */
  readonly tags: readonly (readonly [signature: string, data: Buffer])[];
}

/** The bytes of a profile; the same for the same content. */
export function iccProfile({ description: name, space, tags: own }: ProfileContent): Uint8Array {
  const tags: ProfileContent['tags'] = [
    ['desc', description(name)],
    ['cprt', plainText('Public domain')],
    ['wtpt', xyzTag(D50)],
    ...own,
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const offsets = new Map<Buffer, number>();
  const parts: Buffer[] = [];
  let end = HEADER_BYTES + table.length;
  tags.forEach(([signature, data], index) => {
    let offset = offsets.get(data);
    if (offset === undefined) {
      offset = end;
      offsets.set(data, offset);
      const padded = Buffer.alloc(Math.ceil(data.length / ALIGNMENT) * ALIGNMENT);
      data.copy(padded);
      parts.push(padded);
      end += padded.length;
    }
    table.write(signature, 4 + index * 12, 'latin1');
    table.writeUInt32BE(offset, 8 + index * 12);
    table.writeUInt32BE(data.length, 12 + index * 12);
  });
  return Buffer.concat([header(end, space), table, ...parts]);
}
