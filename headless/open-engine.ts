import { join } from 'node:path';
import type { Logger, PdfEngine } from '../core/ports.ts';
import { createCdpEngine } from './engine/cdp-engine.ts';

export interface EngineOptions {
  /** A program file; undefined takes the first browser that is found. */
  readonly browser: string | undefined;
  /** Documents at once; undefined is one a processor core. */
  readonly workers: number | undefined;
  readonly cacheFolder: string;
  readonly assetsFolder: string;
  readonly logger: Logger;
}

export function openEngine(options: EngineOptions): PdfEngine {
  const { browser, workers, cacheFolder, assetsFolder, logger } = options;
  return createCdpEngine({
    cacheDir: cacheFolder,
    fontsDir: join(assetsFolder, 'fonts'),
    logger,
    ...(browser !== undefined && { browser }),
    ...(workers !== undefined && { concurrency: workers }),
  });
}
