/** Jobs that do not go well, as a designer sees them on either host: one that fails and is mended, one that is stopped. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Studio } from '../support/studio-pages/studio.ts';
import type { SpecHost } from './spec-host.ts';

/** Sends a job of a template under a document id and returns its row. */
async function send(studio: Studio, template: string, documentId: string) {
  await studio.go('Jobs');
  await studio.page.getByRole('button', { name: 'New job', exact: true }).click();
  const dialog = studio.page.getByRole('dialog', { name: 'New job' });
  await dialog.getByRole('combobox', { name: 'Template' }).selectOption(template);
  await dialog.getByRole('textbox', { name: 'Document id' }).fill(documentId);
  await dialog.getByRole('button', { name: 'Generate' }).click();
  return studio.row(documentId);
}

/** From a helper that is misspelt to the document, and the search among the jobs. */
export async function mendsAFailedJob(studio: Studio, { data }: SpecHost): Promise<void> {
  const folder = join(data, 'templates/broken');
  const template = join(folder, 'template.html');
  await mkdir(join(folder, 'samples'), { recursive: true });
  await writeFile(template, '<h1>{{upperr name}}</h1>');
  await writeFile(join(folder, 'samples/default.json'), '{ "name": "Ada" }');
  const row = await send(studio, 'broken', 'again-1');
  await row.getByText('Failed').waitFor();
  const id = Number(/\d+/.exec((await row.textContent()) ?? '')?.[0]);
  await studio.job(id).getByText('It failed while filling in the template').waitFor();
  await studio.picture('jobs-failed');

  await writeFile(template, '<h1>{{upper name}}</h1>');
  await studio.job(id).getByRole('button', { name: 'Run again' }).click();
  await row.getByText('Done').waitFor();
  await studio.page.getByText('again-1 is done').waitFor();

  await studio.page.getByRole('searchbox', { name: 'Search jobs' }).fill('again-');
  await vi.waitFor(async () => expect(await studio.jobs.getAttribute('aria-rowcount')).toBe('2'), {
    timeout: 20_000,
    interval: 100,
  });
  await studio.page.getByRole('searchbox', { name: 'Search jobs' }).fill('nothing of this name');
  await studio.page.getByText('No job matches').waitFor();
  await studio.page.getByRole('searchbox', { name: 'Search jobs' }).fill('');
}

/** A template that never ends is stopped by the person, who is then led to it. */
export async function cancelsARunningJob(studio: Studio, { data }: SpecHost): Promise<void> {
  const folder = join(data, 'templates/endless');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'template.html'), '<script>while (true);</script><p>x</p>');
  await writeFile(
    join(folder, 'influxion.json'),
    JSON.stringify({ options: { scripts: true, timeout_ms: 60_000 } }),
  );
  const row = await send(studio, 'endless', 'cancel-me');
  await row.getByText('Running').waitFor();
  await studio.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await row.getByText('Cancelled').waitFor();
  await studio.page.getByRole('button', { name: 'Open template' }).click();
  await studio.tab('template.html').waitFor();
  await studio.library.getByRole('button', { name: 'endless', exact: true }).waitFor();
}
