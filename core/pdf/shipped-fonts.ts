/** The fonts that ship with the product: whatever TTF and OTF files lie in the folder. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { mergeRanges, readFontCoverage, readFontFamily, type CodePointRanges } from './font-file.ts';

export interface ShippedFonts {
  /** In the order in which they stand in for each other, most general first. */
  readonly families: readonly string[];
  readonly files: readonly string[];
}

/** Families are asked for missing characters in this order; those that are not named here come last. */
const FALLBACK_ORDER = [
  'Arimo',
  'Inter',
  'Noto Sans',
  'Noto Sans Symbols 2',
  'Noto Sans Symbols',
  'Noto Sans Math',
  'Noto Emoji',
  'Noto Color Emoji',
];

/** An empty set when there is no such folder. */
export async function readShippedFonts(folder: string): Promise<ShippedFonts> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => /\.(?:ttf|otf)$/i.test(name)).map((name) => path.join(folder, name));
  const families = new Set<string>();
  for (const family of await Promise.all(files.map(readFontFamily)))
    if (family !== undefined) families.add(family);
  const rank = (family: string): number => {
    const at = FALLBACK_ORDER.indexOf(family);
    return at === -1 ? FALLBACK_ORDER.length : at;
  };
  return {
    families: [...families].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en')),
    files,
  };
}

/** Every character that one of the fonts has. */
export async function coverageOfShipped(fonts: ShippedFonts): Promise<CodePointRanges> {
  return mergeRanges((await Promise.all(fonts.files.map(readFontCoverage))).flat());
}
