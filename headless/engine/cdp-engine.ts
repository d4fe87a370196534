/** PdfEngine over a headless browser, talked to by raw CDP over a pipe. */
import type { PdfEngine } from '../../core/pdf/engine.ts';
import { createFontScanner } from '../../core/pdf/font-scan.ts';
import { writeFontConfiguration } from '../../core/pdf/fontconfig.ts';
import { FontInspection } from '../../core/pdf/page/font-inspection.ts';
import { PooledEngine, type PoolingOptions } from '../../core/pdf/pool/pooled-engine.ts';
import { readShippedFonts } from '../../core/pdf/shipped-fonts.ts';
import { startBrowserSlot } from './browser-slot.ts';
import { findBrowser, type FoundBrowser } from './find-browser.ts';
import { cleanLeftovers } from './leftovers.ts';

export interface CdpEngineOptions extends PoolingOptions {
  /** A program file, or `npm` for the browser that comes with the product; default: see find-browser.ts. */
  readonly browser?: string;
  /** Unpacked browser, profiles, font configuration. */
  readonly cacheDir: string;
  /** TTF and OTF files that ship with the product. */
  readonly fontsDir: string;
}

interface Prepared {
  readonly browser: FoundBrowser;
  /** Private fontconfig file, Linux only. */
  readonly fontConfiguration: string | undefined;
  readonly fonts: FontInspection;
}

export function createCdpEngine(options: CdpEngineOptions): PdfEngine {
  let preparing: Promise<Prepared> | undefined;
  let fonts: FontInspection | undefined;
  return new PooledEngine(
    {
      get fonts() {
        return fonts;
      },
      async startSlot(slot) {
        preparing ??= prepare(options).catch((error: unknown) => {
          preparing = undefined;
          throw error;
        });
        const { browser, fontConfiguration, fonts: inspection } = await preparing;
        fonts = inspection;
        return startBrowserSlot({ ...slot, browser, fontConfiguration, cacheDir: options.cacheDir });
      },
    },
    options,
  );
}

async function prepare({ browser, cacheDir, fontsDir, logger }: CdpEngineOptions): Promise<Prepared> {
  const [found, fonts] = await Promise.all([
    findBrowser({ browser, cacheDir }),
    readShippedFonts(fontsDir, cacheDir),
    cleanLeftovers(cacheDir, logger),
  ]);
  logger.info({ kind: found.kind, source: found.source, product: found.product }, 'Found a browser');
  // Elsewhere the browser takes its fonts from the platform alone; a template reaches ours by @font-face.
  const own = process.platform === 'linux' && fonts.families.length > 0;
  const shipped = own ? fonts.families : [];
  const fontConfiguration = own ? await writeFontConfiguration({ cacheDir, fontsDir, shipped }) : undefined;
  const scanner = createFontScanner({ shipped, aliased: own, coverage: fonts.coverage });
  return { browser: found, fontConfiguration, fonts: new FontInspection(scanner, shipped) };
}
