import { join } from 'node:path';
import type { Logger, PdfEngine } from '../core/ports.ts';
import { createCdpEngine } from './engine/cdp-engine.ts';

export interface EngineOptions {
  /** A program file; undefined takes the first browser that is found. */
  readonly browser: string | undefined;
  /** Documents at once; undefined is one a processor core. */
  readonly workers: number | undefined;
  /** A print that takes more is ended; absent: a share of the machine's memory. */
  readonly printMemoryBytes?: number | undefined;
  readonly cacheFolder: string;
  readonly assetsFolder: string;
  readonly logger: Logger;
}

export function openEngine(options: EngineOptions): PdfEngine {
  const { browser, workers, printMemoryBytes, cacheFolder, assetsFolder, logger } = options;
  return createCdpEngine({
    cacheDir: cacheFolder,
    fontsDir: join(assetsFolder, 'fonts'),
    logger,
    ...(browser !== undefined && { browser }),
    ...(workers !== undefined && { concurrency: workers }),
    ...(printMemoryBytes !== undefined && { printMemoryBytes }),
  });
}
