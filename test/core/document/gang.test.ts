/**
 * The sample templates, many documents a print, in the real engine: every file that is handed out as printed with others is the one
 * that a print of its own gives, and holds nothing of the others.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenerateRequest } from '../../../contract/job.ts';
import {
  createGangPrinter,
  type GangPlan,
  type GangPrint,
  type GangPrinter,
} from '../../../core/document/gang/gang-printer.ts';
import { prepareDocument, type PreparedDocument } from '../../../core/document/prepare-document.ts';
import { printDocument, type PrintDeps } from '../../../core/document/print-document.ts';
import { comparePdfs } from '../../../core/pdf/assembly/compare/compare.ts';
import { wholePdf } from '../../../core/pdf/references/print-until-still.ts';
import { memorySource } from '../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../core/pdf/revision/document.ts';
import { PdfStream } from '../../../core/pdf/revision/objects.ts';
import { serialize } from '../../../core/pdf/revision/serialize.ts';
import { pagePictures } from '../../../core/pdf/standards/transparency/page-pictures.ts';
import { createPdfWorkers, type PdfWorkers } from '../../../core/pdf/worker/pdf-workers.ts';
import { systemClock } from '../../../core/ports.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import { createTemplateRenderer } from '../../../core/templates/worker-renderer.ts';
import { openTestEngine, silentLogger, type TestEngine } from '../../support/engine-folders.ts';
import { variedRows } from '../../support/varied-rows.ts';

const SAMPLES = path.resolve('assets', 'samples');
/** At least one whole gang; `GANG_ROWS=500` for the long run. */
const LEAST_ROWS = Number(process.env['GANG_ROWS'] ?? 0);
/** Of so many rows one is compared as a picture, and the last; `GANG_PICTURES=1` for all. */
const EACH_PICTURE = Number(process.env['GANG_PICTURES'] ?? 6);
const TIMEOUT_MS = 90_000 + LEAST_ROWS * 2_000;

let engine: TestEngine;
let workers: PdfWorkers;
let gang: GangPrinter;
let deps: PrintDeps;
const renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
const library = createTemplateLibrary({ folder: SAMPLES, logger: silentLogger });

beforeAll(() => {
  engine = openTestEngine({ concurrency: 1 });
  workers = createPdfWorkers({ workers: 1, logger: silentLogger });
  deps = { renderer, engine: engine.engine, clock: systemClock };
  gang = createGangPrinter({ ...deps, workers, logger: silentLogger });
});

afterAll(async () => {
  await renderer.close();
  await workers.close();
  await engine.dispose();
});

const prepare = (request: object): Promise<PreparedDocument> =>
  prepareDocument(library, GenerateRequest.parse(request));

const inline = (html: string, more: object = {}): Promise<PreparedDocument> =>
  prepare({ html_template: { content: html }, ...more });

