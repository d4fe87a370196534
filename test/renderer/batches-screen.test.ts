/** The batches screen in a real browser over a host that answers from memory. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import { batch, batchRow, BatchesWorld, failedRow } from '../support/studio-pages/batches-world.ts';
import {
  openFeatureBrowser,
  type FeatureBrowser,
  type OpenFeature,
  type OpenOptions,
} from '../support/studio-pages/feature-browser.ts';

vi.setConfig({ testTimeout: 60_000 });

const PROPS = `{
  host: createRpcHost('test'),
  pages: ({ editor }) => h('output', {
    className: 'preview',
    'aria-label': 'Pages',
    ref: (element) => {
      if (element === null) return undefined;
      const tell = () => (element.textContent = JSON.stringify(editor.get()));
      tell();
      return editor.subscribe(tell);
    },
  }),
}`;

const TABLE = 'Invoice number;Customer name;Total;Remark\n1;Ada;12,50;\n2;Ben;13;hello\n3;Cid;14;x\n';

describe('the batches screen', () => {
  let browser: FeatureBrowser;
  let world: BatchesWorld;
  let feature: OpenFeature;
  let page: Page;

  beforeAll(async () => {
    browser = await openFeatureBrowser('features/batches/batches-screen.tsx', 'BatchesScreen', PROPS);
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());
  beforeEach(() => {
    world = new BatchesWorld();
  });
  afterEach(async () => {
    await feature[Symbol.asyncDispose]();
    expect(feature.complaints).toEqual([]);
  });

  const open = async (options?: OpenOptions): Promise<void> => {
    feature = await browser.open(world.handlers, options);
    world.events = feature.served.events;
    ({ page } = feature);
  };
  const give = async (text = TABLE, name = 'november.csv'): Promise<void> => {
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name,
        mimeType: 'text/csv',
        buffer: Buffer.from(text),
      });
    await page.getByLabel('Template', { exact: true }).selectOption('invoice');
    await page.getByLabel('Where Invoice number goes').waitFor();
  };
  const shown = async (): Promise<{ templateId: string | null; data: string }> =>
    JSON.parse((await page.getByLabel('Pages').textContent()) ?? '{}') as {
      templateId: string;
      data: string;
    };
  const calls = (name: string): unknown[] =>
    world.called.filter(([called]) => called === name).map(([, input]) => input);

  it('says what a batch is when there is none, and prepares one from a table', async () => {
    await open();
    await page.getByRole('heading', { name: 'No batches yet' }).waitFor();
    await feature.picture('batches-empty');
    await give();
    expect(await page.getByLabel('Where Invoice number goes').inputValue()).toBe('invoice.number');
    expect(await page.getByLabel('Where Customer name goes').inputValue()).toBe('customer.name');
    expect(await page.getByLabel('Where Remark goes').inputValue()).toBe('Remark');
    await expect
      .poll(async () => (await shown()).data)
      .toBe('{"invoice.number":"1","customer.name":"Ada","invoice.total":"12,50","Remark":""}');
    await page.getByText('The cell of "Total" is empty.').waitFor();
    await page.getByRole('button', { name: 'Next row' }).click();
    await expect.poll(async () => (await shown()).data).toContain('"Ben"');
    await feature.picture('batches-new-light');
  });

  it('starts what was mapped, named and chosen, and shows the batch', async () => {
    await open();
    await give();
    await page.getByLabel('Where Remark goes').fill('');
    await page.getByLabel('What Total is', { exact: true }).selectOption('number');
    await page.getByLabel('Numbers and dates').selectOption('de-DE');
    await page.getByLabel('Names').fill('{{invoice.number}} {{@row}}.pdf');
    await page.getByText('A folder').click();
    expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await page.getByLabel(/^Folder on/).fill('/home/ada/out');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: 'Batches' }).waitFor();
    await page.getByRole('region', { name: 'Batch Invoice' }).waitFor();
    expect(calls('start')).toEqual([
      {
        request: expect.objectContaining({
          html_template: { id: 'invoice' },
          rows: { upload: 'upload-1' },
          name: '{{invoice.number}} {{@row}}.pdf',
          output: { type: 'folder', folder: '/home/ada/out' },
          mapping: {
            locale: 'de-DE',
            columns: [
              { column: 'Invoice number', path: 'invoice.number' },
              { column: 'Customer name', path: 'customer.name' },
              { column: 'Total', path: 'invoice.total', type: 'number' },
              { column: 'Remark', path: null },
            ],
          },
        }) as unknown,
      },
    ]);
  });

  it('tries the first rows and leads to one that has a fault', async () => {
    await open();
    await give();
    await page.getByRole('button', { name: 'Next row' }).click();
    await page.getByRole('button', { name: 'Try the first rows' }).click();
    await page.getByText('3 rows: 1 cannot be used.').waitFor();
    await page.getByRole('button', { name: 'Show row 1' }).click();
    await expect.poll(async () => (await shown()).data).toContain('"Ada"');
  });

  it('sends a large table in slices', async () => {
    await open();
    await give(`${TABLE}${'x'.repeat(5_000_000)}`);
    expect(world.slices).toBe(2);
  });

  it('follows a batch and pauses, goes on, and asks before it cancels', async () => {
    world.batches = [batch(7)];
    await open();
    await page.getByText('3,003 of 10,000 rows').waitFor();
    await page.getByText('6,012 documents a minute, about 1 min 10 s left').waitFor();
    world.change(batch(7, { rows: { ...batch(7).rows, done: 4_000, waiting: 5_990 } }));
    await page.getByText('4,003 of 10,000 rows').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Go on' }).click();
    expect(calls('cancel')).toEqual([]);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel the batch' }).click();
    await vi.waitFor(() => expect(calls('cancel')).toEqual([{ id: 7 }]));
    expect([calls('pause'), calls('resume')]).toEqual([[{ id: 7 }], [{ id: 7 }]]);
  });

  it('shows failed rows first; one is mended with other data, or all are run again', async () => {
    world.batches = [batch(7, { state: 'done', ended_at: batch(7).created_at })];
    world.rows = [batchRow(1), failedRow(2, '"twelve" in the column "Total" is no number.'), batchRow(3)];
    await open();
    await page.getByText('"twelve" in the column "Total" is no number.').waitFor();
    expect(await page.getByRole('region', { name: 'Rows of the batch' }).locator('tbody tr').count()).toBe(2);
    await page.getByRole('button', { name: 'Mend row 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Row 2' });
    await dialog.getByLabel('Data').fill('{ "total": ');
    expect(await dialog.getByRole('button', { name: 'Run it with this data' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Data').fill('{ "total": 12 }');
    await dialog.getByRole('button', { name: 'Run it with this data' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(calls('retry_row')).toEqual([{ id: 7, row: 2, data: '{ "total": 12 }' }]);
    await page.getByRole('button', { name: 'Run failed rows again' }).click();
    await vi.waitFor(() => expect(calls('retry')).toEqual([{ id: 7 }]));
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has nothing that keeps people out (${scheme})`, async () => {
      world.batches = [
        batch(9, { problem: 'The disk is nearly full; it goes on when there is space.' }),
        batch(8, {
          state: 'done',
          title: 'Reminders',
          source: 'reminders.xlsx',
          ended_at: '2026-11-23T10:02:05.000Z',
          output: { type: 'folder', folder: '/home/ada/out' },
          rows: { total: 5, waiting: 0, running: 0, done: 3, failed: 2, cancelled: 0, unchanged: 1 },
        }),
        batch(7, { state: 'cancelled', title: 'Letter', source: 'people.jsonl' }),
      ];
      world.rows = [
        batchRow(1),
        failedRow(2, '"twelve" in the column "Total" is no number.'),
        batchRow(3, { unchanged: true }),
        failedRow(4, 'There is no helper "curency".'),
        batchRow(5),
      ];
      await open({ scheme });
      const violations: Record<string, unknown> = {};
      const look = async (name: string): Promise<void> => {
        await feature.picture(`batches-${name}-${scheme}`);
        violations[name] = await accessibilityViolations(page);
      };
      await page.getByText('3,003 of 10,000 rows').waitFor();
      await look('running');
      await page.getByRole('button', { name: /^Reminders/ }).click();
      await page.getByRole('button', { name: 'Mend row 2' }).waitFor();
      await look('done');
      await page.getByRole('button', { name: 'Mend row 2' }).click();
      await page.getByRole('dialog').getByLabel('Data').waitFor();
      await look('mend');
      await page.keyboard.press('Escape');
      await give();
      await page.getByText('The cell of "Total" is empty.').waitFor();
      await look('new');
      await page.getByRole('button', { name: 'Try the first rows' }).click();
      await page.getByRole('dialog').waitFor();
      await look('try');
      expect(violations).toEqual({ running: [], done: [], mend: [], new: [], try: [] });
    });
  }
});
