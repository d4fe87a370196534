/** All spoilers, and the files that they make. */
import type { PdfStandard } from '../../../contract/standard.ts';
import { baseFile } from './bases.ts';
import { COLOUR } from './colour.ts';
import { FILE_STRUCTURE } from './file-structure.ts';
import { FONTS } from './fonts.ts';
import { INTERACTIVE } from './interactive.ts';
import { METADATA } from './metadata.ts';
import type { Spoiler } from './spoiler.ts';
import { TAGS } from './tags.ts';

export const SPOILERS: readonly Spoiler[] = [
  ...FILE_STRUCTURE,
  ...COLOUR,
  ...FONTS,
  ...INTERACTIVE,
  ...METADATA,
  ...TAGS,
];

/** Conformant files to be spoiled, by name; each makes one for a level. */
export const BASES: Readonly<Record<string, (standard: PdfStandard) => Uint8Array>> = {
  handmade: (standard) => baseFile([standard]),
};

export interface SpoiledFile {
  readonly name: string;
  readonly standard: PdfStandard;
  readonly bytes: Uint8Array;
}

export const spoiledFiles = (): SpoiledFile[] =>
  SPOILERS.flatMap(({ name, base, flavours, spoil }) =>
    flavours.map((standard) => {
      const make = BASES[base];
      if (make === undefined) throw new Error(`There is no base ${base}`);
      return { name, standard, bytes: spoil(make(standard)) };
    }),
  );
