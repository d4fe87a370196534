/** The jobs screen in a real browser, over the studio's calls; the jobs behind them are scripted. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import { buildFeaturePage, serveFeature, type ServedFeature } from '../support/studio-pages/feature-page.ts';
import { failedJob, job, JobsWorld, template, waitingJob } from '../support/studio-pages/jobs-world.ts';

/** axe looks at every row, on a machine that may be busy. */
vi.setConfig({ testTimeout: 90_000 });

const PICTURES = path.join(import.meta.dirname, '../../.cache/e2e/pictures');

const MAIN = `
  import { createElement as h } from 'react';
  import { createRoot } from 'react-dom/client';
  import { z } from 'zod';
  import { JobsScreen } from '@renderer/features/jobs/jobs-screen.tsx';
  import { createRpcHost } from '@renderer/host/rpc.ts';
  import { startTheme } from '@renderer/ui/theme.ts';
  import { Toaster } from '@renderer/ui/toast.tsx';
  import '@renderer/ui/tokens.css';
  import '@renderer/ui/base.css';
  z.config({ jitless: true });
  startTheme();
  window.opened = [];
  document.getElementById('root').style.height = '100vh';
  createRoot(document.getElementById('root')).render([
    h(JobsScreen, {
      key: 'jobs',
      host: createRpcHost('test'),
      openTemplate: (id, place) => window.opened.push([id, place]),
    }),
    h(Toaster, { key: 'toasts' }),
  ]);
`;

