/** From the studio's address to an editor that can be typed into, in browsers that have cached nothing, and the script it takes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { Fact } from './report.ts';
import { median } from './statistics.ts';
import { ONE_PAGE, StudioBench } from './studio-bench.ts';

const PAGE_FILES = join(import.meta.dirname, '../../dist/renderer');

/** Marks the frame in which the editor shows its text and takes keys. */
function markUsable(): void {
  const look = (): void => {
    const input = document.querySelector('.monaco-editor .native-edit-context, .monaco-editor textarea');
    const text = document.querySelector('.monaco-editor .view-line')?.textContent ?? '';
    if (input === null || text === '') requestAnimationFrame(look);
    else performance.mark('bench:usable');
  };
  requestAnimationFrame(look);
}

/** Bytes, gzip, of the scripts that were on their way or there when the first pixels came. */
async function firstScripts(page: Page): Promise<number> {
  const files = await page.evaluate(() => {
    const paint = performance.getEntriesByName('first-paint')[0]?.startTime ?? Infinity;
    return performance
      .getEntriesByType('resource')
      .filter(({ name, startTime }) => name.endsWith('.js') && startTime < paint)
      .map(({ name }) => new URL(name).pathname);
  });
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(join(PAGE_FILES, file))).length;
  return bytes;
}

/** Twice `rounds` openings. */
export async function measureStudioOpening(rounds: number): Promise<Fact[]> {
  await using bench = await StudioBench.open();
  const times: number[] = [];
  const scripts: number[] = [];
  for (let round = 0; round <= rounds * 2; round += 1) {
    const page = await bench.signIn();
    await page.addInitScript(markUsable);
    await page.goto(`${bench.base}#templates/${ONE_PAGE}`);
    const marked = await page.waitForFunction(
      () => performance.getEntriesByName('bench:usable')[0]?.startTime,
    );
    const ms = (await marked.jsonValue()) ?? Number.NaN;
    // The first one fills the caches of the host.
    if (round > 0) times.push(ms);
    scripts.push(await firstScripts(page));
    await page.context().close();
  }
  return [
    {
      what: 'studio: address opened to editor usable, nothing cached, median / worst',
      figure: `${median(times).toFixed(0)} / ${Math.max(...times).toFixed(0)} ms`,
    },
    {
      what: 'studio: scripts asked for before the first paint, gzip, most',
      figure: `${Math.round(Math.max(...scripts) / 1000)} kB`,
    },
  ];
}
