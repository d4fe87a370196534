/**
 * From a key in the editor to new pixels in the preview: the built studio in Chromium on the built Node host. The key is
 * pressed in the style sheet of a document of 1, 20 and 100 pages; the clock runs from the browser's own time of the key
 * to the end of the frame that shows the page.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { openTestBrowser } from '../support/browser.ts';
import { loadBenchDocument, type BenchDocument } from './documents/index.ts';
import { invoiceLines, invoiceTotals } from './documents/invoice-lines.ts';
import { benchCache } from './floor-browser.ts';
import { COMMAND } from './host-process.ts';
import type { Fact } from './report.ts';
import { percentile } from './statistics.ts';

const WARM_UP = 5;
/** Rows of the invoice that fill 100 pages. */
const HUNDRED_PAGES = 3_380;
/** A preview that takes longer has hung. */
const LONGEST_MS = 30_000;

async function install(folder: string, id: string, document: BenchDocument): Promise<void> {
  await mkdir(join(folder, id, 'samples'), { recursive: true });
  await writeFile(join(folder, id, 'template.html'), document.html);
  await writeFile(join(folder, id, 'style.css'), document.css);
  await writeFile(join(folder, id, 'samples', 'default.json'), JSON.stringify(document.data));
  for (const [path, { bytes }] of document.assets) await writeFile(join(folder, id, path), bytes);
}

async function hundredPages(): Promise<BenchDocument> {
  const invoice = await loadBenchDocument('invoice');
  const lines = invoiceLines(HUNDRED_PAGES);
  return { ...invoice, pages: 100, data: { ...invoice.data, lines, ...invoiceTotals(lines, 0.19) } };
}

async function startHost(data: string): Promise<{ child: ChildProcess; studioUrl: string }> {
  const env = { ...process.env, INFLUXION_DATA_DIR: data, INFLUXION_CACHE_DIR: benchCache };
  const child = spawn(process.execPath, [COMMAND, 'serve', '--json', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { studio_url: studioUrl } = JSON.parse(line) as { studio_url: string };
  return { child, studioUrl };
}

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
  page: Page,
  base: string,
  id: string,
  pages: number,
  count: number,
): Promise<number[]> {
  await page.goto(`${base}#templates/${id}`);
  await page.reload();
  await page.locator('.page-canvas').first().waitFor();
  const shown = Number((await page.locator('.preview-page-count').textContent())?.replace(/\D/g, ''));
  if (Math.abs(shown - pages) > pages / 20) throw new Error(`${id} has ${shown} pages instead of ${pages}`);
  // The end of the style sheet: what is typed there is read by Chromium and changes nothing.
  await page.getByText('style.css').first().click();
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('/*');
  const times: number[] = [];
  for (let at = 0; at < count + WARM_UP; at += 1) {
    const ms = await timeOfKey(page, 'x');
    if (at >= WARM_UP) times.push(ms);
  }
  return times;
}

/** `rounds` times ten keys for one page, five for twenty, three for a hundred. Needs a built product. */
export async function measureStudioLatency(rounds: number): Promise<Fact[]> {
  const data = await mkdtemp(join(tmpdir(), 'influxion-bench-studio-'));
  const documents = [
    { id: 'bench-one', count: rounds * 10, document: await loadBenchDocument('invoice') },
    { id: 'bench-twenty', count: rounds * 5, document: await loadBenchDocument('report') },
    { id: 'bench-hundred', count: rounds * 3, document: await hundredPages() },
  ];
  for (const { id, document } of documents) await install(join(data, 'templates'), id, document);
  const { child, studioUrl } = await startHost(data);
  await using test = await openTestBrowser();
  try {
    const page = await test.browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(studioUrl);
    const base = new URL('/', studioUrl).href;
    const facts: Fact[] = [];
    for (const { id, count, document } of documents) {
      const times = await measureKeys(page, base, id, document.pages, count);
      facts.push({
        what: `studio: key to new pixels, ${document.pages === 1 ? '1 page' : `${document.pages} pages`}, p50 / p95`,
        figure: `${percentile(times, 0.5).toFixed(0)} / ${percentile(times, 0.95).toFixed(0)} ms`,
      });
    }
    return facts;
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    await rm(data, { recursive: true, force: true });
  }
}
