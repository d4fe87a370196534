/** A real browser for tests of the page: the one that the engine would print with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../../headless/engine/find-browser.ts';

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

export async function openTestBrowser(): Promise<TestBrowser> {
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'influxion-browser-'));
  const found = await findBrowser({ browser: undefined, cacheDir });
  const libraries = found.libraries === undefined ? {} : { LD_LIBRARY_PATH: found.libraries };
  const browser = await chromium.launch({
    executablePath: found.path,
    env: { ...process.env, ...libraries },
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    browser,
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}
