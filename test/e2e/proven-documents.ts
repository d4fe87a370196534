/** Documents that can be proven, as a designer makes them on either host: a key, a standard, a broken rule, a signed job, its verification. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Studio } from '../support/studio-pages/studio.ts';

export interface SpecHost {
  /** The data folder. */
  readonly data: string;
  /** Whether its engine writes tags, which PDF/UA needs. */
  readonly hasTags: boolean;
}

interface Broken {
  /** Option of the document settings. */
  readonly standards: string;
  /** Chips of the preview while all is met. */
  readonly met: readonly string[];
  /** A line that breaks it. */
  readonly line: string;
  readonly chip: RegExp;
}

const TAGGED: Broken = {
  standards: 'pdf/a-2a+pdf/ua-1',
  met: ['PDF/A-2a is met', 'PDF/UA-1 is met'],
  line: '<p><img src="dot.png" width="20" height="20"></p>',
  chip: /^PDF\/UA-1: \d+ rules? fails?$/,
};

/** A character that is in no font prints as the sign for what is missing, which no PDF/A level allows. */
const UNTAGGED: Broken = {
  standards: 'pdf/a-2b',
  met: ['PDF/A-2b is met'],
  line: '<p>&#x10FFFD;</p>',
  chip: /^PDF\/A-2b: \d+ rules? fails?$/,
};

/** A black picture of one pixel. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

const FILES = {
  'template.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Certificate</title></head>
<body><h1>Certificate</h1><p>For {{name}}.</p></body>
</html>
`,
  'samples/default.json': '{ "name": "Ada Lovelace" }',
  'influxion.json': '{ "name": "Proven" }',
};

/** Runs from an empty library of keys to the verdict over the signed file. */
export async function provesDocuments(studio: Studio, host: SpecHost): Promise<void> {
  const { page } = studio;
  const broken = host.hasTags ? TAGGED : UNTAGGED;
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
  await studio.openTemplate('Proven');
  await studio.tab('Document').click();
  await page.getByRole('combobox', { name: 'The document meets' }).selectOption(broken.standards);
  await page.getByRole('combobox', { name: 'Signed with' }).selectOption('office');
  for (const name of broken.met) await studio.preview.getByRole('button', { name }).waitFor();
  await studio.picture('standard-met');

  await studio.tab('template.html').click();
  await studio.append(broken.line);
  const chip = studio.preview.getByRole('button', { name: broken.chip });
  await chip.click();
  await studio.picture('standard-broken');
  const rules = page.getByRole('dialog', { name: broken.chip });
  await rules
    .getByRole('button', { name: /^template\.html, line \d+$/ })
    .first()
    .click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Problems [1-9]/ }).waitFor();
  await studio.editor.click({ position: { x: 200, y: 30 } });
  await studio.undoAll();
  await chip.waitFor({ state: 'detached' });
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

/** The finished document of a job, as it lies in the data folder. */
async function documentOf(data: string, id: number): Promise<Uint8Array> {
  const output = path.join(data, 'output');
  const files = await readdir(output, { recursive: true });
  const name = files.find((file) => path.basename(file).startsWith(`${id}-`) && file.endsWith('.pdf'));
  if (name === undefined) throw new Error(`There is no document of job ${id}`);
  return readFile(path.join(output, name));
}
