/** The templates screen in a real browser, over a real library on the disk. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { InfluxionError } from '../../core/error.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import { buildFeaturePage, serveFeature, type ServedFeature } from '../support/studio-pages/feature-page.ts';
import { openTemplatesWorld, type TemplatesWorld } from '../support/studio-pages/templates-world.ts';

const PICTURES = path.join(import.meta.dirname, '../../.cache/e2e/pictures');

const MAIN = `
  import { createElement as h, useSyncExternalStore } from 'react';
  import { createRoot } from 'react-dom/client';
  import { z } from 'zod';
  import { TemplatesScreen } from '@renderer/features/templates/templates-screen.tsx';
  import { templateCommands } from '@renderer/features/templates/template-commands.ts';
  import { createRpcHost } from '@renderer/host/rpc.ts';
  import { createCommandRegistry } from '@renderer/ui/command-registry.ts';
  import { startTheme } from '@renderer/ui/theme.ts';
  import { Toaster } from '@renderer/ui/toast.tsx';
  import '@renderer/ui/tokens.css';
  import '@renderer/ui/base.css';
  z.config({ jitless: true });
  startTheme();
  const commands = createCommandRegistry();
  commands.add(templateCommands);
  addEventListener('keydown', (event) => { if (commands.press(event)) event.preventDefault(); }, true);
  window.opened = [];
  const host = createRpcHost('test');
  const Preview = ({ slot }) => {
    window.slot = slot;
    const id = useSyncExternalStore(slot.editor.subscribe, () => slot.editor.get().templateId);
    return h('section', { 'aria-label': 'Preview' }, h('output', {}, String(id)));
  };
  const preview = (slot) => h(Preview, { slot });
  document.getElementById('root').style.height = '100vh';
  createRoot(document.getElementById('root')).render([
    h(TemplatesScreen, {
      key: 'screen',
      host,
      preview,
      openJob: (id) => window.opened.push(id),
      openRows: (file, templateId) => window.opened.push(file.name + ' on ' + templateId),
      openKeys: () => window.opened.push('keys'),
      openSettings: () => window.opened.push('settings'),
    }),
    h(Toaster, { key: 'toasts' }),
  ]);
`;

interface Edited {
  readonly templateId: string | null;
  readonly edits: Readonly<Record<string, string>>;
  readonly data: string;
  readonly dataPath: string | null;
  readonly cursor: { readonly path: string; readonly line: number } | null;
}

interface Slot {
  readonly editor: { readonly get: () => Edited };
  readonly onFailure: (failure: unknown) => void;
  readonly onConformance: (conformance: unknown) => void;
  readonly onGoTo: (place: { readonly path: string; readonly line: number }) => void;
}

describe('the templates screen', () => {
  let built: Awaited<ReturnType<typeof buildFeaturePage>>;
  let browser: TestBrowser;
  let world: TemplatesWorld;
  let served: ServedFeature;
  let page: Page;
  let complaints: string[];
  /** Stands before the library for a call that must fail. */
  let refusal: Error | undefined;

  beforeAll(async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await mkdir(PICTURES, { recursive: true });
    [browser, built] = await Promise.all([openTestBrowser(), buildFeaturePage(MAIN)]);
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await browser[Symbol.asyncDispose]();
    await built.remove();
  });

  beforeEach(async () => {
    complaints = [];
    refusal = undefined;
    world = await openTemplatesWorld();
    const write = world.handlers['templates.write'];
    served = await serveFeature(built.folder, {
      ...world.handlers,
      'templates.write': async (input, call) => {
        if (refusal !== undefined) throw refusal;
        if (write === undefined) throw new Error('The world has no library');
        return write(input, call);
      },
    });
    world.hub.subscribe((event) => served.events.emit(event));
  });
  afterEach(async () => {
    await page.close();
    await served[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const openPage = async (scheme: 'light' | 'dark' = 'light', width = 1280, height = 800): Promise<Page> => {
    const opened = await browser.browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    opened.setDefaultTimeout(15_000);
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await opened.goto(`${served.url}/`);
    await opened.locator('.monaco-editor .view-line').first().waitFor();
    return opened;
  };
  const open = async (scheme: 'light' | 'dark' = 'light', width = 1280, height = 800): Promise<void> => {
    page = await openPage(scheme, width, height);
  };
  const slot = (of = page): Promise<Edited> =>
    of.evaluate(() => (globalThis as unknown as { slot: Slot }).slot.editor.get());
  const library = () => page.getByRole('navigation', { name: 'Templates' });
  const row = (name: string) => library().getByRole('button', { name, exact: true });
  const tab = (name: string) => page.getByRole('tab', { name });
  const onDisk = (file: string): Promise<string> => readFile(path.join(world.folder, file), 'utf8');
  const shot = (name: string): Promise<unknown> =>
    page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  /** Saving waits for a pause, the watcher of the library for the disk. */
  const poll = <Value>(read: () => Promise<Value>) => expect.poll(read, { timeout: 15_000 });
  /** Puts the cursor behind a text of the editor. */
  const goTo = (file: string, line: number): Promise<void> =>
    page.evaluate(
      ([target, at]) => (globalThis as unknown as { slot: Slot }).slot.onGoTo({ path: target, line: at }),
      [file, line] as const,
    );
  const typeAtTop = async (text: string, of = page): Promise<void> => {
    await of.locator('.monaco-editor').first().click();
    await of.keyboard.press('Control+Home');
    await of.keyboard.insertText(text);
  };

  it('opens a template, shows its files and gives the preview what is edited', async () => {
    await open();
    await row('Invoice').click();
    await row('lines').waitFor();
    await poll(() => slot()).toMatchObject({ templateId: 'invoice', edits: {} });
    expect(JSON.parse((await slot()).data)).toHaveProperty('seller');
    await typeAtTop('<!-- x -->');
    await poll(async () => (await slot()).edits['template.html']).toMatch(/^<!-- x --><!doctype html>/);
    await poll(() => onDisk('invoice/template.html')).toMatch(/^<!-- x --><!doctype html>/);
    await page.getByText('Saved', { exact: true }).waitFor();
    await shot('templates-editor');
  });

  it('completes fields of the sample, and tells and mends what is not there', async () => {
    await open();
    await row('Invoice').click();
    await poll(() => slot()).toMatchObject({ templateId: 'invoice' });
    await typeAtTop('<p>{{seller.nme}}</p>\n');
    await page.getByRole('button', { name: /Problems 1/ }).click();
    await page.getByRole('button', { name: /Fix: Change to "seller.name"/ }).click();
    await poll(() => onDisk('invoice/template.html')).toMatch(/^<p>\{\{seller\.name\}\}<\/p>\n/);
    await page.getByText('No problems with this sample.').waitFor();
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('{{buyer.');
    await page.getByRole('listbox', { name: 'Suggest' }).getByText('vat_id').waitFor();
    await shot('templates-completion');
  });

  it('closes tags as they are typed, indents what they hold, and keeps paths upwards in one colour', async () => {
    await open();
    await row('Invoice').click();
    await poll(() => slot()).toMatchObject({ templateId: 'invoice' });
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    // As fast as a person can; the editor completes braces and tags between the keys.
    const type = async (text: string): Promise<void> => {
      await page.keyboard.type(text, { delay: 15 });
      await page.keyboard.press('End');
    };
    await type('<table>\n{{#each lines}}\n<tr>{{> row}}');
    // The end of a block is typed one step too far in; its last brace takes it back.
    await type('\n{{/each}}');
    await type('<i>{{currency ../currency');
    const typed =
      '<table>\n  {{#each lines}}\n    <tr>{{> row}}</tr>\n  {{/each}}<i>{{currency ../currency}}</i>\n</table>';
    await poll(() => onDisk('invoice/template.html')).toBe(typed);
    const upwards = page.locator('.view-line span:not(:has(span))', { hasText: '/currency' });
    const weights = () => upwards.evaluateAll((all) => all.map((span) => getComputedStyle(span).fontWeight));
    await poll(weights).toEqual(['400']);
  });

  it('shows the failure of the preview at its line', async () => {
    await open();
    await page.evaluate(() => {
      (globalThis as unknown as { slot: Slot }).slot.onFailure({
        code: 'TEMPLATE_HELPER_FAILED',
        message: 'Line 3 of the template: currency needs a number.',
        hint: null,
        errors: [],
        detail: { template: 'html', line: 3, column: 5, stage: 'render' },
      });
    });
    await page.getByRole('button', { name: /Problems 1/ }).click();
    await page.getByRole('button', { name: /currency needs a number/ }).click();
    await poll(async () => (await slot()).cursor).toMatchObject({ path: 'template.html', line: 3 });
  });

  it('goes to a line of the data although the form is shown, and to each line once (a cursor that jumps back)', async () => {
    await open();
    await row('Invoice').click();
    await poll(() => slot()).toMatchObject({ templateId: 'invoice', dataPath: 'samples/one-page.json' });
    const cursor = async () => (await slot()).cursor;
    await goTo('samples/one-page.json', 4);
    await poll(cursor).toMatchObject({ path: 'samples/one-page.json', line: 4 });
    await goTo('template.html', 6);
    await poll(cursor).toMatchObject({ path: 'template.html', line: 6 });
    await page.keyboard.press('Control+Home');
    await poll(cursor).toMatchObject({ path: 'template.html', line: 1 });
    await tab('style.css').click();
    await tab('template.html').click();
    await page.getByRole('textbox', { name: 'Editor of template.html' }).focus();
    await page.keyboard.press('ArrowDown');
    await poll(cursor).toMatchObject({ path: 'template.html', line: 2 });
  });

  it('takes a change from outside and asks before it overwrites one', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    await writeFile(path.join(world.folder, 'letter/template.html'), '<p>from outside</p>\n');
    await page.locator('.view-line', { hasText: 'from outside' }).waitFor();
    refusal = new InfluxionError('TEMPLATE_CONFLICT', 'template.html was changed meanwhile.');
    await typeAtTop('mine ');
    await page.getByText('was changed by another program or window').waitFor();
    await shot('templates-conflict');
    refusal = undefined;
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'mine' }).waitFor();
    await shot('templates-compare');
    await page.getByRole('button', { name: 'Keep mine' }).last().click();
    await poll(() => onDisk('letter/template.html')).toBe('mine <p>from outside</p>\n');
  });

  it('keeps what could not be saved through a crash of the page', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    refusal = new InfluxionError('DISK_FULL', 'The disk is full.', { hint: 'Free some space.' });
    await typeAtTop('kept ');
    await page.getByText('could not be saved').waitFor();
    await shot('templates-not-saved');
    await page.reload();
    refusal = undefined;
    await page.locator('.view-line', { hasText: 'kept' }).waitFor();
    await poll(() => onDisk('letter/template.html')).toMatch(/^kept /);
  });

  it('shows in one window what was saved in another', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    const other = await openPage();
    await poll(() => slot(other)).toMatchObject({ templateId: expect.any(String) as string });
    await other
      .getByRole('navigation', { name: 'Templates' })
      .getByRole('button', { name: 'Letter', exact: true })
      .click();
    await poll(() => slot(other)).toMatchObject({ templateId: 'letter' });
    await typeAtTop('one ', page);
    await other.locator('.view-line', { hasText: 'one' }).waitFor();
    await typeAtTop('two ', other);
    await page.locator('.view-line', { hasText: 'two one' }).waitFor();
    await other.close();
    expect(await page.locator('.templates-notice').count()).toBe(0);
  });

  it('says that a template was deleted under the editor and keeps its text', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    await rm(path.join(world.folder, 'letter'), { recursive: true });
    await page.getByText('This template cannot be read').waitFor();
    expect(await page.locator('.view-line').count()).toBeGreaterThan(3);
    await shot('templates-gone');
  });

  it('makes, renames, copies, deletes and brings back templates', async () => {
    await open();
    await page.getByRole('button', { name: 'New or import' }).click();
    await page.getByRole('menuitem', { name: 'New template…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Offer');
    await page.getByRole('button', { name: 'Create' }).click();
    await poll(() => slot()).toMatchObject({ templateId: 'offer' });
    await page.getByRole('button', { name: 'More for Offer' }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('textbox', { name: 'New name' }).fill('Invoice');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: 'New name' }).fill('Quote');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await row('Quote').waitFor();
    await page.getByRole('button', { name: 'More for Quote' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await row('Quote').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('Quote').waitFor();
  });

  it('goes back to an earlier version, and undo takes that back', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    const first = await onDisk('letter/template.html');
    await typeAtTop('changed ');
    await poll(() => onDisk('letter/template.html')).toMatch(/^changed /);
    await page.getByRole('button', { name: 'History of template.html' }).click();
    await page.getByRole('button', { name: 'Go back to this' }).click();
    await poll(() => onDisk('letter/template.html')).toBe(first);
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.press('Control+z');
    await poll(() => onDisk('letter/template.html')).toMatch(/^changed /);
  });

  it('edits the sample by its form and leaves the rest of the JSON as it was', async () => {
    await open('light', 1920, 1080);
    await row('Invoice').click();
    await poll(() => slot()).toMatchObject({ templateId: 'invoice' });
    await tab('Data').click();
    const before = await onDisk('invoice/samples/one-page.json');
    const number = page.getByRole('textbox', { name: 'Invoice no' });
    await number.fill('X-1');
    await poll(async () => (JSON.parse((await slot()).data) as { invoice_no: string }).invoice_no).toBe(
      'X-1',
    );
    await poll(() => onDisk('invoice/samples/one-page.json')).toBe(
      before.replace(/("invoice_no": )"[^"]*"/, '$1"X-1"'),
    );
    await shot('templates-data');
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('x');
    await page.getByText('The JSON has a mistake').waitFor();
    await page.getByRole('button', { name: /Problems [1-9]/ }).waitFor();
  });

  it('sets the document up and puts page numbers into the style sheet', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    await tab('Document').click();
    await page.getByRole('combobox', { name: 'Paper size' }).selectOption('A5');
    await page.getByRole('textbox', { name: 'Top' }).fill('12');
    await page.getByText('Must be a length with a unit').first().waitFor();
    await page.getByRole('textbox', { name: 'Top' }).fill('12mm');
    await poll(async () => JSON.parse(await onDisk('letter/influxion.json')) as unknown).toMatchObject({
      options: { page_size: 'A5', margin: { top: '12mm' } },
    });
    await page.getByRole('combobox', { name: 'Pages' }).selectOption('first');
    await page.getByRole('button', { name: 'Put into the style sheet' }).click();
    await poll(() => onDisk('letter/style.css')).toContain(
      '@bottom-right { content: counter(page) " / " counter(pages); }',
    );
    await shot('templates-document');
  });

  it('sends a job with what is on the screen and tells how it went', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    await typeAtTop('sent ');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Job 1 was sent').waitFor();
    expect(world.submitted[0]).toMatchObject({ html_template: { id: 'letter' } });
    expect(await onDisk('letter/template.html')).toMatch(/^sent /);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    expect(await page.evaluate(() => (globalThis as unknown as { opened: number[] }).opened)).toEqual([1]);
  });

  it('formats HTML without tearing attributes apart at the quotes of mustaches', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    await typeAtTop('<div>\n<p lang="{{default language "en"}}">x</p>\n</div>\n');
    await page.getByRole('button', { name: 'Format' }).click();
    const formatted = '<div>\n  <p lang="{{default language "en"}}">x</p>\n</div>\n';
    await poll(async () => (await onDisk('letter/template.html')).slice(0, formatted.length)).toBe(formatted);
  });

  it('opens a file by a few letters', async () => {
    await open();
    await row('Invoice').click();
    await poll(() => slot()).toMatchObject({ templateId: 'invoice' });
    await page.keyboard.press('Control+p');
    await page.getByRole('textbox', { name: 'File, sample or template' }).fill('ptot');
    await page.keyboard.press('Enter');
    await expect(tab('totals.hbs').getAttribute('aria-selected')).resolves.toBe('true');
    await goTo('style.css', 3);
    await poll(async () => (await slot()).cursor).toMatchObject({ path: 'style.css', line: 3 });
  });

  it('takes in images and fonts that are dropped and puts them into the page', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    const logo = await readFile(path.join(world.folder, 'invoice/assets/logo.svg'), 'utf8');
    const transfer = await page.evaluateHandle((svg) => {
      const data = new DataTransfer();
      data.items.add(new File([svg], 'Our Logo.svg', { type: 'image/svg+xml' }));
      return data;
    }, logo);
    await page.locator('.templates-screen').dispatchEvent('drop', { dataTransfer: transfer });
    await page.getByText('assets/Our-Logo.svg').first().waitFor();
    await shot('templates-assets');
    await page.getByRole('button', { name: 'Insert assets/Our-Logo.svg' }).click();
    await poll(() => onDisk('letter/template.html')).toContain('<img src="assets/Our-Logo.svg" alt="">');
  });

  it('hands a table that is dropped on to a batch of the open template, and keeps JSON as a sample', async () => {
    await open();
    await row('Letter').click();
    await poll(() => slot()).toMatchObject({ templateId: 'letter' });
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['name\nAda\n'], 'people.csv', { type: 'text/csv' }));
      data.items.add(new File(['{}'], 'ada.json', { type: 'application/json' }));
      return data;
    });
    await page.locator('.templates-screen').dispatchEvent('drop', { dataTransfer: transfer });
    await poll(() => page.evaluate(() => (globalThis as unknown as { opened: unknown[] }).opened)).toEqual([
      'people.csv on letter',
    ]);
    await poll(() => onDisk('letter/samples/ada.json')).toBe('{}');
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has nothing that keeps people out (${scheme})`, async () => {
      await open(scheme);
      await row('Invoice').click();
      await poll(() => slot()).toMatchObject({ templateId: 'invoice' });
      const found: Record<string, string[]> = {};
      const check = async (name: string): Promise<void> => {
        await shot(`templates-${name}-${scheme}`);
        found[name] = await accessibilityViolations(page);
      };
      await page.getByRole('button', { name: /Problems/ }).click();
      await check('file');
      await tab('Data').click();
      await page.getByRole('form', { name: 'Data' }).waitFor();
      await check('data');
      await tab('Document').click();
      await check('document');
      await library()
        .getByRole('button', { name: /Images and fonts/ })
        .click();
      await check('assets');
      await page.keyboard.press('Control+p');
      await page.getByRole('dialog').waitFor();
      await check('quick-open');
      expect(found).toEqual({ file: [], data: [], document: [], assets: [], 'quick-open': [] });
    }, 60_000);
  }
});
