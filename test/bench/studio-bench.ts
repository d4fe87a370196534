/** What the measurements of the studio share: the built Node host over the bench's documents as templates, and a browser. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BrowserContext, Page } from 'playwright-core';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { loadBenchDocument, type BenchDocument } from './documents/index.ts';
import { invoiceLines, invoiceTotals } from './documents/invoice-lines.ts';
import { benchCache } from './floor-browser.ts';
import { COMMAND } from './host-process.ts';
import { PlainWindow } from './plain-window.ts';

/** Rows of the invoice that fill 100 pages. */
const HUNDRED_PAGES = 3_380;
const VIEWPORT = { width: 1280, height: 800 };

export const ONE_PAGE = 'bench-one';
export const TWENTY_PAGES = 'bench-twenty';
export const HUNDRED = 'bench-hundred';

async function install(folder: string, id: string, document: BenchDocument): Promise<void> {
  await mkdir(join(folder, id, 'samples'), { recursive: true });
  await writeFile(join(folder, id, 'template.html'), document.html);
  await writeFile(join(folder, id, 'style.css'), document.css);
  await writeFile(join(folder, id, 'samples', 'default.json'), JSON.stringify(document.data));
  for (const [path, { bytes }] of document.assets) await writeFile(join(folder, id, path), bytes);
}

async function hundredPages(): Promise<BenchDocument> {
  const invoice = await loadBenchDocument('invoice');
  const lines = invoiceLines(HUNDRED_PAGES);
  return { ...invoice, pages: 100, data: { ...invoice.data, lines, ...invoiceTotals(lines, 0.19) } };
}

/** A host of its own with three templates and a browser. Needs a built product. */
export class StudioBench implements AsyncDisposable {
  readonly data: string;
  #browser: TestBrowser | undefined;
  #child: ChildProcess | undefined;
  #link = '';
  #cookies: Awaited<ReturnType<BrowserContext['cookies']>> | undefined;

  private constructor(data: string) {
    this.data = data;
  }

  static async open(): Promise<StudioBench> {
    const data = await mkdtemp(join(tmpdir(), 'influxion-bench-studio-'));
    const templates = join(data, 'templates');
    await install(templates, ONE_PAGE, await loadBenchDocument('invoice'));
    await install(templates, TWENTY_PAGES, await loadBenchDocument('report'));
    await install(templates, HUNDRED, await hundredPages());
    const bench = new StudioBench(data);
    await bench.start();
    return bench;
  }

  /** The host's process. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get base(): string {
    return new URL('/', this.#link).href;
  }

  /** Starts the host, over the data that is there. */
  async start(): Promise<void> {
    this.#child = spawn(process.execPath, [COMMAND, 'serve', '--json', '--port', '0'], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('The host has no output');
    const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
    this.#link = (JSON.parse(line) as { studio_url: string }).studio_url;
    this.#cookies = undefined;
  }

  async stop(): Promise<void> {
    if (this.#child === undefined) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
    this.#child = undefined;
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, INFLUXION_DATA_DIR: this.data, INFLUXION_CACHE_DIR: benchCache };
  }

  /** A window that is signed in and watched no more than a person's. The address works once, so it is the only one. */
  async window(): Promise<PlainWindow> {
    const window = await PlainWindow.open();
    await window.goTo(this.#link);
    await window.until(`document.querySelector('.status-bar')`);
    return window;
  }

  /** A page of a browser that knows nothing but that it is signed in. */
  async signIn(): Promise<Page> {
    this.#browser ??= await openTestBrowser();
    const context = await this.#browser.browser.newContext({ viewport: VIEWPORT });
    if (this.#cookies === undefined) {
      // The link works once; its cookie is for as long as this host runs.
      const page = await context.newPage();
      await page.goto(this.#link);
      this.#cookies = await context.cookies();
      await context.close();
      return this.signIn();
    }
    await context.addCookies(this.#cookies);
    return context.newPage();
  }

  /** Opens a template and waits for its first page. */
  async openTemplate(page: Page, id: string): Promise<void> {
    await page.goto(`${this.base}#templates/${id}`);
    await page.reload();
    await page.locator('.page-canvas').first().waitFor();
  }

  /** Puts the cursor behind the end of the style sheet, in a comment: what is typed there is read and changes nothing. */
  async writeInStyles(page: Page): Promise<void> {
    await page.getByText('style.css').first().click();
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('/*');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser?.[Symbol.asyncDispose]();
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}
