/** The built page in a real browser under its own policy, over the studio's calls; what answers is scripted. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pageConfig } from '../../scripts/page.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { AppWorld } from '../support/studio-app-world.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import { serveFeature, type ServedFeature } from '../support/studio-pages/feature-page.ts';
import { failedJob, job, JobsWorld } from '../support/studio-pages/jobs-world.ts';
import { templateHandlers } from '../support/studio-template-handlers.ts';

/** axe looks at every screen, on a machine that may be busy. */
vi.setConfig({ testTimeout: 90_000 });

const PICTURES = path.join(import.meta.dirname, '../../.cache/e2e/pictures');
/** Of all scripts that the first paint waits for. */
const FIRST_SCRIPT_BYTES = 150_000;

const SIZES = {
  narrow: { width: 640, height: 900 },
  small: { width: 1280, height: 800 },
  large: { width: 1920, height: 1080 },
};

describe('the page of the studio', () => {
  let out: string;
  let folder: string;
  let browser: TestBrowser;
  let pdf: Uint8Array<ArrayBuffer>;
  let served: ServedFeature;
  let jobs: JobsWorld;
  let app: AppWorld;
  let page: Page;
  /** What the browser complained about: errors of the page and violations of its policy. */
  let complaints: string[];

  beforeAll(async () => {
    // As in `npm run build`: vitest sets another one, which makes another React.
    vi.stubEnv('NODE_ENV', 'production');
    out = await mkdtemp(path.join(tmpdir(), 'influxion-page-'));
    folder = path.join(out, 'renderer');
    await mkdir(PICTURES, { recursive: true });
    [browser] = await Promise.all([openTestBrowser(), build(pageConfig(out))]);
    const blank = await browser.browser.newPage();
    await blank.setContent('<h1>Invoice 2026-0117</h1><p>Ada Lovelace</p>');
    pdf = new Uint8Array(await blank.pdf());
    await blank.close();
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await browser[Symbol.asyncDispose]();
    await rm(out, { recursive: true });
  });

  beforeEach(async () => {
    complaints = [];
    app = new AppWorld();
    jobs = new JobsWorld();
    jobs.pdf = pdf;
    jobs.jobs = [job(1), job(2, { document_id: 'letter-krüger', template_id: 'letter' }), failedJob(3)];
    served = await serveFeature(folder, {
      ...jobs.handlers,
      ...app.handlers,
      ...templateHandlers(pdf),
      'keys.list': () => ({ keys: [] }),
    });
    app.events = served.events;
    jobs.events = served.events;
  });
  afterEach(async () => {
    await page.close();
    await served[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const openPage = async (scheme: 'light' | 'dark' = 'light', size: keyof typeof SIZES = 'small') => {
    page = await browser.browser.newPage({ viewport: SIZES[size], colorScheme: scheme });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(`${served.url}/`);
    await page.getByText('Engine ready').waitFor();
  };
  const navigate = (name: string) =>
    page.getByRole('navigation', { name: 'Studio' }).getByRole('button', { name });

  /** The first page of the preview; the editor has canvases too. */
  const printed = () => page.getByRole('region', { name: 'Preview' }).locator('canvas').first();

  it('shows its frame before the editor and the pages are there, with little script', async () => {
    await openPage();
    const html = await readFile(path.join(folder, 'index.html'), 'utf8');
    const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '');
    expect(scripts.length).toBeGreaterThan(0);
    const sizes = await Promise.all(
      scripts.map(async (file) => gzipSync(await readFile(path.join(folder, file))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_SCRIPT_BYTES);
  });

  it('paints nothing before it knows its theme', async () => {
    await openPage('dark');
    const html = await readFile(path.join(folder, 'index.html'), 'utf8');
    expect(html).toMatch(/<script type="module" blocking="render"/);
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  });

  it('edits, previews, lists jobs and goes from a failed one to its line', async () => {
    await openPage();
    await page.locator('.monaco-editor').first().waitFor();
    await printed().waitFor();
    await navigate('Jobs').click();
    await page.getByRole('row', { name: /doc-3/ }).dblclick();
    await page.getByRole('button', { name: /line 12/ }).click();
    await page.locator('.monaco-editor').first().waitFor();
    await navigate('API').click();
    await page.getByRole('heading', { name: 'Generate invoice' }).waitFor();
  });

  it('puts the preview under the editor in a narrow window, and cuts nothing off', async () => {
    await openPage('light', 'narrow');
    const [editor, pages] = [page.locator('.monaco-editor').first(), printed()];
    await Promise.all([editor.waitFor(), pages.waitFor()]);
    const bottomOf = async (part: typeof editor): Promise<number> => {
      const box = await part.boundingBox();
      return (box?.y ?? 0) + (box?.height ?? 0);
    };
    expect(await bottomOf(pages)).toBeGreaterThan(await bottomOf(editor));
    for (const name of ['Templates', 'Jobs', 'Keys', 'Verify', 'API', 'Settings']) {
      await navigate(name).click();
      await page.getByRole('region', { name, exact: true }).getByRole('heading').first().waitFor();
      await page.screenshot({ path: path.join(PICTURES, `studio-${name.toLowerCase()}-narrow.png`) });
      expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(SIZES.narrow.width);
    }
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
    it.each(['small', 'large'] as const)('has no fault of accessibility at %s size', async (size) => {
      await openPage(scheme, size);
      await page.locator('.monaco-editor').first().waitFor();
      await printed().waitFor();
      for (const name of ['Templates', 'Jobs', 'Keys', 'Verify', 'API', 'Settings']) {
        await navigate(name).click();
        await page.getByRole('region', { name, exact: true }).getByRole('heading').first().waitFor();
        await page.screenshot({
          path: path.join(PICTURES, `studio-${name.toLowerCase()}-${size}-${scheme}.png`),
        });
        expect(await accessibilityViolations(page), name).toEqual([]);
      }
    });
  });
});
