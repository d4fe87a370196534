import { describe, expect, it } from 'vitest';
import { srgbProfile } from '../../../../../core/pdf/standards/colour/srgb.ts';
import { versionTwo } from '../../../../../core/pdf/standards/colour/version-two.ts';

const tagOf = (profile: Uint8Array, signature: string): Buffer => {
  const buffer = Buffer.from(profile);
  for (let row = 132; row < 132 + buffer.readUInt32BE(128) * 12; row += 12) {
    if (buffer.toString('latin1', row, row + 4) !== signature) continue;
    const offset = buffer.readUInt32BE(row + 4);
    return buffer.subarray(offset, offset + buffer.readUInt32BE(row + 8));
  }
  throw new Error(`There is no ${signature}`);
};

/** What a curve makes of an encoded value, as a reader of profiles interpolates it. */
const light = (curve: Buffer, value: number): number => {
  const count = curve.readUInt32BE(8);
  const at = value * (count - 1);
  const low = Math.min(Math.floor(at), count - 2);
  const [from, to] = [low, low + 1].map((point) => curve.readUInt16BE(12 + point * 2) / 65535);
  return (from ?? 0) + ((to ?? 0) - (from ?? 0)) * (at - low);
};

const srgb = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromLight = (value: number): number =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;

/** A profile of version 4 with these tags. */
const profileFour = (space: string, tags: readonly (readonly [string, Buffer])[]): Buffer => {
  let offset = 132 + tags.length * 12;
  const table = tags.map(([signature, data]) => {
    const row = Buffer.alloc(12);
    row.write(signature, 'latin1');
    row.writeUInt32BE(offset, 4);
    row.writeUInt32BE(data.length, 8);
    offset += data.length;
    return row;
  });
  const head = Buffer.alloc(132);
  head[8] = 4;
  head.write(`${space}XYZ `, 16, 'latin1');
  head.writeUInt32BE(tags.length, 128);
  return Buffer.concat([head, ...table, ...tags.map(([, data]) => data)]);
};

const fixed = (type: string, head: readonly number[], values: readonly number[]): Buffer => {
  const data = Buffer.alloc(8 + head.length * 2 + values.length * 4);
  data.write(type, 'latin1');
  head.forEach((value, index) => data.writeUInt16BE(value, 8 + index * 2));
  values.forEach((value, index) =>
    data.writeInt32BE(Math.round(value * 65536), 8 + head.length * 2 + index * 4),
  );
  return data;
};

describe('the sRGB profile', () => {
  const profile = Buffer.from(srgbProfile());

  it('is a monitor profile of version 2 that fits into a small document', () => {
    expect(profile.length).toBeLessThan(700);
    expect(profile.readUInt32BE(0)).toBe(profile.length);
    expect(profile.toString('latin1', 12, 24)).toBe('mntrRGB XYZ ');
    expect(profile[8]).toBe(2);
  });

  it('is right to a fraction of a step of 8 bits', () => {
    const curve = tagOf(profile, 'gTRC');
    for (let step = 0; step < 256; step += 1) {
      expect(Math.abs(fromLight(light(curve, step / 255)) * 255 - step)).toBeLessThan(0.25);
    }
  });

  it('adds its primaries up to white', () => {
    const sum = ['rXYZ', 'gXYZ', 'bXYZ'].map((tag) => tagOf(profile, tag));
    for (const [axis, white] of [0.9642, 1, 0.8249].entries()) {
      const total = sum.reduce((all, tag) => all + tag.readInt32BE(8 + axis * 4) / 65536, 0);
      expect(total).toBeCloseTo(white, 3);
    }
  });
});

describe('profiles of version 4', () => {
  const curve = fixed('para', [3, 0], [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]);
  const column = fixed('XYZ ', [], [0.5151, 0.2412, -0.0011]);
  const tags = ['r', 'g', 'b'].flatMap((colour): [string, Buffer][] => [
    [`${colour}XYZ`, column],
    [`${colour}TRC`, curve],
  ]);

  it('keep primaries and curve in version 2', () => {
    const lowered = versionTwo(profileFour('RGB ', tags));
    expect(lowered?.[8]).toBe(2);
    const made = lowered ?? new Uint8Array();
    expect(tagOf(made, 'bXYZ').readInt32BE(16) / 65536).toBeCloseTo(-0.0011, 4);
    expect(light(tagOf(made, 'rTRC'), 0.5)).toBeCloseTo(srgb(0.5), 3);
  });

  it('become grey ones for grey images', () => {
    const lowered = versionTwo(profileFour('GRAY', [['kTRC', fixed('para', [0, 0], [2.2])]]));
    expect(Buffer.from(lowered ?? []).toString('latin1', 16, 20)).toBe('GRAY');
  });

  it('are not guessed when they hold tables of colours, or are broken', () => {
    expect(versionTwo(profileFour('RGB ', [...tags, ['A2B0', Buffer.alloc(40)]]))).toBeUndefined();
    expect(versionTwo(profileFour('CMYK', tags))).toBeUndefined();
    expect(versionTwo(profileFour('RGB ', tags).subarray(0, 200))).toBeUndefined();
    expect(versionTwo(Buffer.alloc(3))).toBeUndefined();
  });
});
