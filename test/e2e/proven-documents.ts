/** Documents that can be proven, as a designer makes them on either host: a key, a standard, a broken rule, a signed job, its verification. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Studio } from '../support/studio-pages/studio.ts';
import type { SpecHost } from './spec-host.ts';

/** A black picture of one pixel. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

const FILES = {
  'template.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Certificate</title></head>
<body><h1>Provenance</h1><p>For {{name}}.</p></body>
</html>
`,
  'samples/default.json': '{ "name": "Ada Lovelace" }',
  'influxion.json': '{ "name": "Proven" }',
};

/** Runs from an empty library of keys to the verdict over the signed file. */
export async function provesDocuments(studio: Studio, host: SpecHost): Promise<void> {
  const { page } = studio;
  const folder = path.join(host.data, 'templates/proven');
  await mkdir(path.join(folder, 'samples'), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(path.join(folder, name), text);
  await writeFile(path.join(folder, 'dot.png'), Buffer.from(DOT, 'base64'));

  await studio.library.waitFor();
  await studio.command('Make a signing key…');
  await page.getByRole('textbox', { name: 'Name of the key' }).fill('office');
  await page.getByRole('textbox', { name: 'Who signs' }).fill('Mara Lind');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('ec-256');
  await page.getByRole('button', { name: 'Make key' }).click();
  await page.getByRole('region', { name: 'Key office' }).getByText('EC P-256').waitFor();
  await studio.picture('keys');

  await studio.go('Templates');
  await studio.library.getByRole('button', { name: 'Proven', exact: true }).click();
  await studio.editor.getByText('Provenance').first().waitFor();
  await studio.tab('Document').click();
  await page
    .getByRole('combobox', { name: 'The document meets' })
    .selectOption(host.writesTags ? 'pdf/a-2a+pdf/ua-1' : 'pdf/a-2b');
  await page.getByRole('combobox', { name: 'Signed with' }).selectOption('office');
  if (host.writesTags) await breaksTheStandard(studio);
  await studio.saved.waitFor();

  await page.getByRole('button', { name: /^Generate/ }).click();
  await studio.go('Jobs');
  const row = studio.row('proven').first();
  await row.getByText('Done').waitFor();
  await row.getByText('office', { exact: true }).waitFor();
  const id = Number(/\d+/.exec((await row.textContent()) ?? '')?.[0]);
  await row.click();
  await studio.job(id).getByText('Mara Lind with office, PAdES B-B').waitFor();
  await studio.picture('job-signed');

  await studio.go('Verify');
  await studio.drop('proven.pdf', await documentOf(host.data, id));
  await page.getByText('Nothing is wrong, but who signed is not proven').waitFor();
  await page.getByRole('article', { name: 'Signature by Mara Lind' }).getByText('PAdES B-B').waitFor();
  await studio.picture('verified');

  const spoiled = Buffer.from(await documentOf(host.data, id));
  // Within the signed bytes: the header's version, which no reader takes for a change of the page.
  spoiled.write('6', spoiled.indexOf('%PDF-1.') + '%PDF-1.'.length);
  await studio.drop('spoiled.pdf', spoiled);
  await page.getByText('Not everything is right with this file').waitFor();
  await page
    .getByRole('article', { name: 'Signature by Mara Lind' })
    .getByText('Broken', { exact: true })
    .waitFor();
}

const CHIP = /^PDF\/UA-1: \d+ rules? fails?$/;

/** A picture without words: the chip names the rule and leads to the line, until it is taken back. */
async function breaksTheStandard(studio: Studio): Promise<void> {
  const { page } = studio;
  for (const name of ['PDF/A-2a is met', 'PDF/UA-1 is met'])
    await studio.preview.getByRole('button', { name }).waitFor();
  await studio.picture('standard-met');

  await studio.tab('template.html').click();
  await studio.append('<p><img src="dot.png" width="20" height="20"></p>');
  const chip = studio.preview.getByRole('button', { name: CHIP });
  await chip.click();
  await studio.picture('standard-broken');
  const rules = page.getByRole('dialog', { name: CHIP });
  await rules
    .getByRole('button', { name: /^template\.html, line \d+$/ })
    .first()
    .click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Problems [1-9]/ }).waitFor();
  await studio.editor.click({ position: { x: 200, y: 30 } });
  await studio.undoAll();
  await chip.waitFor({ state: 'detached' });
}

/** The finished document of a job, as it lies in the data folder. */
async function documentOf(data: string, id: number): Promise<Uint8Array> {
  const output = path.join(data, 'output');
  const files = await readdir(output, { recursive: true });
  const name = files.find((file) => path.basename(file).startsWith(`${id}-`) && file.endsWith('.pdf'));
  if (name === undefined) throw new Error(`There is no document of job ${id}`);
  return readFile(path.join(output, name));
}
