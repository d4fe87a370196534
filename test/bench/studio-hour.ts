/** What an hour of edits leaves in memory: the edits of an hour at one a second, made back to back, each waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { children, memoryBytes } from './process-tree.ts';
import type { Fact } from './report.ts';
import { ONE_PAGE, StudioBench, TWENTY_PAGES } from './studio-bench.ts';

const EDITS_OF_A_MINUTE = 60;
const EDITS_OF_AN_HOUR = 3_600;
/** Of every 600 edits the last 60 are in a document of twenty pages. */
const ROUND = 600;
const IN_THE_LARGE = 60;
/** Longer than the host keeps a second browser and a spare renderer without work. */
const SETTLE_MS = 45_000;

const open = async (bench: StudioBench, page: Page, id: string): Promise<void> => {
  await page.evaluate((template) => {
    location.hash = `#templates/${template}`;
  }, id);
  await page.getByRole('tab', { name: 'template.html' }).waitFor();
  await page.locator('.page-canvas').first().waitFor();
  await bench.writeInStyles(page);
};

/** A letter and its deletion in turn. */
async function edit(page: Page, at: number): Promise<void> {
  await page.evaluate(() => {
    const timed = new Promise<void>((resolve) => {
      new PerformanceObserver((list, observer) => {
        if (list.getEntriesByName('influxion:pixels').length === 0) return;
        observer.disconnect();
        performance.clearMarks();
        resolve();
      }).observe({ type: 'mark' });
    });
    Object.assign(window, { timed });
  });
  await page.keyboard.press(at % 2 === 0 ? 'x' : 'Backspace');
  await page.evaluate(() => (window as unknown as { timed: Promise<void> }).timed);
}

async function settled(bench: StudioBench, page: Page): Promise<{ host: number; browser: number }> {
  await sleep(SETTLE_MS);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  return {
    host: memoryBytes([bench.pid]),
    browser: memoryBytes(children(process.pid).filter((pid) => pid !== bench.pid)),
  };
}

export async function measureStudioHour(): Promise<Fact[]> {
  await using bench = await StudioBench.open();
  const page = await bench.signIn();
  await bench.openTemplate(page, ONE_PAGE);
  await bench.writeInStyles(page);
  for (let at = 0; at < EDITS_OF_A_MINUTE; at += 1) await edit(page, at);
  const minute = await settled(bench, page);
  for (let at = EDITS_OF_A_MINUTE; at < EDITS_OF_AN_HOUR; at += 1) {
    if (at % ROUND === 0) await open(bench, page, ONE_PAGE);
    if (at % ROUND === ROUND - IN_THE_LARGE) await open(bench, page, TWENTY_PAGES);
    await edit(page, at);
  }
  await open(bench, page, ONE_PAGE);
  const hour = await settled(bench, page);
  const change = (after: number, before: number): string =>
    `${(before / 1e6).toFixed(0)} → ${(after / 1e6).toFixed(0)} MB (${((after / before - 1) * 100).toFixed(1)} %)`;
  const row = (who: string, figure: string): Fact => ({
    what: `studio: memory (PSS) of the ${who} after ${EDITS_OF_A_MINUTE} and after ${EDITS_OF_AN_HOUR} edits back to back, at rest (a run by itself)`,
    figure,
  });
  return [
    row('host with its engine', change(hour.host, minute.host)),
    row('browser with the studio', change(hour.browser, minute.browser)),
  ];
}
