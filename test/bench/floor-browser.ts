/** The browser of the floor: the binary, the fonts and the flags that the product uses. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readShippedFonts } from '../../core/pdf/shipped-fonts.ts';
import { findBrowser } from '../../headless/engine/find-browser.ts';
import { writeFontConfiguration } from '../../core/pdf/fontconfig.ts';
import { launchFlags, thriftyFlags } from '../../headless/engine/launch-flags.ts';
import type { Browser } from './floor.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Where the bench keeps what every run can use again, such as the unpacked browser. */
export const benchCache = join(ROOT, '.cache', 'bench');
mkdirSync(benchCache, { recursive: true });

export async function floorBrowser(): Promise<Browser> {
  const found = await findBrowser({ browser: undefined, cacheDir: benchCache });
  const fontsDir = join(ROOT, 'assets', 'fonts');
  const { families } = await readShippedFonts(fontsDir, benchCache);
  const fonts = await writeFontConfiguration({ cacheDir: benchCache, fontsDir, shipped: families });
  const flags = launchFlags({ kind: found.kind, profile: '', root: process.getuid?.() === 0 });
  const thrifty = new Set(thriftyFlags(found.kind));
  return {
    path: found.path,
    // Not those with which the product goes below what a browser costs by itself.
    args: flags.filter(
      (flag) => !thrifty.has(flag) && !/^--(user-data-dir|remote-debugging-pipe)/.test(flag),
    ),
    env: {
      PATH: process.env['PATH'],
      FONTCONFIG_FILE: fonts,
      ...(found.libraries === undefined ? {} : { LD_LIBRARY_PATH: found.libraries }),
    },
  };
}
