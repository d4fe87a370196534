/** What the rules leave out, in words: a person who reads "conformant" must know it. */
import type { Level } from './levels.ts';

const ALWAYS = [
  'The inner data of ICC profiles, beyond their header.',
  'The compressed data of images, beyond the boxes of JPEG 2000 files.',
  'Glyph outlines and instructions of font programs.',
  'Glyphs of fonts that use a predefined CJK character map, which is not embedded.',
];

const STRUCTURE = [
  'Whether the order of the structure is the order of reading, and whether types and alternate texts make sense.',
];

/** Rules of the level that no rule here covers. */
export function notChecked({ conformance, ua }: Level): string[] {
  return [...ALWAYS, ...(conformance === 'A' || ua !== undefined ? STRUCTURE : [])];
}
