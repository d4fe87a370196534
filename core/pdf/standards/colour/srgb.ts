/** The sRGB colour space (IEC 61966-2-1) as an ICC profile. */
import { curveTag, iccProfile, xyzTag } from './icc-profile.ts';

/** The primaries, adapted from D65 to D50 by the Bradford transform, as s15Fixed16Numbers; they add up to D50. */
const RED = [0x6fa2, 0x38f5, 0x0390] as const;
const GREEN = [0x6299, 0xb785, 0x18da] as const;
const BLUE = [0x24a0, 0x0f84, 0xb6cf] as const;

/** IEC 61966-2-1 §5.2: from the encoded value to light, both 0…1. */
const toLight = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

export function srgbProfile(): Uint8Array {
  const curve = curveTag(toLight);
  return iccProfile({
    description: 'sRGB',
    space: 'RGB ',
    tags: [
      ['rXYZ', xyzTag(RED)],
      ['gXYZ', xyzTag(GREEN)],
      ['bXYZ', xyzTag(BLUE)],
      ['rTRC', curve],
      ['gTRC', curve],
      ['bTRC', curve],
    ],
  });
}