describe('the jobs screen', () => {
  let built: Awaited<ReturnType<typeof buildFeaturePage>>;
  let browser: TestBrowser;
  let pdf: Uint8Array<ArrayBuffer>;
  let world: JobsWorld;
  let served: ServedFeature;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await mkdir(PICTURES, { recursive: true });
    [browser, built] = await Promise.all([openTestBrowser(), buildFeaturePage(MAIN)]);
    const blank = await browser.browser.newPage();
    await blank.setContent('<h1>Invoice 2026-0117</h1><p>Three lines</p>');
    pdf = new Uint8Array(await blank.pdf());
    await blank.close();
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await browser[Symbol.asyncDispose]();
    await built.remove();
  });

  beforeEach(async () => {
    complaints = [];
    world = new JobsWorld();
    world.pdf = pdf;
    served = await serveFeature(built.folder, world.handlers);
    world.events = served.events;
  });
  afterEach(async () => {
    await page.close();
    await served[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const open = async (scheme: 'light' | 'dark' = 'light'): Promise<void> => {
    page = await browser.browser.newPage({ viewport: { width: 1224, height: 760 }, colorScheme: scheme });
    page.setDefaultTimeout(8_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Warning:/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(served.url);
  };
  const picture = (name: string) => page.screenshot({ path: path.join(PICTURES, `jobs-${name}.png`) });
  const grid = () => page.getByRole('grid', { name: 'Jobs' });
  const row = (id: number) =>
    grid()
      .getByRole('row')
      .filter({ hasText: new RegExp(`doc-${id}(?!\\d)`) });
  const panel = (id: number) => page.getByRole('region', { name: `Job ${id}`, exact: true });

  it('scrolls through 10,000 jobs with few rows in the page, and ends at the last', async () => {
    world.jobs = Array.from({ length: 10_000 }, (_, index) => job(index + 1));
    await open();
    await row(10_000).waitFor();
    expect(await grid().getAttribute('aria-rowcount')).toBe('10001');
    await grid().focus();
    await page.keyboard.press('End');
    await row(1).waitFor();
    await vi.waitFor(async () => expect(await row(1).getAttribute('aria-selected')).toBe('true'));
    expect(await grid().getByRole('row').count()).toBeLessThan(70);
    expect(await row(1).getAttribute('id')).toBe(await grid().getAttribute('aria-activedescendant'));
  });

  it('keeps what is being read in place when jobs come on top', async () => {
    world.jobs = Array.from({ length: 1_000 }, (_, index) => job(index + 1));
    await open();
    await row(1000).waitFor();
    await grid().evaluate((element) => (element.scrollTop = 3_200));
    await row(895).waitFor();
    const before = (await row(895).boundingBox())?.y;
    for (let id = 1_001; id <= 1_020; id += 1) world.change(job(id));
    await vi.waitFor(async () => expect(await grid().getAttribute('aria-rowcount')).toBe('1021'));
    await vi.waitFor(async () => expect((await row(895).boundingBox())?.y).toBe(before));
  });

  it('leaves no row behind when a job stands on two pages, as it does while the list moves', async () => {
    world.jobs = Array.from({ length: 600 }, (_, index) => job(1 + Math.floor(index / 2)));
    await open();
    await row(300).first().waitFor();
    for (const top of [800, 3_200, 6_400, 9_600]) {
      await grid().evaluate((element, pixels) => (element.scrollTop = pixels), top);
      await row(300 - Math.floor(top / 64) - 4)
        .first()
        .waitFor();
    }
    expect(await grid().getByRole('row').count()).toBeLessThan(60);
  });

  it('calls a job that was cancelled neither failed nor wrong', async () => {
    world.jobs = [{ ...job(1), status: 'Received' }];
    await open();
    await row(1).click();
    await panel(1).getByRole('button', { name: 'Cancel' }).click();
    await panel(1)
      .getByRole('listitem')
      .filter({ hasText: /^Waiting.* cancelled$/ })
      .waitFor();
    expect(await panel(1).getByText('failed').count()).toBe(0);
    expect(await panel(1).getByRole('alert').count()).toBe(0);
  });

  it('names who asked for a job as a person does (its id says nothing)', async () => {
    world.jobs = [job(1)];
    await open();
    await row(1).getByText('Billing office', { exact: true }).waitFor();
    await row(1).click();
    await panel(1).getByText('Billing office', { exact: true }).waitFor();
  });

  it('works by keyboard: arrows, ranges, all, Enter, Escape, Delete', async () => {
    world.jobs = Array.from({ length: 20 }, (_, index) => job(index + 1));
    await open();
    await row(20).waitFor();
    await grid().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 jobs chosen').waitFor();
    await page.keyboard.press('Control+a');
    await page.getByText('20 jobs chosen').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await panel(18).waitFor();
    await page.keyboard.press('ArrowDown');
    await panel(17).waitFor();
    await page.keyboard.press('Delete');
    await page
      .getByRole('alertdialog', { name: 'Delete 1 job?' })
      .getByText('Delete', { exact: true })
      .click();
    await vi.waitFor(() => expect(world.removed).toEqual([17]));
    await panel(17).waitFor({ state: 'detached' });
  });

  it('filters by state, template and text, and says when nothing matches', async () => {
    world.jobs = [job(1), failedJob(2), waitingJob(3), job(4, { template_id: 'letter' })];
    await open();
    await page.getByRole('button', { name: 'Failed 1' }).click();
    await row(1).waitFor({ state: 'detached' });
    await row(2).waitFor();
    await page.getByRole('button', { name: /^All/ }).click();
    await page.getByRole('combobox', { name: 'Template' }).selectOption('Letter');
    await row(2).waitFor({ state: 'detached' });
    await row(4).waitFor();
    await page.getByRole('searchbox', { name: 'Search jobs' }).fill('nowhere');
    await page.getByText('No job matches').waitFor();
    await page.getByRole('button', { name: 'Show all jobs' }).click();
    await row(1).waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search jobs' }).inputValue()).toBe('');
  });

  it('shows why a job failed and leads to the line, runs it again and tells when it ended', async () => {
    world.jobs = [failedJob(7)];
    await open();
    await row(7).click();
    const alert = panel(7).getByRole('alert');
    await alert.getByText('It failed while filling in the template').waitFor();
    await alert.getByText('Did you mean "currency"?').waitFor();
    await panel(7).getByText('Template 38 ms failed').waitFor();
    await alert.getByRole('button', { name: 'Go to line 12' }).click();
    expect(await page.evaluate('window.opened')).toEqual([['invoice', { path: 'template.html', line: 12 }]]);
    await panel(7).getByRole('button', { name: 'Run again' }).click();
    await row(7).getByText('Waiting').waitFor();
    world.change(job(7));
    await row(7).getByText('Done').waitFor();
    await page.getByText('doc-7 is done').waitFor();
  });

  it('says which rules a document breaks and what to do, and by whom another was signed', async () => {
    const violation = { standard: 'pdf/a-1b', rule: '6.4-3', object: 12, count: 2, page: 2 };
    world.jobs = [
      failedJob(7, {
        pdf_standard: 'pdf/a-1b',
        error: 'The document cannot be pdf/a-1b.',
        error_detail: {
          code: 'STANDARD_NOT_MET',
          stage: 'conform',
          message: 'The document cannot be pdf/a-1b.',
          hint: null,
          template: null,
          line: null,
          column: null,
          source_line: null,
          rule: '6.4-3',
          page: 2,
          violations: [{ ...violation, message: 'The seal is translucent.' }],
        },
      }),
      job(8, {
        pdf_standard: 'pdf/a-2a, pdf/ua-1',
        timings_ms: { queue: 3, render: 7, print: 29, conform: 4, sign: 6, store: 2 },
        signature: { key_id: 'office', level: 'B-T', subject: 'CN=Mara Lind,O=Nordlicht' },
      }),
    ];
    await open();
    await row(8).getByText('PDF/A-2a + PDF/UA-1').waitFor();
    await row(8).getByText('office', { exact: true }).waitFor();
    await row(7).click();
    await panel(7).getByText('It failed while making the document meet its standard').waitFor();
    const rules = panel(7).getByRole('region', { name: 'Rules that are broken' });
    await rules.getByText('The seal is translucent.').waitFor();
    await rules.getByText('PDF/A-1b 6.4-3').waitFor();
    await rules.getByText('Page 2').waitFor();
    await rules.getByText('2 times').waitFor();
    await picture('standard-not-met');
    await rules.getByRole('button', { name: 'Mend the template' }).click();
    expect(await page.evaluate('window.opened')).toEqual([['invoice', undefined]]);
    await row(8).click();
    await panel(8).getByText('Mara Lind with office, PAdES B-T').waitFor();
    await panel(8).getByText('Standard 4 ms').waitFor();
    await panel(8).getByText('Signature 6 ms').waitFor();
    await picture('signed');
  });

  it('shows the document, saves it and copies the request', async () => {
    world.jobs = [
      job(3, { warnings: [{ code: 'GLYPH_MISSING', message: 'No font has the character ☃.', page: 1 }] }),
    ];
    await open();
    await row(3).click();
    await panel(3).getByText('No font has the character ☃.').waitFor();
    await panel(3).locator('.job-page canvas').waitFor();
    const ink = await panel(3)
      .locator('.job-page canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
          data: [],
        };
        return data.some((value, index) => index % 4 === 0 && value < 128);
      });
    expect(ink, 'the page is not blank').toBe(true);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      panel(3).getByRole('button', { name: 'Save PDF' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('doc-3.pdf');
    expect(await readFile(await file.path())).toEqual(Buffer.from(pdf));

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel(3).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Copy as curl' }).click();
    await page.getByText('Copied as curl').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('"number": "2026-3"');
  });

  it('acts on many and says what was refused', async () => {
    world.jobs = [job(1), failedJob(2), waitingJob(3), failedJob(4)];
    await open();
    await row(4).click();
    await row(1).click({ modifiers: ['Shift'] });
    await page.getByRole('button', { name: 'Run again' }).first().click();
    const refused = page.getByRole('alert').filter({ hasText: 'could not run again' });
    await refused.getByText('2 jobs could not run again.').waitFor();
    await picture('refused');
    await refused.getByRole('button', { name: 'Dismiss' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download zip' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('documents.zip');
    await page.getByText('3 jobs had no document to download.').waitFor();
  });

  it('makes a job from a template with a sample or own JSON, and sends nothing that is no JSON', async () => {
    world.templates.push(template('old', { problem: 'template.html is missing' }));
    await open();
    await page.getByText('No jobs yet').waitFor();
    await page.getByRole('button', { name: 'New job…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New job' });
    const data = dialog.getByRole('textbox', { name: 'Data' });
    await vi.waitFor(async () => expect(await data.inputValue()).toContain('2026-0117'));
    await picture('new');
    await data.fill('{\n  "number" 1\n}');
    await dialog.getByText(/not valid JSON.*line 2, column 12/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Generate' }).isEnabled()).toBe(false);
    expect(await dialog.getByRole('combobox', { name: 'Data from' }).inputValue()).toBe('');
    await data.fill('{ "number": "A-1" }');
    await dialog.getByRole('textbox', { name: 'Document id' }).fill('my-doc');
    await data.press('Control+Enter');
    await page.getByRole('region', { name: 'Job 1', exact: true }).waitFor();
    expect(world.submitted).toEqual([
      { html_template: { id: 'invoice' }, data: { number: 'A-1' }, document_id: 'my-doc', priority: 0 },
    ]);
  });

  it('generates a sample from the empty list', async () => {
    await open();
    await page.getByRole('button', { name: 'Generate a sample' }).click();
    await vi.waitFor(() => expect(world.submitted[0]?.data).toEqual({ number: '2026-0117' }));
    world.change(job(1));
    await page.getByText('doc-1 is done').waitFor();
  });

  it('tells of many jobs that end one after another in one toast (fifty toasts over the list)', async () => {
    world.jobs = [1, 2, 3, 4, 5].map((id) => failedJob(id));
    await open();
    for (const id of [1, 2, 3, 4, 5]) {
      await row(id).click();
      await panel(id).getByRole('button', { name: 'Run again' }).click();
      await row(id).getByText('Waiting').waitFor();
    }
    const told = (words: string) => page.locator('.ui-toast', { hasText: words });
    world.change(job(1));
    world.change(job(2));
    await told('doc-1 is done').waitFor();
    await told('doc-2 is done').waitFor();
    for (const id of [3, 4]) world.change(job(id));
    world.change(failedJob(5));
    await told('4 done, 1 failed').getByRole('button', { name: 'Show a failure' }).click();
    await panel(5).waitFor();
    await vi.waitFor(async () => expect(await page.locator('.ui-toast').count()).toBe(0));
  });

  it('runs a request with changes, and warns of files that are not in it', async () => {
    world.jobs = [job(5)];
    world.assets = ['img/logo.png'];
    await open();
    await row(5).click();
    await panel(5).getByRole('tab', { name: 'Request' }).click();
    await panel(5).getByText('img/logo.png').waitFor();
    await picture('request');
    await panel(5).getByRole('button', { name: 'Run with changes…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run job 5 with changes' });
    await dialog.getByText(/are not in it now: img\/logo.png/).waitFor();
    const request = dialog.getByRole('textbox', { name: 'Request' });
    await request.fill((await request.inputValue()).replace('2026-5', 'changed'));
    await dialog.getByRole('button', { name: 'Generate' }).click();
    await vi.waitFor(() => expect(world.submitted[0]?.data).toEqual({ number: 'changed' }));
    await panel(6).waitFor();
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no accessibility violations, ${scheme}`, async () => {
      await open(scheme);
      await page.getByText('No jobs yet').waitFor();
      await picture(`empty-${scheme}`);
      expect(await accessibilityViolations(page)).toEqual([]);
      world.jobs = Array.from({ length: 400 }, (_, index) => job(index + 1));
      world.jobs.push(
        failedJob(401),
        job(402, { pdf_standard: 'pdf/a-2b', warnings: [{ code: 'FONT_FALLBACK', message: 'Arial' }] }),
        { ...waitingJob(403), status: 'InProgress', started_at: new Date().toISOString() },
      );
      world.change(waitingJob(404));
      await row(401).click();
      await panel(401).getByText('Did you mean').waitFor();
      await picture(`failed-${scheme}`);
      expect(await accessibilityViolations(page)).toEqual([]);
      await row(402).click();
      await panel(402).locator('.job-page canvas').waitFor();
      await picture(`done-${scheme}`);
      await panel(402).getByRole('tab', { name: 'History' }).click();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'New job', exact: true }).click();
      await page.getByRole('dialog', { name: 'New job' }).waitFor();
      await picture(`dialog-${scheme}`);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  }
});
