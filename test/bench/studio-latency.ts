/**
 * From a key in the editor to new pixels in the preview: the built studio in Chromium on the built Node host. The key is
 * pressed in the style sheet of a document of 1, 20 and 100 pages; the clock runs from the browser's own time of the key
 * to the end of the frame that shows the page.
 */
import type { Page } from 'playwright-core';
import type { Fact } from './report.ts';
import { percentile } from './statistics.ts';
import { HUNDRED, ONE_PAGE, StudioBench, TWENTY_PAGES } from './studio-bench.ts';

const WARM_UP = 5;
/** A preview that takes longer has hung. */
const LONGEST_MS = 30_000;

interface Marked {
  readonly name: string;
  readonly startTime: number;
  readonly detail: { readonly edit: number };
}

/** Milliseconds from the next key to the pixels of the edit that it made. */
async function timeOfKey(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    const isMark = (entry: PerformanceEntry): entry is PerformanceEntry & Marked =>
      entry.name === 'influxion:edit' || entry.name === 'influxion:pixels';
    const timed = new Promise<number>((resolve) => {
      let pressed: number | undefined;
      let edit: number | undefined;
      addEventListener('keydown', ({ timeStamp }) => (pressed ??= timeStamp), { capture: true, once: true });
      new PerformanceObserver((list, observer) => {
        for (const mark of list.getEntries().filter(isMark)) {
          if (pressed === undefined || mark.startTime < pressed) continue;
          if (mark.name === 'influxion:edit') edit ??= mark.detail.edit;
          else if (edit !== undefined && mark.detail.edit >= edit) {
            observer.disconnect();
            resolve(mark.startTime - pressed);
          }
        }
      }).observe({ type: 'mark' });
    });
    Object.assign(window, { timed });
  });
  await page.keyboard.press(key);
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`No pixels ${LONGEST_MS} ms after a key`)), LONGEST_MS);
    timer.unref();
  });
  return Promise.race([page.evaluate(() => (window as unknown as { timed: Promise<number> }).timed), late]);
}

async function measureKeys(
  bench: StudioBench,
  page: Page,
  id: string,
  pages: number,
  count: number,
): Promise<number[]> {
  await bench.openTemplate(page, id);
  const shown = Number((await page.locator('.preview-page-count').textContent())?.replace(/\D/g, ''));
  if (Math.abs(shown - pages) > pages / 20) throw new Error(`${id} has ${shown} pages instead of ${pages}`);
  await bench.writeInStyles(page);
  const times: number[] = [];
  for (let at = 0; at < count + WARM_UP; at += 1) {
    const ms = await timeOfKey(page, 'x');
    if (at >= WARM_UP) times.push(ms);
  }
  return times;
}

/** `rounds` times ten keys for one page, five for twenty, three for a hundred. Needs a built product. */
export async function measureStudioLatency(rounds: number): Promise<Fact[]> {
  await using bench = await StudioBench.open();
  const page = await bench.signIn();
  const documents = [
    { id: ONE_PAGE, pages: 1, count: rounds * 10 },
    { id: TWENTY_PAGES, pages: 20, count: rounds * 5 },
    { id: HUNDRED, pages: 100, count: rounds * 3 },
  ];
  const facts: Fact[] = [];
  for (const { id, pages, count } of documents) {
    const times = await measureKeys(bench, page, id, pages, count);
    facts.push({
      what: `studio: key to new pixels, ${pages === 1 ? '1 page' : `${pages} pages`}, p50 / p95`,
      figure: `${percentile(times, 0.5).toFixed(0)} / ${percentile(times, 0.95).toFixed(0)} ms`,
    });
  }
  return facts;
}
