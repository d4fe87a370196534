import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageTarget } from '../../../core/pdf/page/page-target.ts';
import { BrowserProcess } from '../../../headless/engine/browser-process.ts';
import { openCdpTarget } from '../../../headless/engine/cdp-target.ts';
import { findBrowser } from '../../../headless/engine/find-browser.ts';
import { leavesFramesToUs } from '../../../headless/engine/launch-flags.ts';
import { cacheFolder, silentLogger } from '../../support/engine-folders.ts';

const cache = cacheFolder();
let browser: BrowserProcess;

beforeAll(async () => {
  browser = await BrowserProcess.launch({
    browser: await findBrowser({ browser: 'npm', cacheDir: cache.path }),
    cacheDir: cache.path,
    fontConfiguration: undefined,
    logger: silentLogger,
    signal: new AbortController().signal,
  });
});

afterAll(async () => {
  await browser.kill();
  cache.dispose();
});

const open = (isolated: boolean): Promise<PageTarget> =>
  openCdpTarget(browser.connection, { isolated, browser: 'shell' });

const FRAMES =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done("drawn"))))';
const HALF_A_SECOND = 'new Promise((done) => setTimeout(() => done("none"), 500))';

async function framesOf({ session }: PageTarget): Promise<unknown> {
  const { result } = await session.send('Runtime.evaluate', {
    expression: `Promise.race([${FRAMES}, ${HALF_A_SECOND}])`,
    awaitPromise: true,
  });
  return (result as { readonly value: unknown }).value;
}

test.runIf(leavesFramesToUs('shell'))(
  'a page for documents without scripts draws a frame only when it is told to (a tenth of the time of a document)',
  async () => {
    const page = await open(false);
    expect(await framesOf(page)).toBe('none');
    const frames = framesOf(page);
    for (let frame = 0; frame < 3; frame += 1) await page.drawFrame?.();
    expect(await frames).toBe('drawn');
    await page.close();
  },
);

test('a page for scripts draws frames by itself (an animation that never begins)', async () => {
  const page = await open(true);
  expect(page.drawFrame).toBeUndefined();
  expect(await framesOf(page)).toBe('drawn');
  await page.close();
});
