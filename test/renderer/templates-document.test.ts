/** The settings of a document in a real browser, over a real library and real keys: what stands in influxion.json after each of them. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TemplateManifest } from '../../contract/template.ts';
import { createKeyHandlers } from '../../core/studio/key-handlers.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { recordingLogger } from '../support/http-logger.ts';
import { openSigningKeysWorld, type SigningKeysWorld } from '../support/signing-keys-world.ts';
import { AppWorld } from '../support/studio-app-world.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import {
  openFeatureBrowser,
  type FeatureBrowser,
  type OpenFeature,
  type OpenOptions,
} from '../support/studio-pages/feature-browser.ts';
import { openTemplatesWorld, type TemplatesWorld } from '../support/studio-pages/templates-world.ts';

vi.setConfig({ testTimeout: 60_000 });

const PROPS = `{
  host: createRpcHost('test'),
  preview: (slot) => {
    window.slot = slot;
    const follow = (element) => {
      if (element === null) return undefined;
      const tell = () => (element.textContent = String(slot.editor.get().templateId));
      tell();
      return slot.editor.subscribe(tell);
    };
    return h('section', { 'aria-label': 'Preview', ref: follow });
  },
  openJob: () => undefined,
  openRows: () => undefined,
  openKeys: () => (window.went = 'keys'),
  openSettings: () => (window.went = 'settings'),
}`;

describe('the settings of a document', () => {
  let browser: FeatureBrowser;
  let world: TemplatesWorld;
  let keys: SigningKeysWorld;
  let app: AppWorld;
  let feature: OpenFeature;
  let page: Page;

  beforeAll(async () => {
    browser = await openFeatureBrowser('features/templates/templates-screen.tsx', 'TemplatesScreen', PROPS);
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());
  beforeEach(async () => {
    world = await openTemplatesWorld();
    keys = openSigningKeysWorld();
    app = new AppWorld();
  });
  afterEach(async () => {
    await feature[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
    keys[Symbol.dispose]();
    expect(feature.complaints).toEqual([]);
  });

  const open = async (template: string, options?: OpenOptions): Promise<void> => {
    feature = await browser.open(
      {
        ...app.handlers,
        ...world.handlers,
        ...createKeyHandlers(keys.keys, { emit: (event) => feature.served.events.emit(event) }),
      },
      options,
    );
    ({ page } = feature);
    world.hub.subscribe((event) => feature.served.events.emit(event));
    app.events = feature.served.events;
    await page
      .getByRole('navigation', { name: 'Templates' })
      .getByRole('button', { name: template, exact: true })
      .click();
    await page
      .getByRole('region', { name: 'Preview' })
      .getByText(template.toLowerCase(), { exact: true })
      .waitFor();
    await page.getByRole('tab', { name: 'Document' }).click();
    await page.getByRole('combobox', { name: 'The document meets' }).waitFor();
  };
  const manifest = async (id: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(world.folder, id, 'influxion.json'), 'utf8')) as unknown;
  const poll = (id: string) => expect.poll(() => manifest(id), { timeout: 15_000 });
  const choose = (name: string, value: string) => page.getByRole('combobox', { name }).selectOption(value);
  const fill = (name: string, value: string) => page.getByRole('textbox', { name, exact: true }).fill(value);

  it('sets a standard, a pair of them, and what PDF/A-1 does with transparency', async () => {
    await open('Letter');
    await page.getByText('The file claims nothing and is not checked.').waitFor();
    await choose('The document meets', 'pdf/a-1b');
    await choose('Transparency', 'flatten');
    await page.getByRole('switch', { name: 'Reproducible' }).click();
    await poll('letter').toMatchObject({
      pdf_standard: 'pdf/a-1b',
      options: { transparency: 'flatten', reproducible: true },
    });
    await choose('The document meets', 'pdf/a-2a+pdf/ua-1');
    await page.getByText(/screen readers can read it out/).waitFor();
    await poll('letter').toMatchObject({ pdf_standard: ['pdf/a-2a', 'pdf/ua-1'] });
    expect(await page.getByRole('combobox', { name: 'Transparency' }).count()).toBe(0);
    await choose('The document meets', 'none');
    await poll('letter').not.toHaveProperty('pdf_standard');
  });

  it('offers every pair that one file can meet and no other', async () => {
    await open('Letter');
    const pairs = await page
      .locator('optgroup[label="For archives and for everybody"] option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(pairs).toEqual([
      'pdf/a-2a+pdf/ua-1',
      'pdf/a-2b+pdf/ua-1',
      'pdf/a-2u+pdf/ua-1',
      'pdf/a-3a+pdf/ua-1',
      'pdf/a-3b+pdf/ua-1',
      'pdf/a-3u+pdf/ua-1',
      'pdf/a-4+pdf/ua-2',
      'pdf/a-4e+pdf/ua-2',
      'pdf/a-4f+pdf/ua-2',
    ]);
  });

  it('shows a standard of the file that nobody offers, and keeps it until another is chosen', async () => {
    await open('Letter');
    await writeFile(
      path.join(world.folder, 'letter/influxion.json'),
      JSON.stringify({ name: 'Letter', pdf_standard: 'pdf/x-4' }),
    );
    await page.getByRole('option', { name: 'What influxion.json says' }).waitFor({ state: 'attached' });
    await fill('Author', 'Ada');
    await poll('letter').toMatchObject({ pdf_standard: 'pdf/x-4', metadata: { author: 'Ada' } });
    await choose('The document meets', 'pdf/a-2b');
    await poll('letter').toMatchObject({ pdf_standard: 'pdf/a-2b' });
  });

  it('signs with a key of this host, and says when it is not there or the level needs a server', async () => {
    await keys.keys.create({ id: 'office', type: 'ec', common_name: 'Mara Lind', valid_years: 1 });
    await open('Letter');
    await choose('Signed with', 'office');
    await page.getByRole('option', { name: 'office (Mara Lind)' }).waitFor({ state: 'attached' });
    await choose('Level', 'B-LT');
    await page.getByText('No time-stamp server is set, so jobs of this template fail.').waitFor();
    await page.getByRole('button', { name: 'Set a time-stamp server…' }).click();
    expect(await page.evaluate('window.went')).toBe('settings');
    app.settings = {
      ...app.settings,
      signing: { ...app.settings.signing, time_stamp_url: 'https://t.example' },
    };
    feature.served.events.emit({ type: 'settings.changed', settings: app.settings });
    await page.getByText('No time-stamp server is set').waitFor({ state: 'detached' });
    await fill('Reason', 'Approved');
    await choose('Certify the document', 'form-filling');
    await choose('Shown', 'element');
    await fill('Element', '.seal');
    await poll('letter').toMatchObject({
      sign_key_id: 'office',
      signature: {
        level: 'B-LT',
        reason: 'Approved',
        certify: 'form-filling',
        visible: { anchor: '.seal' },
      },
    });
    await choose('Shown', 'coordinates');
    await fill('From left', '56.7');
    await fill('Width', 'wide');
    await page.getByText('A number', { exact: true }).waitFor();
    await fill('Width', '0');
    await page.getByText(/a width and a height are above 0/).waitFor();
    await fill('Width', '170.5');
    await poll('letter').toMatchObject({
      signature: { visible: { page: 1, x: 56.7, y: 730, width: 170.5, height: 57 } },
    });
    await keys.keys.remove('office');
    feature.served.events.emit({ type: 'keys.changed' });
    await page.getByText('This host holds no key of that name').waitFor();
    await page.getByRole('button', { name: 'Make or import keys…' }).click();
    expect(await page.evaluate('window.went')).toBe('keys');
    expect(TemplateManifest.safeParse(await manifest('letter')).error).toBeUndefined();
  });

  it('keeps metadata as it is typed, and nothing of it when all is taken away', async () => {
    await open('Letter');
    await fill('Title', 'A letter');
    await fill('Subject', 'Thanks');
    await page.getByRole('textbox', { name: 'Keywords' }).pressSequentially('one, two,');
    expect(await page.getByRole('textbox', { name: 'Keywords' }).inputValue()).toBe('one, two,');
    await fill('Language', 'de_AT');
    await page.getByText('Must be a language tag such as "de-AT" (with a hyphen)').waitFor();
    await fill('Language', 'de-AT');
    await poll('letter').toMatchObject({
      metadata: { title: 'A letter', subject: 'Thanks', keywords: ['one', 'two'], language: 'de-AT' },
    });
    for (const name of ['Title', 'Subject', 'Keywords', 'Language']) await fill(name, '');
    await poll('letter').not.toHaveProperty('metadata');
  });

  it('attaches a file and the invoice for programs, made of the same data as the pages', async () => {
    await open('Invoice');
    await choose('The document meets', 'pdf/a-2b');
    await page
      .getByRole('region', { name: 'Attached files' })
      .locator('input[type=file]')
      .setInputFiles({ name: 'terms of sale.txt', mimeType: 'text/plain', buffer: Buffer.from('Terms') });
    await page.getByText('The chosen standard takes no files of any kind').waitFor();
    await choose('The document meets', 'pdf/a-3b');
    await page.getByText('The chosen standard takes no files of any kind').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Factur-X invoice' }).click();
    const invoice = page.getByRole('group', { name: 'Attached file factur-x.xml' });
    await invoice.getByRole('textbox', { name: 'Description' }).fill('For your books');
    const terms = page.getByRole('group', { name: 'Attached file terms-of-sale.txt' });
    await terms.getByRole('combobox', { name: 'Relation to the document' }).selectOption('Supplement');
    await poll('invoice').toMatchObject({
      attachments: [
        { filename: 'terms-of-sale.txt', file: 'assets/terms-of-sale.txt', relationship: 'Supplement' },
        {
          filename: 'factur-x.xml',
          partial: 'factur-x.xml',
          profile: 'factur-x',
          description: 'For your books',
        },
      ],
    });
    await terms.getByRole('textbox', { name: 'Name in the PDF' }).fill('factur-x.xml');
    await page.getByText('"factur-x.xml" is attached twice').waitFor();
    await page.getByRole('button', { name: 'Remove factur-x.xml' }).first().click();
    await poll('invoice').toMatchObject({ attachments: [{ partial: 'factur-x.xml' }] });
    // The library takes it in: the partial is filled in with the sample when a document is made.
    const library = createTemplateLibrary({ folder: world.folder, logger: recordingLogger([]) });
    const template = await library.load('invoice');
    expect(template.partials['factur-x.xml']).toContain('<ram:ID>{{invoice_no}}</ram:ID>');
    await invoice.getByRole('button', { name: 'Edit the partial' }).click();
    await page.getByRole('tab', { name: 'factur-x.xml.hbs' }).waitFor();
  });

  it('lists the rules that the preview found broken, and leads to their lines', async () => {
    await open('Letter');
    await page.evaluate(() => {
      const { slot } = globalThis as unknown as { slot: { onConformance: (found: unknown) => void } };
      const violation = { standard: 'pdf/ua-1', rule: '7.3-1', object: 4, count: 1, page: 1 };
      slot.onConformance([
        {
          standard: 'pdf/ua-1',
          conformant: false,
          violations: [
            { ...violation, message: 'A picture has no alternative text.', path: 'template.html', line: 9 },
          ],
        },
      ]);
    });
    await page.getByRole('button', { name: /Problems 1/ }).click();
    await page
      .getByRole('region', { name: 'Problems' })
      .getByText('PDF/UA-1, rule 7.3-1: A picture has no alternative text. (page 1)')
      .click();
    await page.getByRole('tab', { name: 'template.html', selected: true }).waitFor();
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
    it.each([
      ['small', 1280, 800],
      ['large', 1920, 1080],
    ] as const)('has no fault of accessibility with everything open, %s', async (size, width, height) => {
      await keys.keys.create({ id: 'office', type: 'ec', common_name: 'Mara Lind', valid_years: 1 });
      await open('Invoice', { scheme, width, height });
      await choose('The document meets', 'pdf/a-1b');
      await choose('Signed with', 'office');
      await choose('Level', 'B-T');
      await choose('Shown', 'coordinates');
      await page.getByRole('button', { name: 'Factur-X invoice' }).click();
      for (const [name, heading] of [
        ['standard', 'Standard'],
        ['signature', 'Signature'],
        ['attachments', 'Attached files'],
      ] as const) {
        await page
          .getByRole('heading', { name: heading, exact: true })
          .evaluate((part) => part.scrollIntoView());
        await feature.picture(`document-${name}-${size}-${scheme}`);
      }
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
});
