/** What an hour of edits leaves in memory: the edits of an hour at one a second, made back to back, each waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlainWindow } from './plain-window.ts';
import { memoryBytes, ownMemoryBytes } from './process-tree.ts';
import type { Fact } from './report.ts';
import { ONE_PAGE, StudioBench, TWENTY_PAGES } from './studio-bench.ts';
import { writeInStylesOf } from './studio-window.ts';

const EDITS_OF_A_MINUTE = 60;
const EDITS_OF_AN_HOUR = 3_600;
/** One edit in ten is in a document of twenty pages. */
const ROUNDS_OF_AN_HOUR = 6;
const LARGE_SHARE = 0.1;
/** Longer than the host keeps a second browser and a spare renderer without work. */
const SETTLE_MS = 75_000;

/** A letter and its deletion in turn. */
async function edit(window: PlainWindow, at: number): Promise<void> {
  await window.evaluate(() => {
    const timed = new Promise<void>((resolve) => {
      new PerformanceObserver((list, observer) => {
        if (list.getEntriesByName('influxion:pixels').length === 0) return;
        observer.disconnect();
        performance.clearMarks();
        resolve();
      }).observe({ type: 'mark' });
    });
    Object.assign(globalThis, { timed });
  });
  await window.press(at % 2 === 0 ? 'x' : 'Backspace');
  await window.evaluate(() => (globalThis as unknown as { timed: Promise<void> }).timed);
}

interface Memory {
  readonly pss: number;
  readonly own: number;
}

const memoryOf = (root: number): Memory => ({ pss: memoryBytes([root]), own: ownMemoryBytes([root]) });

async function settled(bench: StudioBench, window: PlainWindow): Promise<{ host: Memory; browser: Memory }> {
  await sleep(SETTLE_MS);
  await window.collectGarbage();
  return { host: memoryOf(bench.pid), browser: memoryOf(window.pid) };
}

async function editAround(window: PlainWindow, count: number): Promise<void> {
  const large = Math.round(count * LARGE_SHARE);
  await writeInStylesOf(window, ONE_PAGE);
  for (let at = 0; at < count - large; at += 1) await edit(window, at);
  await writeInStylesOf(window, TWENTY_PAGES);
  for (let at = 0; at < large; at += 1) await edit(window, at);
  await writeInStylesOf(window, ONE_PAGE);
}

export async function measureStudioHour(): Promise<Fact[]> {
  await using bench = await StudioBench.open();
  await using window = await bench.window();
  await editAround(window, EDITS_OF_A_MINUTE);
  const minute = await settled(bench, window);
  const perRound = (EDITS_OF_AN_HOUR - EDITS_OF_A_MINUTE) / ROUNDS_OF_AN_HOUR;
  for (let round = 0; round < ROUNDS_OF_AN_HOUR; round += 1) await editAround(window, perRound);
  const hour = await settled(bench, window);
  const change = (after: number, before: number): string =>
    `${(before / 1e6).toFixed(0)} → ${(after / 1e6).toFixed(0)} MB (${((after / before - 1) * 100).toFixed(1)} %)`;
  const row = (who: string, after: Memory, before: Memory): Fact => ({
    what: `studio: memory of the ${who} after ${EDITS_OF_A_MINUTE} and after ${EDITS_OF_AN_HOUR} edits back to back, at rest: PSS, and without mapped files (a run by itself)`,
    figure: `${change(after.pss, before.pss)}, ${change(after.own, before.own)}`,
  });
  return [
    row('host with its engine', hour.host, minute.host),
    row('browser with the studio', hour.browser, minute.browser),
  ];
}
