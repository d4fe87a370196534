/** Profiles of version 4 (ICC.1:2010) as version 2, where they say the same: a matrix or a grey scale, and tone curves. */
import { curveTag, D50, iccProfile, xyzTag, type ProfileContent } from './icc-profile.ts';

/** Major version of a profile, 0 for what is none. */
export const majorVersion = (profile: Uint8Array): number => (profile.length < 132 ? 0 : (profile[8] ?? 0));

/** Undefined for a profile with tables of colours, and for what is no profile. */
export function versionTwo(bytes: Uint8Array): Uint8Array | undefined {
  const profile = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (profile.length < 132) return undefined;
  const tags = tagsOf(profile);
  const space = profile.toString('latin1', 16, 20);
  if (tags.has('A2B0') || profile.toString('latin1', 20, 24) !== 'XYZ ') return undefined;
  if (space === 'GRAY') {
    const curve = curveOf(tags.get('kTRC'));
    return curve && iccProfile({ description: 'Grey', space, tags: [['kTRC', curve]] });
  }
  if (space !== 'RGB ') return undefined;
  const own: [string, Buffer][] = [];
  for (const colour of ['r', 'g', 'b']) {
    const column = columnOf(tags.get(`${colour}XYZ`));
    const curve = curveOf(tags.get(`${colour}TRC`));
    if (column === undefined || curve === undefined) return undefined;
    own.push([`${colour}XYZ`, column], [`${colour}TRC`, curve]);
  }
  return iccProfile({ description: 'RGB', space, tags: sharing(own) });
}

/** Equal data become one buffer, which is written once. */
function sharing(tags: ProfileContent['tags']): ProfileContent['tags'] {
  return tags.map(([signature, data]) => [
    signature,
    tags.find(([, other]) => other.equals(data))?.[1] ?? data,
  ]);
}

function tagsOf(profile: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = Math.min(profile.readUInt32BE(128), Math.floor((profile.length - 132) / 12));
  for (let index = 0; index < count; index += 1) {
    const row = 132 + index * 12;
    const [offset, length] = [profile.readUInt32BE(row + 4), profile.readUInt32BE(row + 8)];
    const data = profile.subarray(offset, offset + length);
    if (data.length === length) tags.set(profile.toString('latin1', row, row + 4), data);
  }
  return tags;
}

function columnOf(tag: Buffer | undefined): Buffer | undefined {
  if (tag === undefined || tag.length < 20 || tag.toString('latin1', 0, 4) !== 'XYZ ') return undefined;
  return xyzTag(D50.map((_, index) => tag.readInt32BE(8 + index * 4)));
}

/** Number of parameters by function type of parametricCurveType (ICC.1:2010 table 65). */
const PARAMETERS = [1, 3, 4, 5, 7] as const;

/** A curve of points is the same in both versions; one of parameters is sampled. */
function curveOf(tag: Buffer | undefined): Buffer | undefined {
  if (tag === undefined || tag.length < 12) return undefined;
  const type = tag.toString('latin1', 0, 4);
  if (type === 'curv') return tag;
  const kind = tag.readUInt16BE(8);
  const count = PARAMETERS[kind];
  if (type !== 'para' || count === undefined || tag.length < 12 + count * 4) return undefined;
  const values = Array.from({ length: count }, (_, index) => tag.readInt32BE(12 + index * 4) / 65536);
  return curveTag(parametric(kind, values));
}

/** ICC.1:2010 table 65. */
function parametric(
  kind: number,
  [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0]: readonly number[],
): (value: number) => number {
  const power = (x: number): number => Math.max(0, a * x + b) ** g;
  switch (kind) {
    case 1:
      return (x) => (a * x + b >= 0 ? power(x) : 0);
    case 2:
      return (x) => (a * x + b >= 0 ? power(x) + c : c);
    case 3:
      return (x) => (x >= d ? power(x) : c * x);
    case 4:
      return (x) => (x >= d ? power(x) + e : c * x + f);
    default:
      return (x) => x ** g;
  }
}
