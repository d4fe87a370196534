/** The way round the studio on either host: by the palette, and every screen before axe. */
import { expect, vi } from 'vitest';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import type { Studio } from '../support/studio-pages/studio.ts';

const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 100 });

/** Goes everywhere by the palette; the theme is remembered. It starts and ends with the theme of the system, which is light. */
export async function goesByThePalette(studio: Studio): Promise<void> {
  await studio.library.waitFor();
  const showsTheme = (theme: string) => eventually(async () => expect(await studio.theme()).toBe(theme));
  await showsTheme('light');
  await studio.command('Use the dark theme');
  await showsTheme('dark');
  await studio.command('Go to jobs');
  await studio.screen('Jobs').waitFor();
  await studio.command('Report');
  await studio.firstPage.waitFor();
  await studio.picture('templates-dark');
  await studio.page.reload();
  await showsTheme('dark');
  await studio.command('Use the theme of the system');
  await showsTheme('light');
}

/** Not one violation on any screen; `scheme` is what the studio shows now. */
export async function keepsNobodyOut(studio: Studio, scheme: 'light' | 'dark'): Promise<void> {
  const check = async (what: string): Promise<void> => {
    await studio.picture(`${what}-${scheme}`);
    expect(await accessibilityViolations(studio.page), `${what}, ${scheme}`).toEqual([]);
  };
  // Another one each time: a click at the one that is open folds its files away.
  await studio.openTemplate(scheme === 'light' ? 'Invoice' : 'Letter');
  await check('editor');
  await studio.page.getByRole('button', { name: /^Generate/ }).click();
  const toast = studio.page.getByText(/^Job \d+ is done$/);
  await toast.waitFor();
  // What fades out while it is looked at has no contrast.
  await studio.page.getByRole('button', { name: 'Dismiss' }).click();
  await toast.waitFor({ state: 'detached' });
  await studio.tab(/^Data/).click();
  await check('data');
  await studio.tab('Document').click();
  await check('document');
  await studio.library.getByRole('button', { name: /^Images and fonts/ }).click();
  await check('assets');
  await studio.go('Jobs');
  await studio.jobs.getByRole('row').nth(1).click();
  await studio.page.locator('.job-page canvas').first().waitFor();
  await check('jobs');
  for (const screen of ['Batches', 'Folders', 'Keys', 'Verify', 'API', 'Settings'] as const) {
    await studio.go(screen);
    await check(screen.toLowerCase());
  }
  await studio.page.keyboard.press('ControlOrMeta+k');
  await studio.page.getByRole('option').first().waitFor();
  await check('palette');
}
