/** A batch from a table, as a designer makes it on either host: mapped, started, the bad row mended, the zip saved. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Studio } from '../support/studio-pages/studio.ts';
import type { SpecHost } from './spec-host.ts';

const TABLE = 'Name;Total\nAda;12,50\nBen;twelve\nCid;14\n';

/** From the table to three documents, one of them after its data was put right. */
export async function makesABatch(studio: Studio, { data, downloads }: SpecHost): Promise<void> {
  const { page } = studio;
  const folder = join(data, 'templates/rows');
  await mkdir(join(folder, 'samples'), { recursive: true });
  await writeFile(join(folder, 'template.html'), '<h1>{{person.name}}</h1><p>{{person.total}}</p>');
  await writeFile(join(folder, 'samples/default.json'), '{ "person": { "name": "Eve", "total": 1 } }');
  await studio.go('Batches');
  const screen = studio.screen('Batches');
  await screen
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
  await screen.getByLabel('Template', { exact: true }).selectOption('rows');
  await expect
    .poll(() => screen.getByLabel('Where Name goes').inputValue(), { timeout: 20_000 })
    .toBe('person.name');
  await screen.getByLabel('What Total is', { exact: true }).selectOption('number');
  await screen.getByLabel('Numbers and dates').selectOption('de-DE');
  await screen.getByLabel('Names').fill('{{person.name}}.pdf');
  await screen.getByText('Ada.pdf').first().waitFor();
  await studio.picture('batch-new');
  await screen.getByRole('button', { name: 'Start', exact: true }).click();
  await screen.getByText('Done, some rows failed').first().waitFor();
  await studio.picture('batch-failed-row');

  await screen.getByRole('button', { name: 'Mend row 2' }).click();
  const dialog = page.getByRole('dialog', { name: 'Row 2' });
  await dialog.getByLabel('Data').fill('{ "person": { "name": "Ben", "total": 12 } }');
  await dialog.getByRole('button', { name: 'Run it with this data' }).click();
  await screen.getByText('Done, some rows failed').first().waitFor({ state: 'detached' });
  await screen.getByRole('button', { name: 'Save the zip' }).waitFor();
  if (!downloads) return;
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    screen.getByRole('button', { name: 'Save the zip' }).click(),
  ]);
  const zip = await readFile(await file.path());
  for (const name of ['Ada.pdf', 'Ben.pdf', 'Cid.pdf']) expect(zip.includes(name), name).toBe(true);
}
