/** The built page in a real browser, on the real HTTP server; the queue and the library behind it are fakes. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pageConfig } from '../../scripts/page.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { openStudioWorld, template, type StudioWorld } from '../support/studio-world.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: unknown[];
  }[];
}

describe('the page of the studio', () => {
  let out: string;
  let browser: TestBrowser;
  let pdf: Uint8Array;
  let world: StudioWorld;
  let page: Page;
  /** What the browser complained about: errors of the page and violations of its policy. */
  let complaints: string[];

  beforeAll(async () => {
    // As in `npm run build`: vitest sets another one, which makes another React.
    vi.stubEnv('NODE_ENV', 'production');
    out = await mkdtemp(path.join(tmpdir(), 'influxion-page-'));
    [browser] = await Promise.all([openTestBrowser(), build(pageConfig(out))]);
    const blank = await browser.browser.newPage();
    await blank.setContent('<h1>Invoice 2026-0117</h1>');
    pdf = await blank.pdf();
    await blank.close();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await browser[Symbol.asyncDispose]();
    await rm(out, { recursive: true });
  });

  const openPage = async (scheme: 'light' | 'dark' = 'light'): Promise<void> => {
    page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: scheme });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(world.link());
    await editor().filter({ hasText: '2026-0117' }).waitFor();
  };
  beforeEach(async () => {
    complaints = [];
    world = await openStudioWorld(path.join(out, 'renderer'));
    world.outcome = { kind: 'pdf', bytes: pdf };
    world.templates.push(template('letter'), template('old', { problem: 'template.html is missing' }));
    world.samples['letter/default'] = '{ "to": "Ada" }';
  });
  afterEach(async () => {
    await page.close();
    await world[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const editor = () => page.getByRole('textbox', { name: 'Data of the document' });
  const generate = () => page.getByRole('button', { name: 'Generate PDF' });
  const result = () => page.getByRole('region', { name: 'Result' });

  const violations = async (): Promise<string[]> => {
    await page.evaluate(await readFile(AXE, 'utf8'));
    const { violations: found } = await page.evaluate<AxeResult>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], iframes: false })`,
    );
    return found.map(
      ({ id, impact, nodes }) => `${id} (${impact ?? '?'}): ${JSON.stringify(nodes).slice(0, 400)}`,
    );
  };

  it('makes a PDF of a sample and shows, opens and saves it', async () => {
    await openPage();
    await generate().click();
    const download = page.getByRole('link', { name: 'Download' });
    await download.waitFor();
    // The number of pages comes with the list of jobs, after the file.
    await result()
      .getByRole('status')
      .filter({ hasText: /1 page · \d+ KB · / })
      .waitFor();
    expect(world.submitted[0]).toMatchObject({
      html_template: { id: 'invoice' },
      data: { number: '2026-0117' },
    });

    const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
    expect(file.suggestedFilename()).toBe('invoice.pdf');
    expect(await readFile(await file.path())).toEqual(Buffer.from(pdf));
    expect(await page.locator('iframe').getAttribute('src')).toMatch(/^blob:/);
    await page.getByRole('row', { name: /Done invoice/ }).waitFor();
  });

  it('sends the data as edited and keeps the edits of a template while another is looked at', async () => {
    await openPage();
    await editor().fill('{ "number": "A-1" }');
    await page.getByRole('radio', { name: 'Letter' }).check();
    await editor().filter({ hasText: 'Ada' }).waitFor();
    await page.getByRole('radio', { name: 'Invoice' }).check();
    expect(await editor().inputValue()).toBe('{ "number": "A-1" }');
    await editor().press('Control+Enter');
    await vi.waitFor(() => expect(world.submitted.at(-1)?.data).toEqual({ number: 'A-1' }));
    await page.getByRole('button', { name: 'Undo edits' }).click();
    expect(await editor().inputValue()).toContain('2026-0117');
  });

  it('says where the JSON is wrong, and sends nothing', async () => {
    await openPage();
    await editor().fill('{\n  "number" 1\n}');
    await generate().click();
    await page.getByText(/not valid JSON.*\(line 2, column 12\)/).waitFor();
    expect(await editor().getAttribute('aria-invalid')).toBe('true');
    expect(world.submitted).toEqual([]);
  });

  it('shows the stage, the place and the way out of a failure', async () => {
    world.outcome = {
      kind: 'error',
      detail: {
        code: 'TEMPLATE_UNKNOWN_HELPER',
        stage: 'render',
        message: 'There is no helper "curency".',
        hint: 'Did you mean "currency"?',
        template: 'html',
        line: 12,
        column: 5,
        source_line: '<td>{{curency amount}}</td>',
      },
    };
    await openPage();
    await generate().click();
    const alert = await result().getByRole('alert').textContent();
    for (const part of [
      'There is no helper "curency".',
      'template.html, line 12, column 5',
      '{{curency amount}}',
      'Did you mean "currency"?',
      'while filling in the template',
    ]) {
      expect(alert).toContain(part);
    }
  });

  it('cancels the job that it waits for', async () => {
    world.outcome = { kind: 'endless' };
    await openPage();
    await generate().click();
    await page.getByRole('progressbar', { name: 'Generating the PDF' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await vi.waitFor(() => expect(world.cancelled).toEqual([1]));
    expect(await generate().isEnabled()).toBe(true);
  });

  it('does not offer to make what cannot be made', async () => {
    await openPage();
    await page.getByRole('radio', { name: /Old/ }).check();
    await page.getByText('template.html is missing').waitFor();
    expect(await generate().isEnabled()).toBe(false);
  });

  it('says so when the host is gone', async () => {
    await openPage();
    await page.route('**/studio/**', (route) => route.abort());
    await page.getByText('Influxion does not answer').waitFor();
    await generate().click();
    await result()
      .getByText(/start it again/)
      .waitFor();
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no accessibility violations, ${scheme}`, async () => {
      world.outcome = {
        kind: 'pdf',
        bytes: pdf,
        warnings: [{ code: 'GLYPH_MISSING', message: 'No font has the character ☃.', page: 1 }],
      };
      await openPage(scheme);
      expect(await violations()).toEqual([]);
      await generate().click();
      await page.getByRole('link', { name: 'Download' }).waitFor();
      await page.getByRole('row', { name: /Done invoice/ }).waitFor();
      await editor().fill('{');
      expect(await violations()).toEqual([]);
    });
  }
});
