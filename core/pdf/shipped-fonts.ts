/** The fonts that ship with the product: whatever TTF and OTF files lie in the folder. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mergeRanges, readFontCoverage, readFontFamily, type CodePointRanges } from './font-file.ts';

export interface ShippedFonts {
  /** In the order in which they stand in for each other, most general first. */
  readonly families: readonly string[];
  /** Every character that one of them has. */
  readonly coverage: CodePointRanges;
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

/**
 * An empty set when there is no such folder. What was read is kept in `cacheDir` under a name that changes with the
 * files: reading all their tables costs more than starting a browser.
 */
export async function readShippedFonts(folder: string, cacheDir: string): Promise<ShippedFonts> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(?:ttf|otf)$/i.test(name)).sort();
  const files = names.map((name) => path.join(folder, name));
  const facts = await Promise.all(files.map((file) => stat(file)));
  const key = createHash('sha256').update(FORMAT);
  facts.forEach(({ size, mtimeMs }, index) => key.update(`\n${files[index] ?? ''} ${size} ${mtimeMs}`));
  const cached = path.join(cacheDir, 'fonts', `${key.digest('hex').slice(0, 32)}.json`);
  try {
    return JSON.parse(await readFile(cached, 'utf8')) as ShippedFonts;
  } catch {
    const fonts = await readFonts(files);
    await keep(cached, fonts);
    return fonts;
  }
}

/** Changes with what is kept. */
const FORMAT = '1';

async function readFonts(files: readonly string[]): Promise<ShippedFonts> {
  const families = new Set<string>();
  const ranges: (readonly [number, number])[] = [];
  // One after the other: all the tables at once would be many megabytes.
  for (const file of files) {
    const family = await readFontFamily(file);
    if (family !== undefined) families.add(family);
    ranges.push(...(await readFontCoverage(file)));
  }
  const rank = (family: string): number => {
    const at = FALLBACK_ORDER.indexOf(family);
    return at === -1 ? FALLBACK_ORDER.length : at;
  };
  return {
    families: [...families].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en')),
    coverage: mergeRanges(ranges),
  };
}

async function keep(file: string, fonts: ShippedFonts): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, JSON.stringify(fonts), { mode: 0o600 });
  await rename(aside, file);
}
