/**
 * The built studio in a real browser on the real host: what a designer does in a day, and the bad days. What it would
 * catch: parts that work by themselves and not together, an edit that is lost, a screen that cannot be used by keyboard
 * or screen reader.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { Studio } from '../support/studio-pages/studio.ts';
import {
  endsWhatNeverEnds,
  followsAnEdit,
  leadsToTheBrokenLine,
  outlivesItsFolder,
  saysWhereDataIsNoJson,
} from './edited-templates.ts';
import { goesByThePalette, keepsNobodyOut } from './every-screen.ts';
import { Host, influxion, temporaryFolder } from './host.ts';
import { makesABatch } from './made-batches.ts';
import { cancelsARunningJob, mendsAFailedJob } from './mended-jobs.ts';
import { provesDocuments } from './proven-documents.ts';
import type { SpecHost } from './spec-host.ts';

/** Real prints on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const PICTURES = join(import.meta.dirname, '../../.cache/e2e/pictures');

/** What can go through several tries: a print, a save, an answer of the host. */
const eventually = (check: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 100 });

describe('the studio', () => {
  let browser: TestBrowser;
  let data: Awaited<ReturnType<typeof temporaryFolder>>;
  let host: Host;
  let studio: Studio;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    [browser, data] = await Promise.all([openTestBrowser(), temporaryFolder()]);
    host = await Host.start(data.path);
  }, 60_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    expect(await host.stop()).toBe(0);
    await data.remove();
  });

  const link = async (): Promise<string> => {
    const { stdout } = await influxion(['studio', '--json'], data.path);
    return (JSON.parse(stdout) as { studio_url: string }).studio_url;
  };
  const spec = (): SpecHost => ({ data: data.path, writesTags: true, downloads: true });
  const templateFile = (path: string): string => join(data.path, 'templates', path);

  beforeEach(async () => {
    studio = await Studio.open(browser.browser, await link());
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await studio.picture(`failed-${task.id}`);
    await studio.close();
    expect(studio.complaints).toEqual([]);
  });

  it('lets nobody in without the link, and the link once', async () => {
    const stranger = await Studio.open(browser.browser, host.url);
    await stranger.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const once = await link();
    const owner = await Studio.open(browser.browser, once);
    await owner.library.waitFor();
    const second = await Studio.open(browser.browser, once);
    await second.page.getByRole('heading', { name: /does not work any more/ }).waitFor();
    await Promise.all([stranger.close(), owner.close(), second.close()]);
  });

  it('shows the pages of a template, follows an edit and saves it as typed', () =>
    followsAnEdit(studio, spec()));

  it('keeps the last pages while the template is broken, and leads to the line', () =>
    leadsToTheBrokenLine(studio, spec()));

  it('generates a document, shows it Done among the jobs with its pages, and saves the PDF', async () => {
    await studio.openTemplate('Certificate');
    await studio.page.getByRole('button', { name: /^Generate/ }).click();
    await studio.go('Jobs');
    const row = studio.row('certificate').first();
    await row.getByText('Done').waitFor();
    await row.click();
    const id = Number(/\d+/.exec((await row.textContent()) ?? '')?.[0]);
    const job = studio.job(id);
    await job.locator('.job-page canvas').first().waitFor();
    await studio.picture('jobs-light');
    const [file] = await Promise.all([
      studio.page.waitForEvent('download'),
      job.getByRole('button', { name: 'Save PDF' }).click(),
    ]);
    expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-');
    await job.getByRole('tab', { name: 'History' }).click();
    await job.getByText('Done').last().waitFor();
  });

  it('runs a failed job again once its template is mended', () => mendsAFailedJob(studio, spec()));

  it('cancels a job that runs, and leads from its failure to the template', () =>
    cancelsARunningJob(studio, spec()));

  it('makes a document of each row of a table, and mends the row that failed', () =>
    makesABatch(studio, spec()));

  it('makes a key, meets a standard, names what breaks it, signs a job and verifies its file', () =>
    provesDocuments(studio, spec()));

  it('goes everywhere by the palette, and remembers the theme', () => goesByThePalette(studio));

  it('says where data is no JSON, and goes on when it is mended', () => saysWhereDataIsNoJson(studio));

  it('keeps what is typed while its folder is deleted under the editor, and saves it when it is back', () =>
    outlivesItsFolder(studio, spec()));

  it('says that a template never ends, and prints it when it is mended', () =>
    endsWhatNeverEnds(studio, spec()));

  it('stays usable beside a sample of 40 MB', async () => {
    await mkdir(templateFile('heavy/samples'), { recursive: true });
    await writeFile(templateFile('heavy/template.html'), '<p>light as ever</p>');
    const rows = Array.from({ length: 400_000 }, (_, at) => ({ number: at, text: 'x'.repeat(70) }));
    await writeFile(templateFile('heavy/samples/large.json'), JSON.stringify({ rows }));
    await studio.library.getByRole('button', { name: 'heavy', exact: true }).click();
    await studio.printed('light as ever').waitFor();
    await studio.append('<p>and typed beside it</p>');
    await studio.saved.waitFor();
    await studio.tab(/^Data/).click();
    await studio.picture('heavy-data');
    await studio.go('Jobs');
    await studio.go('Templates');
    await studio.openTemplate('Letter');
  });

  it('loses no edit when the host is killed, and saves it when the host is back', async () => {
    await studio.openTemplate('Label sheet');
    await studio.append('<p>before the crash</p>');
    await studio.saved.waitFor();
    const port = Number(new URL(host.url).port);
    await host.killTree();
    await studio.page.getByText('Influxion does not answer').first().waitFor();
    await studio.append('<p>during the crash</p>');
    await studio.picture('host-away');

    host = await Host.start(data.path, port);
    // The session was of the host that is gone: a fresh link lets the same browser in again.
    const signedIn = await Studio.in(studio.page.context(), host.studioUrl);
    await signedIn.page.close();
    await eventually(async () => {
      const text = await readFile(templateFile('labels/template.html'), 'utf8');
      expect(text).toContain('before the crash');
      expect(text).toContain('during the crash');
    });
    await eventually(async () =>
      expect(await studio.page.getByText('Influxion does not answer').count()).toBe(0),
    );
  });

  it('brings back what was typed when the page is closed while the host is away', async () => {
    await studio.openTemplate('Label sheet');
    const port = Number(new URL(host.url).port);
    await host.killTree();
    await studio.page.getByText('Influxion does not answer').first().waitFor();
    await studio.append('<p>typed into the void</p>');
    const page = studio.page;
    host = await Host.start(data.path, port);
    const again = await Studio.in(page.context(), host.studioUrl);
    await page.close();
    await again.library.getByRole('button', { name: 'Label sheet', exact: true }).click();
    await eventually(async () => expect(await again.editor.textContent()).toContain('void'));
    await eventually(async () =>
      expect(await readFile(templateFile('labels/template.html'), 'utf8')).toContain('typed into the void'),
    );
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no accessibility violations on any screen, ${scheme}`, async () => {
      await studio.close();
      studio = await Studio.open(browser.browser, await link(), scheme);
      await keepsNobodyOut(studio, scheme);
    });
  }
});
