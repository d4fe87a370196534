/** Folders of the engine's tests: the browser is unpacked once for all of them, the rest is each test's own. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../../core/ports.ts';
import { createCdpEngine, type CdpEngineOptions } from '../../headless/engine/cdp-engine.ts';
import type { PdfEngine } from '../../core/pdf/engine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sharedBrowser = path.join(root, '.cache', 'engine-tests', 'browser');

export const shippedFonts = path.join(root, 'assets', 'fonts');

export interface CacheFolder {
  readonly path: string;
  dispose(): void;
}

/** A cache folder of its own that finds the browser from npm unpacked. */
export function cacheFolder(): CacheFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'influxion-engine-'));
  mkdirSync(sharedBrowser, { recursive: true });
  symlinkSync(sharedBrowser, path.join(folder, 'browser'));
  return {
    path: folder,
    dispose: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const nothing = (): void => undefined;
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};

export interface TestEngine {
  readonly engine: PdfEngine;
  readonly cacheDir: string;
  dispose(): Promise<void>;
}

/** The engine of the Node host on the browser from npm, with folders of its own. */
export function openTestEngine(options: Partial<CdpEngineOptions> = {}): TestEngine {
  const cache = cacheFolder();
  const engine = createCdpEngine({
    browser: 'npm',
    cacheDir: cache.path,
    fontsDir: shippedFonts,
    concurrency: 2,
    logger: silentLogger,
    ...options,
  });
  return {
    engine,
    cacheDir: cache.path,
    dispose: async () => {
      await engine.close();
      cache.dispose();
    },
  };
}
