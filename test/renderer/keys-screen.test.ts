/** The keys screen in a real browser, over real keys in a folder of their own. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeyFacts } from '../../contract/key.ts';
import { createKeyHandlers } from '../../core/studio/key-handlers.ts';
import type { StudioHandlers } from '../../core/studio/router.ts';
import { openSigningKeysWorld, type SigningKeysWorld } from '../support/signing-keys-world.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import {
  openFeatureBrowser,
  type FeatureBrowser,
  type OpenFeature,
  type OpenOptions,
} from '../support/studio-pages/feature-browser.ts';

vi.setConfig({ testTimeout: 60_000 });

const KEY_FILES = path.join(import.meta.dirname, '../fixtures/keys');
const DAY_MS = 86_400_000;

describe('the keys screen', () => {
  let browser: FeatureBrowser;
  let world: SigningKeysWorld;
  let feature: OpenFeature;
  let page: Page;

  beforeAll(async () => {
    browser = await openFeatureBrowser('features/keys/keys-screen.tsx', 'KeysScreen');
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());
  beforeEach(() => {
    world = openSigningKeysWorld();
  });
  afterEach(async () => {
    await feature[Symbol.asyncDispose]();
    world[Symbol.dispose]();
    expect(feature.complaints).toEqual([]);
  });

  const open = async (handlers: Partial<StudioHandlers> = {}, options?: OpenOptions): Promise<void> => {
    const events = {
      emit: (event: Parameters<typeof feature.served.events.emit>[0]) => feature.served.events.emit(event),
    };
    feature = await browser.open({ ...createKeyHandlers(world.keys, events), ...handlers }, options);
    ({ page } = feature);
  };
  const dialog = (name: string) => page.getByRole('dialog', { name });
  const field = (name: string) => page.getByRole('textbox', { name });
  const list = () => page.getByRole('list', { name: 'Keys' });
  const details = (id: string) => page.getByRole('region', { name: `Key ${id}` });
  const facts = (changes: Partial<KeyFacts>): KeyFacts => ({
    id: 'office',
    type: 'rsa',
    size: 3072,
    curve: null,
    subject: 'CN=Mara Lind,O=Nordlicht Studio GmbH,C=DE',
    issuer: 'CN=Example Trust CA 3,O=Example Trust,C=DE',
    serial: '5d3a0b77c1',
    fingerprint: Array.from({ length: 32 }, (_, at) => (at + 160).toString(16).toUpperCase()).join(':'),
    not_before: new Date(Date.now() - 100 * DAY_MS).toISOString(),
    not_after: new Date(Date.now() + 400.5 * DAY_MS).toISOString(),
    self_signed: false,
    chain: ['CN=Example Trust CA 3,O=Example Trust,C=DE', 'CN=Example Trust Root,O=Example Trust,C=DE'],
    created_at: new Date(Date.now() - 90 * DAY_MS).toISOString(),
    protection: 'Encrypted in the data folder with a key that only this account can read',
    warnings: [],
    ...changes,
  });

  it('says what keys are for when there is none, and makes one', async () => {
    await open();
    await page.getByRole('heading', { name: 'No signing keys yet' }).waitFor();
    await feature.picture('keys-empty');
    await page.getByRole('button', { name: 'New key…' }).click();
    await dialog('New signing key').getByRole('button', { name: 'Make key' }).click();
    await page.getByText('Give it a name').waitFor();
    await field('Name of the key').fill('studio 2026');
    await field('Country').fill('deu');
    await field('Email').fill('nobody');
    await field('Name of the key').press('Enter');
    await page.getByText(/A key is named with letters/).waitFor();
    await page.getByText('Two capital letters, such as DE').waitFor();
    await page.getByText('Must be an address such as office@example.com').waitFor();
    await field('Name of the key').fill('studio-2026');
    await field('Who signs').fill('Mara Lind');
    await field('Organisation').fill('Nordlicht Studio GmbH');
    await field('Country').fill('de');
    await field('Email').fill('mara@nordlicht.example');
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('ec-256');
    await field('Valid for (years)').fill('2');
    await feature.picture('keys-create');
    await field('Email').press('Enter');
    await details('studio-2026').getByText('EC P-256').waitFor();
    await details('studio-2026').getByText('itself (self-signed)').waitFor();
    expect(world.keys.list()).toMatchObject([{ id: 'studio-2026', curve: 'P-256' }]);
    expect(world.keys.list()[0]?.subject).toMatch(/CN=Mara Lind/);
  });

  it('keeps a taken name apart from the key that has it, at the field', async () => {
    await world.keys.create({ id: 'office', type: 'ec', valid_years: 1 });
    await open();
    await page.getByRole('button', { name: 'New key…' }).click();
    await field('Name of the key').fill('office');
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('ec-256');
    await page.getByRole('button', { name: 'Make key' }).click();
    await vi.waitFor(async () =>
      expect(await field('Name of the key').getAttribute('aria-invalid')).toBe('true'),
    );
    expect(world.keys.list()).toHaveLength(1);
  });

  it('imports a dropped file, asks again when the passphrase does not open it, and never sends it on', async () => {
    await open();
    const bytes = await readFile(path.join(KEY_FILES, 'p256-aes.p12'));
    await page.evaluate((base64) => {
      const transfer = new DataTransfer();
      const binary = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      transfer.items.add(new File([binary], 'Büro 2026.p12'));
      const target = document.querySelector('.ui-file-drop');
      for (const type of ['dragover', 'drop'])
        target?.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
        );
    }, bytes.toString('base64'));
    const asked = dialog('Import a signing key');
    await asked.getByText('Büro 2026.p12').waitFor();
    expect(await field('Name of the key').inputValue()).toBe('Bu-ro-2026');
    await field('Name of the key').fill('office');
    const passphrase = asked.getByLabel('Passphrase of the file');
    await passphrase.fill('wrong');
    await asked.getByRole('button', { name: 'Import key' }).click();
    await vi.waitFor(async () => expect(await passphrase.getAttribute('aria-invalid')).toBe('true'));
    await feature.picture('keys-import');
    await passphrase.fill('test');
    await passphrase.press('Enter');
    await details('office').getByText('EC P-256').waitFor();
    expect(world.everything().includes('"test"')).toBe(false);
  });

  it('says what is wrong with a file that holds no key', async () => {
    await open();
    await page.getByRole('button', { name: 'Import…' }).click();
    await page.getByRole('button', { name: 'Import key' }).click();
    await page.getByText('Choose the file with the key').waitFor();
    await page.locator('input[type=file]').setInputFiles(path.join(KEY_FILES, 'no-key.p12'));
    await page.getByLabel('Passphrase of the file').fill('test');
    await page.getByRole('button', { name: 'Import key' }).click();
    await page.getByText('The key was not imported').waitFor();
    expect(world.keys.list()).toEqual([]);
  });

  it('exports the certificate, and removes a key only when that is confirmed', async () => {
    await world.keys.create({ id: 'office', type: 'ec', valid_years: 1 });
    await open();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      details('office').getByRole('button', { name: 'Export certificate' }).click(),
    ]);
    const text = await readFile(await file.path(), 'utf8');
    expect(file.suggestedFilename()).toBe('office.pem');
    expect(text).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(text).not.toContain('PRIVATE');
    await details('office').getByRole('button', { name: 'Remove…' }).click();
    const question = page.getByRole('alertdialog', { name: 'Remove office?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(world.keys.list()).toHaveLength(1);
    await details('office').getByRole('button', { name: 'Remove…' }).click();
    await question.getByRole('button', { name: 'Remove key' }).click();
    await page.getByRole('heading', { name: 'No signing keys yet' }).waitFor();
    expect(world.keys.list()).toEqual([]);
  });

  it('shows a key that was made in another window', async () => {
    await open();
    await page.getByRole('heading', { name: 'No signing keys yet' }).waitFor();
    await world.keys.create({ id: 'elsewhere', type: 'ec', valid_years: 1 });
    feature.served.events.emit({ type: 'keys.changed' });
    await details('elsewhere').waitFor();
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
    it.each([
      ['small', 1280, 800],
      ['large', 1920, 1080],
    ] as const)(
      'warns before keys expire and has no fault of accessibility, %s',
      async (size, width, height) => {
        const keys = [
          facts({
            id: 'archive-2019',
            not_after: new Date(Date.now() - DAY_MS).toISOString(),
            warnings: ['The certificate has expired.'],
          }),
          facts({
            id: 'invoices',
            type: 'ec',
            size: 256,
            curve: 'P-256',
            not_after: new Date(Date.now() + 12.5 * DAY_MS).toISOString(),
            warnings: [
              'The certificate expires in 12 days.',
              'No issuer is kept with it: readers may not find the chain.',
            ],
          }),
          facts({}),
        ];
        await open({ 'keys.list': () => ({ keys }) }, { scheme, width, height });
        await list().getByText('Expired').waitFor();
        await list().getByText('12 days left').waitFor();
        await list().getByText('400 days left').waitFor();
        await list()
          .getByRole('button', { name: /invoices/ })
          .focus();
        await page.keyboard.press('Enter');
        await details('invoices').getByText('The certificate expires in 12 days.').waitFor();
        await feature.picture(`keys-${size}-${scheme}`);
        expect(await accessibilityViolations(page)).toEqual([]);
      },
    );
  });
});
