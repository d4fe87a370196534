/** The studio as a person uses it in a browser: what is where, by the names that are read out. */
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

const PICTURES = path.join(import.meta.dirname, '../../../.cache/e2e/pictures');

export type StudioScreen =
  'Templates' | 'Jobs' | 'Batches' | 'Folders' | 'Keys' | 'Verify' | 'API' | 'Settings';

export class Studio {
  readonly page: Page;
  /** Errors of the page and violations of its policy. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) this.complaints.push(message.text());
    });
  }

  /** On a page that a host of its own opened. */
  static on(page: Page): Studio {
    page.setDefaultTimeout(20_000);
    return new Studio(page);
  }

  /** Follows a one-time link in a browser that knows nothing yet. */
  static async open(browser: Browser, link: string, scheme: 'light' | 'dark' = 'light'): Promise<Studio> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: scheme,
      locale: 'en-GB',
    });
    return Studio.in(context, link);
  }

  /** A further tab of the same browser. */
  static async in(context: BrowserContext, link: string): Promise<Studio> {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const studio = new Studio(page);
    await page.goto(link);
    return studio;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  picture(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: path.join(PICTURES, `studio-${name}.png`) });
  }

  /** The way between screens. */
  async go(screen: StudioScreen): Promise<void> {
    const bar = this.page.getByRole('navigation', { name: 'Studio' });
    await bar.getByRole('button', { name: new RegExp(`^${screen}`) }).click();
    await this.screen(screen).waitFor();
    await this.page.getByRole('status', { name: 'Loading', exact: true }).waitFor({ state: 'detached' });
  }

  screen(screen: StudioScreen): Locator {
    return this.page.getByRole('region', { name: screen, exact: true });
  }

  // Templates

  get library(): Locator {
    return this.page.getByRole('navigation', { name: 'Templates' });
  }

  /** Opens a template of the library by its name and waits for its first page. */
  async openTemplate(name: string): Promise<void> {
    await this.library.getByRole('button', { name, exact: true }).click();
    await this.firstPage.waitFor();
  }

  get firstPage(): Locator {
    return this.page.locator('.preview-desk canvas').first();
  }

  get preview(): Locator {
    return this.page.getByRole('region', { name: 'Preview', exact: true });
  }

  /** Text as it stands on the printed pages. */
  printed(text: string): Locator {
    return this.preview.getByText(text).first();
  }

  get editor(): Locator {
    return this.page.locator('.monaco-editor').first();
  }

  tab(name: string | RegExp): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** Puts text at the end of what is edited, at once as a paste does. */
  async append(text: string): Promise<void> {
    await this.editor.click({ position: { x: 200, y: 30 } });
    await this.page.keyboard.press('ControlOrMeta+End');
    await this.page.keyboard.insertText(text);
  }

  async replaceAll(text: string): Promise<void> {
    await this.editor.click({ position: { x: 200, y: 30 } });
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  /** Takes back everything that was typed into this file since it was opened. */
  async undoAll(): Promise<void> {
    // The editor goes back a word or a line at a time, and stops at the beginning.
    for (let step = 0; step < 12; step += 1) await this.page.keyboard.press('ControlOrMeta+z');
  }

  get saved(): Locator {
    return this.page.getByRole('status').filter({ hasText: /^\s*Saved$/ });
  }

  // Jobs

  get jobs(): Locator {
    return this.page.getByRole('grid', { name: 'Jobs' });
  }

  row(text: string | RegExp): Locator {
    return this.jobs.getByRole('row').filter({ hasText: text });
  }

  job(id: number): Locator {
    return this.page.getByRole('region', { name: `Job ${id}`, exact: true });
  }

  // Verify

  /** Drops a file on the screen that is shown, as the system's file manager does. */
  async drop(name: string, bytes: Uint8Array): Promise<void> {
    await this.page.evaluate(
      ([file, base64]) => {
        const transfer = new DataTransfer();
        const content = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        transfer.items.add(new File([content], file));
        const target = document.querySelector('section.screen:not([hidden]) .ui-file-drop');
        for (const type of ['dragover', 'drop']) {
          target?.dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
          );
        }
      },
      [name, Buffer.from(bytes).toString('base64')] as const,
    );
  }

  // The frame

  /** Chooses by the palette: types what is wanted and takes the first of that name. */
  async command(text: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    const palette = this.page.getByRole('dialog', { name: 'Find a template, job or command' });
    await palette.getByRole('combobox').fill(text);
    await palette.getByRole('option', { name: text }).first().click();
  }

  theme(): Promise<string | undefined> {
    return this.page.evaluate(() => document.documentElement.dataset['theme']);
  }
}
