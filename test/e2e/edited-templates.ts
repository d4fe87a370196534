/** What a designer does to templates all day, and the bad days, on either host. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Studio } from '../support/studio-pages/studio.ts';
import type { SpecHost } from './spec-host.ts';

/** What can go through several tries: a print, a save, an answer of the host. */
const eventually = (check: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 100 });

/** The pages of a template follow an edit, which is saved as it is typed. */
export async function followsAnEdit(studio: Studio, { data }: SpecHost): Promise<void> {
  await studio.openTemplate('Letter');
  await studio.picture('templates-light');
  await studio.append('<p>A line from the editor</p>');
  await studio.printed('A line from the editor').waitFor();
  await studio.saved.waitFor();
  const template = join(data, 'templates/letter/template.html');
  expect(await readFile(template, 'utf8')).toContain('A line from the editor');
  await studio.undoAll();
  await studio.printed('A line from the editor').waitFor({ state: 'detached' });
}

/** The last pages stay while the template is broken, and the failure leads to its line. */
export async function leadsToTheBrokenLine(studio: Studio, { data }: SpecHost): Promise<void> {
  await studio.openTemplate('Invoice');
  await studio.append('\n{{currncy 12 "EUR"}}');
  const failure = studio.preview.getByRole('alert');
  await failure.getByText('This is the last version that printed').waitFor();
  await failure.getByText('Did you mean "currency"?').waitFor();
  await studio.firstPage.waitFor();
  await studio.picture('broken');
  const template = join(data, 'templates/invoice/template.html');
  const lines = (await readFile(template, 'utf8')).split('\n').length;
  await failure.getByRole('button', { name: `Go to line ${lines}` }).click();
  await studio.undoAll();
  await failure.waitFor({ state: 'detached' });
}

/** Data that is no JSON: where, and that all goes on when it is mended. */
export async function saysWhereDataIsNoJson(studio: Studio): Promise<void> {
  await studio.openTemplate('Letter');
  await studio.tab(/^Data/).click();
  await studio.page.getByRole('combobox', { name: 'Show the data as' }).selectOption('JSON');
  await studio.append('oops');
  const failure = studio.preview.getByRole('alert');
  await failure.getByText(/where the end of the data should be/).waitFor();
  await studio.picture('no-json');
  await failure.getByRole('button', { name: /^Go to line \d+$/ }).click();
  await studio.undoAll();
  await failure.waitFor({ state: 'detached' });
}

/** A folder that is deleted under the editor: what is typed is kept, and saved when the folder is back. */
export async function outlivesItsFolder(studio: Studio, { data }: SpecHost): Promise<void> {
  const folder = join(data, 'templates/shortlived');
  const template = join(folder, 'template.html');
  await mkdir(join(folder, 'samples'), { recursive: true });
  await writeFile(template, '<p>here today</p>\n');
  await writeFile(join(folder, 'samples/default.json'), '{}');
  await studio.library.getByRole('button', { name: 'shortlived', exact: true }).click();
  await studio.printed('here today').waitFor();
  await rm(folder, { recursive: true });
  await studio.append('<p>gone tomorrow</p>');
  await studio.page
    .getByRole('alert')
    .filter({ hasText: /could not be saved|was deleted|cannot be read/ })
    .first()
    .waitFor();
  await studio.picture('deleted-folder');
  expect(await studio.editor.textContent()).toContain('tomorrow');
  await mkdir(join(folder, 'samples'), { recursive: true });
  await writeFile(template, '<p>here today</p>\n');
  await eventually(async () => expect(await readFile(template, 'utf8')).toContain('gone tomorrow'));
  await studio.saved.waitFor();
}

/** A template that never ends is told, and printed when it is mended. */
export async function endsWhatNeverEnds(studio: Studio, { data }: SpecHost): Promise<void> {
  const folder = join(data, 'templates/forever');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'template.html'), '<script>while (true);</script><p>at last</p>');
  await writeFile(
    join(folder, 'influxion.json'),
    JSON.stringify({ options: { scripts: true, timeout_ms: 2_000 } }),
  );
  await studio.library.getByRole('button', { name: 'forever', exact: true }).click();
  await studio.preview
    .getByRole('alert')
    .getByText(/were not done after 2 s/)
    .first()
    .waitFor();
  await studio.picture('endless');
  await studio.replaceAll('<p>at last</p>');
  await studio.printed('at last').waitFor();
  await studio.preview.getByRole('alert').waitFor({ state: 'detached' });
}
