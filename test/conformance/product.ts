/** The product's own way from a request to a file, in process, with the browser that it would print with. */
import path from 'node:path';
import { createPipeline } from '../../core/document/pipeline.ts';
import type { RunPipeline } from '../../core/jobs/pipeline.ts';
import type { PdfEngine } from '../../core/pdf/engine.ts';
import type { Signing } from '../../core/pdf/finish/finisher.ts';
import { systemClock } from '../../core/ports.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { createTemplateRenderer } from '../../core/templates/worker-renderer.ts';
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { cacheFolder, shippedFonts, silentLogger } from '../support/engine-folders.ts';
import { openFinisher } from '../support/finisher.ts';
import { keepRefused } from './refused-documents.ts';

export interface Product extends AsyncDisposable {
  readonly run: RunPipeline;
  readonly engine: PdfEngine;
  /** How many documents it makes at once. */
  readonly concurrency: number;
}

/** `signing`: its keys and whom it may reach; without, it signs nothing. */
export function openProduct(signing: Partial<Signing> = {}): Product {
  const cache = cacheFolder();
  const concurrency = 2;
  const engine = createCdpEngine({
    // The one from npm has the same version everywhere; another one can be tried.
    browser: process.env['CONFORMANCE_BROWSER'] ?? 'npm',
    cacheDir: cache.path,
    fontsDir: shippedFonts,
    concurrency,
    logger: silentLogger,
  });
  const renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
  const finishing = openFinisher(cache.path, silentLogger, signing);
  const library = createTemplateLibrary({
    folder: path.join(import.meta.dirname, '../../assets/samples'),
    logger: silentLogger,
  });
  return {
    run: createPipeline({
      renderer,
      engine,
      finisher: keepRefused(finishing.finisher),
      library,
      clock: systemClock,
    }),
    engine,
    concurrency,
    [Symbol.asyncDispose]: async () => {
      await finishing.close();
      await renderer.close();
      await engine.close();
      cache.dispose();
    },
  };
}