function planOf(prepared: PreparedDocument): GangPlan {
  const plan = gang.prepare(prepared);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

async function printAll(
  prepared: PreparedDocument,
  rows: readonly object[],
  plan = planOf(prepared),
): Promise<GangPrint[]> {
  const data = rows.map((row) => ({ data: JSON.stringify(row) }));
  return gang.print(plan, data, AbortSignal.timeout(TIMEOUT_MS));
}

async function alone(prepared: PreparedDocument, row: object): Promise<Uint8Array> {
  const context = { signal: AbortSignal.timeout(TIMEOUT_MS), onStage: () => undefined };
  const { pdf } = await printDocument(deps, prepared, { data: JSON.stringify(row), ...context });
  return wholePdf(pdf);
}

const pdfOf = async (print: GangPrint | undefined): Promise<Uint8Array | undefined> =>
  print?.kind === 'printed' ? wholePdf(print.document.pdf) : undefined;

/** Everything that a file holds, its streams decoded. */
function contentsOf(pdf: Uint8Array): string {
  const document = PdfDocument.open(memorySource(pdf));
  const parts: string[] = [];
  for (const number of document.reader.objectNumbers()) {
    const object = document.get(number);
    parts.push(serialize(object));
    if (object instanceof PdfStream)
      parts.push(Buffer.from(document.decodedBytes(object)).toString('latin1'));
  }
  return parts.join('\n');
}

/** Of all pages, one after the other. */
async function pixelsOf(pdf: Uint8Array): Promise<Uint8Array> {
  const pages = [...PdfDocument.open(memorySource(pdf)).pages()].map((page, index) => {
    const [, , width = 0, height = 0] = page.inherited('MediaBox') as number[];
    return { number: index + 1, width, height };
  });
  const pictures: Uint8Array[] = [];
  for await (const picture of pagePictures(memorySource(pdf), pages)) {
    if (picture === undefined) throw new Error('There is no picture of a page');
    pictures.push(picture.rgba);
  }
  return Buffer.concat(pictures);
}

/** Of 255: a page that lies far down in a long print is counted from there, in numbers of 24 bits. */
const ROUNDING = 2;

async function largestDifference(one: Uint8Array, two: Uint8Array): Promise<number> {
  const [a, b] = [await pixelsOf(one), await pixelsOf(two)];
  if (a.length === 0 || a.length !== b.length) return 255;
  let largest = 0;
  for (let at = 0; at < a.length; at += 1) {
    largest = Math.max(largest, Math.abs((a[at] ?? 0) - (b[at] ?? 0)));
  }
  return largest;
}

const reasons = (prints: readonly GangPrint[]): string[] =>
  prints.map((print) => (print.kind === 'singly' ? print.reason : 'printed'));

describe.each([
  ['certificate', 'workshop.json'],
  ['invoice', 'one-page.json'],
  ['labels', 'prices.json'],
  ['letter', 'confirmation.json'],
] as const)('%s', (name, data) => {
  it.each([[null], ['pdf/a-2a']] as const)(
    'is what a print of its own gives, at %s',
    async (standard) => {
      const prepared = await prepare({ html_template: { id: name }, pdf_standard: standard });
      const base = JSON.parse(readFileSync(path.join(SAMPLES, name, 'samples', data), 'utf8')) as object;
      const plan = planOf(prepared);
      const rows = variedRows(base, Math.max(LEAST_ROWS, plan.rows));
      // The first print shows how many go into one.
      await printAll(prepared, rows.slice(0, plan.rows), plan);
      const prints = await printAll(prepared, rows, plan);
      expect(reasons(prints).filter((reason) => reason === 'printed').length).toBeGreaterThan(
        rows.length / 2,
      );
      for (const [index, row] of rows.entries()) {
        const cut = await pdfOf(prints[index]);
        if (cut === undefined) continue;
        const own = await alone(prepared, row);
        expect(comparePdfs({ alone: own, cut })).toBeUndefined();
        if (index % EACH_PICTURE === 0 || index === plan.rows - 1)
          expect(await largestDifference(own, cut)).toBeLessThanOrEqual(ROUNDING);
      }
    },
    TIMEOUT_MS,
  );
});

it('leaves a template alone whose pages have names', async () => {
  const [first = ''] = readdirSync(path.join(SAMPLES, 'report', 'samples'));
  const base = JSON.parse(readFileSync(path.join(SAMPLES, 'report', 'samples', first), 'utf8')) as object;
  const prepared = await prepare({ html_template: { id: 'report' }, options: { outline: false } });
  expect(new Set(reasons(await printAll(prepared, variedRows(base, 4))))).toEqual(
    new Set(['it shows its own page numbers']),
  );
});

const names = ['Ada', 'Berta', 'Cäsar', 'Dora', 'Emil', 'Friedrich'];
const LETTER =
  '<!doctype html><html lang="de"><head><title>Für {{name}}</title></head><body><p>Liebe {{name}}, Kennwort {{secret}}</p>{{#if more}}<p style="break-before: page">Seite zwei {{name}}</p>{{/if}}</body></html>';
const people = names.map((name, index) => ({ name, secret: `geheim-${index}-${name}` }));

it('lets no file tell anything of another, in no stream and no title', async () => {
  const prepared = await inline(LETTER, { pdf_standard: 'pdf/a-2a' });
  const prints = await printAll(prepared, people);
  for (const [index, print] of prints.entries()) {
    const cut = await pdfOf(print);
    if (cut === undefined) throw new Error(reasons(prints).join());
    const text = contentsOf(cut);
    const titles = names.map((name) =>
      Buffer.from(`Für ${name}`, 'utf16le').swap16().toString('hex').toUpperCase(),
    );
    expect(titles.map((title) => text.includes(title))).toEqual(names.map((_, other) => other === index));
    expect([...PdfDocument.open(memorySource(cut)).pages()]).toHaveLength(1);
    expect(text).not.toContain('influxion-document');
  }
});

it('keeps documents of several pages whole', async () => {
  const prepared = await inline(LETTER);
  const rows = people.map((row, index) => ({ ...row, more: index % 2 === 0 }));
  const prints = await printAll(prepared, rows);
  expect(new Set(reasons(prints))).toEqual(new Set(['printed']));
  for (const [index, row] of rows.entries()) {
    const cut = (await pdfOf(prints[index])) ?? new Uint8Array();
    expect(comparePdfs({ alone: await alone(prepared, row), cut })).toBeUndefined();
  }
});

it(
  'keeps large pages above the height at which positions become coarse (posters whose edges differ)',
  async () => {
    const html =
      '<!doctype html><html lang="en"><head><title>T</title><style>@page { size: A3 } p { border: 0.3pt solid }</style></head><body><p>{{name}}</p></body></html>';
    const prepared = await inline(html);
    const plan = planOf(prepared);
    const rows = Array.from({ length: plan.rows }, (_, index) => ({ name: `Poster ${index}` }));
    const fitting = Math.floor(2 ** 14 / (420 * (72 / 25.4)));
    const deep = 'it would lie too far down in the print';
    expect(reasons(await printAll(prepared, rows, plan))).toEqual(
      rows.map((_, index) => (index < fitting ? 'printed' : deep)),
    );
    const prints = await printAll(prepared, rows, plan);
    expect(new Set(reasons(prints))).toEqual(new Set(['printed']));
    const cut = (await pdfOf(prints[fitting - 1])) ?? new Uint8Array();
    const own = await alone(prepared, rows[fitting - 1] ?? {});
    expect(await largestDifference(own, cut)).toBeLessThanOrEqual(ROUNDING);
  },
  TIMEOUT_MS,
);

it('prints documents singly of which too few fit (rows rendered twice for nothing)', async () => {
  const html =
    '<!doctype html><html lang="en"><head><title>T</title></head><body>{{#each pages}}<p style="break-after: page">{{../name}} {{this}}</p>{{/each}}</body></html>';
  const prepared = await inline(html);
  const plan = planOf(prepared);
  const rows = names.map((name) => ({ name, pages: Array.from({ length: 9 }, (_, index) => index) }));
  const first = reasons(await printAll(prepared, rows, plan));
  expect(first.filter((reason) => reason === 'printed').length).toBeLessThan(3);
  expect(new Set(reasons(await printAll(prepared, rows, plan)))).toEqual(
    new Set(['such documents are better printed singly']),
  );
});

it('hands out no file with what ran over from the page before', async () => {
  const html =
    '<!doctype html><html lang="en"><head><title>T</title><style>.box { height: 20mm } .box p { margin: 0 }</style></head><body><p>{{name}}</p><div class="box">{{#each lines}}<p>{{this}}</p>{{/each}}</div></body></html>';
  const prepared = await inline(html);
  const rows = Array.from({ length: 9 }, (_, index) => ({
    name: `Person ${index}`,
    lines: index === 5 ? Array.from({ length: 120 }, (__, line) => `private line ${line}`) : ['short'],
  }));
  const prints = await printAll(prepared, rows);
  expect(prints[5]?.kind).toBe('singly');
  expect(prints[6]?.kind).toBe('singly');
  for (const [index, row] of rows.entries()) {
    const cut = await pdfOf(prints[index]);
    if (cut !== undefined) expect(comparePdfs({ alone: await alone(prepared, row), cut })).toBeUndefined();
  }
});

it('prints singly what cannot be rendered, and the others together', async () => {
  const prepared = await inline(LETTER.replace('{{secret}}', '{{number secret}}'), {
    options: { strict: true },
  });
  const rows = [
    ...people.slice(0, 4).map((row, index) => ({ ...row, secret: index, more: false })),
    { name: 'X' },
  ];
  expect(reasons(await printAll(prepared, rows))).toEqual([
    ...Array<string>(4).fill('printed'),
    'it cannot be rendered',
  ]);
});

it('believes no template whose prints differ', async () => {
  // The second page of a print is a left one; no analysis of the style sheet is asked in this test.
  const prepared = await inline(
    '<!doctype html><html lang="en"><head><title>T</title></head><body><p>{{name}}</p><div style="position: absolute; top: 30mm">{{secret}}</div></body></html>',
  );
  const prints = await printAll(prepared, people);
  for (const [index, row] of people.entries()) {
    const cut = await pdfOf(prints[index]);
    if (cut !== undefined) expect(comparePdfs({ alone: await alone(prepared, row), cut })).toBeUndefined();
  }
});

it.each([
  [{ scripts: true }, /scripts/],
  [{ header_html: '<p>x' }, /header/],
  [{ page_ranges: '1' }, /pages/],
  [{ outline: true }, /outline/],
] as const)('tells from the options that documents are to be printed singly: %j', async (options, reason) => {
  expect(gang.prepare(await inline(LETTER, { options }))).toMatch(reason);
});
