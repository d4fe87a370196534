/** The screen of the hot folders in a real browser over a host that answers from memory. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HotFile, HotFolder } from '../../contract/hot-folder.ts';
import { InfluxionError } from '../../core/error.ts';
import type { StudioHandlers } from '../../core/studio/router.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import {
  openFeatureBrowser,
  type FeatureBrowser,
  type OpenFeature,
  type OpenOptions,
} from '../support/studio-pages/feature-browser.ts';
import { template } from '../support/studio-pages/jobs-world.ts';

vi.setConfig({ testTimeout: 60_000 });

const AT = '2026-11-23T10:00:00.000Z';

const folder = (id: number, changes: Partial<HotFolder> = {}): HotFolder => ({
  id,
  folder: `/srv/in/${id}`,
  template_id: 'invoice',
  name: null,
  pdf_standard: null,
  sign_key_id: null,
  poll: false,
  state: 'watching',
  problem: null,
  counts: { working: 0, done: 3, failed: 1 },
  created_at: AT,
  ...changes,
});

const FILES: HotFile[] = [
  {
    id: 2,
    name: 'november.csv',
    state: 'failed',
    documents: { total: 10, done: 9, failed: 1 },
    error: 'Row 4: "twelve" in the column "Total" is no number.',
    taken_at: AT,
    ended_at: AT,
  },
  {
    id: 1,
    name: 'october.csv',
    state: 'done',
    documents: { total: 12, done: 12, failed: 0 },
    error: null,
    taken_at: AT,
    ended_at: AT,
  },
];

describe('the hot folders', () => {
  let browser: FeatureBrowser;
  let folders: HotFolder[];
  let refuse: InfluxionError | undefined;
  let feature: OpenFeature;
  let page: Page;

  beforeAll(async () => {
    browser = await openFeatureBrowser('features/folders/folders-screen.tsx', 'FoldersScreen');
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());
  beforeEach(() => {
    folders = [];
    refuse = undefined;
  });
  afterEach(async () => {
    await feature[Symbol.asyncDispose]();
    expect(feature.complaints).toEqual([]);
  });

  const handlers: Partial<StudioHandlers> = {
    'hot_folders.list': () => ({ folders }),
    'hot_folders.add': (input) => {
      if (refuse !== undefined) throw refuse;
      const made = folder(folders.length + 1, { folder: input.folder, template_id: input.template_id });
      folders = [...folders, made];
      return made;
    },
    'hot_folders.change': ({ id, paused }) => {
      const changed = folder(id, { state: paused ? 'paused' : 'watching' });
      folders = folders.map((each) => (each.id === id ? changed : each));
      feature.served.events.emit({ type: 'hot_folders.changed' });
      return changed;
    },
    'hot_folders.remove': ({ id }) => {
      folders = folders.filter((each) => each.id !== id);
      return {};
    },
    'hot_folders.files': () => ({ files: FILES }),
    'templates.list': () => ({ templates: [template('invoice'), template('letter')] }),
    'keys.list': () => ({ keys: [] }),
  };
  const open = async (options?: OpenOptions): Promise<void> => {
    feature = await browser.open(handlers, options);
    ({ page } = feature);
  };

  it('are explained while there is none, and one is added; a refusal stays in the dialog', async () => {
    await open();
    await page.getByRole('heading', { name: 'No hot folders yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a hot folder…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a hot folder' });
    await dialog.getByLabel('Folder').fill('/srv/in/bills');
    await dialog.getByLabel('Template').selectOption('letter');
    refuse = new InfluxionError('BAD_REQUEST', 'There is no folder /srv/in/bills.');
    await dialog.getByRole('button', { name: 'Watch this folder' }).click();
    await dialog.getByText('There is no folder /srv/in/bills.').waitFor();
    refuse = undefined;
    await dialog.getByRole('button', { name: 'Watch this folder' }).click();
    await page.getByRole('region', { name: 'Hot folder /srv/in/bills' }).waitFor();
    expect(folders).toMatchObject([{ folder: '/srv/in/bills', template_id: 'letter' }]);
  });

  it('tell what came and why it failed, pause, and are removed after a question', async () => {
    folders = [folder(1)];
    await open();
    await page.getByText('Row 4: "twelve" in the column "Total" is no number.').waitFor();
    await page.getByText('9 of 10').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(folders).toHaveLength(1);
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: 'No hot folders yet' }).waitFor();
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`have nothing that keeps people out (${scheme})`, async () => {
      folders = [
        folder(1, { counts: { working: 2, done: 1_204, failed: 3 } }),
        folder(2, { state: 'unreachable', problem: 'The drive is not there; it is looked for again.' }),
        folder(3, { state: 'paused' }),
      ];
      await open({ scheme });
      await page.getByText('9 of 10').waitFor();
      await feature.picture(`folders-${scheme}`);
      const violations: Record<string, unknown> = { list: await accessibilityViolations(page) };
      await page.getByRole('button', { name: '/srv/in/2' }).click();
      await page.getByText('The drive is not there').waitFor();
      violations['problem'] = await accessibilityViolations(page);
      await page.getByRole('button', { name: 'Add a hot folder…' }).click();
      await page.getByRole('dialog').waitFor();
      await feature.picture(`folders-add-${scheme}`);
      violations['add'] = await accessibilityViolations(page);
      expect(violations).toEqual({ list: [], problem: [], add: [] });
    });
  }
});
