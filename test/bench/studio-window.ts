/** The studio in a window that nobody watches: see plain-window.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlainWindow } from './plain-window.ts';

/** A template that opens puts its editor in the place of the last one, and the focus goes with that. */
const KEPT_FOCUS_MS = 300;
const FOCUS_TRIES = 30;

/** Opens a template, waits for its first page, and puts the cursor where StudioBench.writeInStyles puts it. */
export async function writeInStylesOf(window: PlainWindow, template: string): Promise<void> {
  const hash = `#templates/${template}`;
  if (!(await window.evaluate<boolean>(`location.hash === '${hash}'`))) {
    await window.evaluate(`performance.clearMarks(), location.hash = '${hash}'`);
    await window.until(`performance.getEntriesByName('influxion:pixels').length`);
  }
  await window.click('.templates-file', 'style.css');
  await window.until(`document.querySelector('.templates-file[aria-current]')?.textContent === 'style.css'`);
  for (let tries = 1; ; tries += 1) {
    await window.click('.monaco-editor .view-lines');
    await sleep(KEPT_FOCUS_MS);
    if (await window.evaluate<boolean>(`document.activeElement?.closest('.monaco-editor') != null`)) break;
    if (tries === FOCUS_TRIES) throw new Error(`The editor of ${template} does not keep the focus`);
  }
  await window.press('End', { control: true });
  for (const key of '/*') await window.press(key);
}
