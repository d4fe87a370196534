/** Rows through the real renderer and the real engine. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRowGangs, type RowGangs } from '../../../core/batch/ahead/row-gangs.ts';
import { batchFolders } from '../../../core/batch/batch-folders.ts';
import { createMergeBatch } from '../../../core/batch/output/merge-documents.ts';
import { createPinnedTemplates, withPinned } from '../../../core/batch/pin/pinned-templates.ts';
import {
  createGangPrinter,
  type GangPrint,
  type GangPrinter,
} from '../../../core/document/gang/gang-printer.ts';
import { createPrintsAhead, type PrintsAhead } from '../../../core/document/gang/prints-ahead.ts';
import { createPipeline } from '../../../core/document/pipeline.ts';
import { comparePdfs } from '../../../core/pdf/assembly/compare/compare.ts';
import type { PdfEngine } from '../../../core/pdf/engine.ts';
import { wholePdf } from '../../../core/pdf/references/print-until-still.ts';
import { createVerifier } from '../../../core/pdf/verify/verifier.ts';
import { createPdfWorkers, type PdfWorkers } from '../../../core/pdf/worker/pdf-workers.ts';
import { systemClock } from '../../../core/ports.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import type { TemplateRenderer } from '../../../core/templates/renderer.ts';
import { createTemplateRenderer } from '../../../core/templates/worker-renderer.ts';
import { createCdpEngine } from '../../../headless/engine/cdp-engine.ts';
import { openBatchWorld, OWNER, type BatchWorld } from '../../support/batch-world.ts';
import { openFinisher } from '../../support/finisher.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { NEVER, silentLogger } from '../../support/job-world.ts';
import { variedRows } from '../../support/varied-rows.ts';
import { readPdfPages } from '../../support/pdf-text.ts';

const ASSETS = join(import.meta.dirname, '../../../assets');
const SAMPLES = join(ASSETS, 'samples');

describe('rows in the browser', () => {
  let engine: PdfEngine;
  let renderer: TemplateRenderer;
  let finishing: ReturnType<typeof openFinisher>;
  let workers: PdfWorkers;
  let cache: string;
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'influxion-batch-cache-'));
    engine = createCdpEngine({
      cacheDir: cache,
      fontsDir: join(ASSETS, 'fonts'),
      concurrency: 2,
      logger: silentLogger,
    });
    renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
    finishing = openFinisher(cache, silentLogger);
    workers = createPdfWorkers({ workers: 1, logger: silentLogger });
  });
  afterAll(async () => {
    await renderer.close();
    await finishing.close();
    await workers.close();
    await engine.close();
    rmSync(cache, { recursive: true, force: true });
  });

  const open = (
    folder: string,
    together?: { readonly ahead: PrintsAhead; readonly gangs: RowGangs },
  ): Promise<BatchWorld> =>
    openBatchWorld({
      folder,
      concurrency: 4,
      batch: {
        ...(together !== undefined && { gangs: together.gangs }),
        merge: createMergeBatch({
          workers,
          pins: createPinnedTemplates(batchFolders(folder).pins),
          clock: systemClock,
          fontsFolder: join(ASSETS, 'fonts'),
        }),
      },
      run: (library) =>
        createPipeline({
          renderer,
          engine,
          library,
          finisher: finishing.finisher,
          clock: systemClock,
          ...(together !== undefined && { ahead: together.ahead }),
        }),
    });

  test.each([[null], ['pdf/a-2a']] as const)(
    'invoices that are printed together are those that are printed by themselves, at %s',
    async (standard) => {
      const folder = temporaryFolder();
      const ahead = createPrintsAhead(64 * 1024 * 1024);
      const prints: GangPrint[] = [];
      const printer = createGangPrinter({
        renderer,
        engine,
        workers,
        clock: systemClock,
        logger: silentLogger,
      });
      const templates = createTemplateLibrary({ folder: join(folder, 'templates'), logger: silentLogger });
      const pinned = withPinned(templates, createPinnedTemplates(batchFolders(folder).pins));
      const counted: GangPrinter = {
        ...printer,
        async print(plan, rows, signal) {
          const made = await printer.print(plan, rows, signal);
          prints.push(...made);
          return made;
        },
      };
      const gangs = createRowGangs({ printer: counted, ahead, library: pinned, most: 2 });
      await using world = await open(folder, { ahead, gangs });
      const base = JSON.parse(
        readFileSync(join(SAMPLES, 'invoice', 'samples', 'one-page.json'), 'utf8'),
      ) as object;
      const rows = variedRows(base, 64);
      const out = join(folder, 'out');
      const { id } = await world.start({
        template_folder: SAMPLES,
        html_template: { id: 'invoice' },
        rows: { inline: rows },
        name: '{{invoice_no}}',
        pdf_standard: standard,
        output: { type: 'folder', folder: out },
      });
      expect((await world.until(id, 'done', 'failed')).rows).toMatchObject({ done: 64, failed: 0 });
      expect(prints).toHaveLength(64);
      expect(prints.filter(({ kind }) => kind === 'printed').length).toBeGreaterThan(48);
      expect(ahead.bytes).toBe(0);
      const library = createTemplateLibrary({ folder: SAMPLES, logger: silentLogger });
      const alone = createPipeline({
        renderer,
        engine,
        library,
        finisher: finishing.finisher,
        clock: systemClock,
      });
      const names = new Map(
        world.batches.rows(id, { limit: 100 }, OWNER).map(({ row, name }) => [row, name ?? '']),
      );
      const verifier = createVerifier(workers, systemClock);
      for (const [at, data] of rows.entries()) {
        const path = join(out, names.get(at + 1) ?? '');
        const request = { html_template: { id: 'invoice' }, data, pdf_standard: standard };
        const { pdf } = await alone(request, { signal: NEVER, onStage: () => undefined });
        const [one, other] = [await wholePdf(pdf), readFileSync(path)];
        expect((await readPdfPages(other)).texts).toEqual((await readPdfPages(one)).texts);
        if (standard === null) expect(comparePdfs({ alone: one, cut: other })).toBeUndefined();
        else {
          const check = { standards: [], roots: [], signal: NEVER };
          const report = await verifier.verify({ kind: 'file', path }, check);
          expect(report.conformance).toMatchObject([{ standard, conformant: true }]);
        }
      }
    },
    120_000,
  );

  for (const [template, file, name, text] of [
    ['invoice', 'rows.csv', '{{invoice_no}}', 'Łąka & Syn'],
    ['certificate', 'rows.csv', '{{recipients[0].name}}', 'Søren Kjærgaard'],
    ['labels', 'rows.csv', '{{title}}', 'Concarneau'],
    ['letter', 'rows.csv', '{{recipient[0]}}', 'Cabinet des estampes'],
    ['report', 'rows.jsonl', '{{title}}', 'Mill Lane Library'],
  ] as const) {
    test(`the sample rows of the ${template} become documents`, async () => {
      const folder = temporaryFolder();
      await using world = await open(folder);
      const out = join(folder, 'out');
      const { id } = await world.start({
        template_folder: SAMPLES,
        html_template: { id: template },
        rows: { file: join(SAMPLES, template, file) },
        name,
        output: { type: 'folder', folder: out },
      });
      const batch = await world.until(id, 'done', 'failed');
      const failed = world.batches.rows(id, { state: 'failed', limit: 10 }, OWNER);
      expect(failed.map(({ row, error }) => [row, error])).toEqual([]);
      expect(batch.rows.done).toBeGreaterThan(2);
      const texts: string[] = [];
      for (const one of readdirSync(out).filter((entry) => entry.endsWith('.pdf'))) {
        texts.push((await readPdfPages(readFileSync(join(out, one)))).texts.join(' '));
      }
      expect(texts.filter((one) => one.includes(text)).length).toBeGreaterThan(0);
    }, 60_000);
  }

  test('merged into one PDF: in the order of the rows, a bookmark each, the standard kept', async () => {
    const folder = temporaryFolder();
    await using world = await open(folder);
    const { id } = await world.start({
      html_template: { content: '<html lang="en"><title>{{n}}</title><h1>Number {{n}}</h1>' },
      rows: { inline: Array.from({ length: 12 }, (_, at) => ({ n: at + 1 })) },
      name: 'No {{n}}',
      pdf_standard: 'pdf/a-2a',
      output: { type: 'merged', page_numbers: '{page} of {pages}' },
    });
    expect(await world.until(id, 'done', 'failed')).toMatchObject({
      state: 'done',
      error: null,
      rows: { done: 12 },
    });
    const result = world.batches.result(id, undefined, OWNER);
    const path = result.kind === 'file' ? result.path : '';
    const verifier = createVerifier(workers, systemClock);
    const report = await verifier.verify({ kind: 'file', path }, { standards: [], roots: [], signal: NEVER });
    expect(report).toMatchObject({ pages: 12, claims: ['pdf/a-2a'] });
    expect(report.conformance).toMatchObject([{ standard: 'pdf/a-2a', conformant: true }]);
    const { texts } = await readPdfPages(readFileSync(path));
    expect(texts[6]).toMatch(/Number 7.*7 of 12/);
  }, 60_000);

  test('all options of a single job hold for every row', async () => {
    const folder = temporaryFolder();
    await using world = await open(folder);
    const { id } = await world.start({
      html_template: {
        content: '<html lang="en"><title>{{n}}</title><h1>Number {{n}}</h1><img src="dot.svg" alt="dot">',
      },
      assets: {
        'dot.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString(
          'base64',
        ),
      },
      rows: { inline: [{ n: 1 }, { n: 2 }] },
      name: 'No {{n}}',
      pdf_standard: 'pdf/a-3b',
      options: { page_size: 'A6' },
      metadata: { author: 'Somebody' },
      attachments: [
        { filename: 'note.txt', mime_type: 'text/plain', content: Buffer.from('hello').toString('base64') },
      ],
    });
    const batch = await world.until(id, 'done');
    expect(batch.rows).toMatchObject({ done: 2, failed: 0 });
    expect(batch.pdf_standard).toBe('pdf/a-3b');
    const pdf = readFileSync(world.batches.document(id, 2, OWNER).path, 'latin1');
    expect(pdf).toContain('note.txt');
    expect(pdf).toContain('No 2');
    expect(pdf).toContain('Somebody');
  });
});
