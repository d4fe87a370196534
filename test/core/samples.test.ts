/** The sample templates through the real renderer and the real engine: what a new user sees first has to be right. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TemplateManifest } from '../../contract/template.ts';
import type { PdfEngine } from '../../core/pdf/engine.ts';
import { createPipeline } from '../../core/document/pipeline.ts';
import { systemClock } from '../../core/ports.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import type { TemplateRenderer } from '../../core/templates/renderer.ts';
import { createTemplateRenderer } from '../../core/templates/worker-renderer.ts';
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { pdfFacts } from '../support/engine-pdf-facts.ts';
import { openFinisher } from '../support/finisher.ts';
import { recordingLogger } from '../support/http-logger.ts';
import { readPdfPages, type PdfPages } from '../support/pdf-text.ts';

const ASSETS = join(import.meta.dirname, '../../assets');
const SAMPLES = join(ASSETS, 'samples');
const silentLogger = recordingLogger([]);
/** PostScript names; the certificate brings EB Garamond itself. */
const SHIPPED = ['Inter', 'InterFigures', 'SourceSerif4', 'Cousine', 'EBGaramond'];
const A4 = [595, 842] as const;

interface Expectation {
  readonly pages: number;
  readonly title: string;
  /** On the first and on the last page, in the order of reading or not. */
  readonly first: readonly string[];
  readonly last: readonly string[];
}

const EXPECTED: Readonly<Record<string, Readonly<Record<string, Expectation>>>> = {
  invoice: {
    'one-page': {
      pages: 1,
      title: 'Invoice 2026-0117 – Nordlicht Studio GmbH',
      first: ['Fjord & Field GmbH', '23 November 2026', 'VAT 19% on €6,170.00', '€7,834.50', 'Page 1 of 1'],
      last: ['DE89 3704 0044 0532 0130 00', 'Scan to pay'],
    },
    rechnung: {
      pages: 2,
      title: 'Rechnung 2026-0241 – Nordlicht Studio GmbH',
      first: [
        'Herrn Dr. Matthias Größler',
        '30. November 2026',
        'Zwischensumme Ausstellungsgestaltung',
        '11.042,20',
      ],
      last: ['USt 7 % auf 19.500,00 €', '43.865,20 €', '14. Dezember 2026', 'Seite 2 von 2'],
    },
    wholesale: {
      pages: 7,
      title: 'Invoice W-30482 – Hadley & Rowe Wholesale Ltd',
      first: ['The Lantern Bookshop', 'Amount GBP', 'Page 1 of 7'],
      last: ['£47,310.97', '1 November 2026', 'Goods remain our property', 'Page 7 of 7'],
    },
  },
  letter: {
    confirmation: {
      pages: 1,
      title: 'Extension of Stonebridge National School: start on site confirmed – Ash & Linden Architects',
      first: [
        'Ms Aoife Byrne',
        '23 November 2026',
        'Monday, 11 January 2027',
        'Registered in Ireland 612 044',
      ],
      last: ['Nora Ash', 'Plan of the site fence, 1:200'],
    },
    gutachten: {
      pages: 3,
      title:
        'Repowering der Anlagen Kosel I bis IV: Einschätzung der Genehmigungslage und Vorschlag für das weitere Vorgehen – Vogt Lindqvist Rechtsanwälte',
      first: ['Persönlich / vertraulich', 'Sehr geehrter Herr Petersen-Groß', '26. November 2026'],
      last: ['Dr. Johanna Lindqvist', 'Anlagen', 'Seite 3 von 3'],
    },
    invitation: {
      pages: 1,
      title: 'Essais d’éclairage dans la salle des primitifs flamands – Atelier Lumen',
      first: ['Madame Hélène Garçon', '24 novembre 2026', 'jeudi 10 décembre'],
      last: ['Rémi Delaunay'],
    },
  },
  report: {
    'annual-count': {
      pages: 11,
      title: 'Lindholm by Bicycle',
      first: ['City of Lindholm, Office for Streets', 'November 2026'],
      last: ['What we recommend', '11,200,000', 'Table 4', 'Published by'],
    },
    energiebericht: {
      pages: 5,
      title: 'Energiebericht der städtischen Gebäude',
      first: ['Stadtwerke Auenbrück', 'Juni 2026'],
      last: ['Kosten und Ausblick', 'Abbildung 4', 'Herausgegeben von'],
    },
    short: {
      pages: 4,
      title: 'Reading Room Pilot',
      first: ['Lantern Street Library', 'September 2026'],
      last: ['What it cost', '6,240'],
    },
  },
  certificate: {
    workshop: {
      pages: 1,
      title: 'Certificate of Completion – The Wexcombe School of Bookbinding',
      first: ['Eleanor Achterberg', 'Hand Bookbinding and Paper Conservation', '20 November 2026'],
      last: ['Edmund Pryce'],
    },
    meisterkurs: {
      pages: 10,
      title: 'Urkunde – Akademie für Handwerk und Denkmalpflege',
      first: ['Amelie Brandstätter', 'Nr. MK 26-41'],
      last: ['Maximilian Groß', 'Nr. MK 26-50'],
    },
    diplome: {
      pages: 1,
      title: 'Diplôme d’honneur – Conservatoire des métiers du parfum',
      first: ['Anaïs Belhadj-Fontaine', '12 septembre 2026'],
      last: ['Claire de Sérignan'],
    },
  },
  labels: {
    prices: {
      pages: 2,
      title: 'Price labels',
      first: ['Assam Hathikuli', '€8.50', 'Gaiwan, porcelain'],
      last: ['Kyusu', 'Gift box, six teas', '€34.00'],
    },
    inventar: {
      pages: 1,
      title: 'Inventaretiketten',
      first: ['HA-20410', 'Stereomikroskop', 'Hochschule Auenbrück'],
      last: ['HA-20452'],
    },
    adresses: {
      pages: 1,
      title: 'Étiquettes d’adresse',
      first: ['Madame Hélène Garçon', 'BELGIQUE'],
      last: ['05100 Briançon'],
    },
  },
};

let cache: string;
let engine: PdfEngine;
let renderer: TemplateRenderer;
let finishing: ReturnType<typeof openFinisher>;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'influxion-samples-'));
  engine = createCdpEngine({
    cacheDir: cache,
    fontsDir: join(ASSETS, 'fonts'),
    concurrency: 1,
    logger: silentLogger,
  });
  finishing = openFinisher(cache, silentLogger);
  renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
});

afterAll(async () => {
  await renderer.close();
  await finishing.close();
  await engine.close();
  await rm(cache, { recursive: true, force: true });
});

interface Printed extends PdfPages {
  readonly raw: Buffer;
  readonly warnings: readonly unknown[];
}

async function printSample(template: string, sample: string): Promise<Printed> {
  const library = createTemplateLibrary({ folder: SAMPLES, logger: silentLogger });
  const run = createPipeline({ renderer, engine, finisher: finishing.finisher, library, clock: systemClock });
  const data: unknown = JSON.parse(await library.readSample(template, sample));
  const { pdf, warnings } = await run(
    { html_template: { id: template }, data },
    { signal: AbortSignal.timeout(25_000), onStage: () => undefined },
  );
  const chunks: Uint8Array[] = [];
  if (pdf instanceof Uint8Array) chunks.push(pdf);
  else for await (const chunk of pdf) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  return { ...(await readPdfPages(raw)), raw, warnings };
}

const cases = Object.entries(EXPECTED).flatMap(([template, sets]) =>
  Object.entries(sets).map(([sample, expected]) => ({ template, sample, expected })),
);

describe('the sample templates', () => {
  test('are all tested, with every data set', async () => {
    const found: Record<string, string[]> = {};
    for (const template of await readdir(SAMPLES)) {
      const files = await readdir(join(SAMPLES, template, 'samples'));
      found[template] = files.map((file) => file.replace('.json', '')).sort();
    }
    const expected = Object.entries(EXPECTED).map(([template, sets]) => [template, Object.keys(sets).sort()]);
    expect(found).toEqual(Object.fromEntries(expected));
  });

  test.each(Object.keys(EXPECTED))('%s has a manifest that the library takes', async (template) => {
    const text = await readFile(join(SAMPLES, template, 'influxion.json'), 'utf8');
    const manifest = TemplateManifest.parse(JSON.parse(text));
    expect(manifest.name).toBeTruthy();
    expect(manifest.description).toBeTruthy();
  });

  test.each(cases)(
    '$template with $sample prints its pages and facts without a warning',
    async ({ template, sample, expected }) => {
      const printed = await printSample(template, sample);

      // A missing asset, glyph or family, or a blocked request, is a warning.
      expect(printed.warnings).toEqual([]);
      expect(printed.texts).toHaveLength(expected.pages);
      expect(printed.title).toBe(expected.title);
      for (const fact of expected.first) expect(printed.texts[0]).toContain(fact);
      for (const fact of expected.last) expect(printed.texts.at(-1)).toContain(fact);

      const [width, height] = template === 'certificate' ? [A4[1], A4[0]] : A4;
      for (const [pageWidth, pageHeight] of printed.sizes) {
        expect(Math.abs(pageWidth - width)).toBeLessThan(1);
        expect(Math.abs(pageHeight - height)).toBeLessThan(1);
      }
      // A family of the system would give other pages on another machine.
      const structure = printed.raw.toString('latin1');
      const families = [...structure.matchAll(/\/BaseFont\s*\/[A-Z]{6}\+(\w+)/g)].map(([, name]) => name);
      expect(families.length).toBeGreaterThan(0);
      expect(families.filter((family) => !SHIPPED.includes(family ?? ''))).toEqual([]);
      // PDF/A-1 allows no transparency (ISO 19005-1 §6.4): no soft mask, no constant alpha below 1.
      expect(structure).not.toMatch(/\/SMask\s+\d|\/(?:ca|CA)\s+0?\.\d/);
    },
  );

  test('an invoice of 201 lines repeats its table head and never parts the totals', async () => {
    const { texts } = await printSample('invoice', 'wholesale');
    for (const text of texts) expect(text).toMatch(/Item Quantity .*Amount GBP/);
    const [totals] = texts.filter((text) => text.includes('£42,217.35'));
    expect(totals).toContain('£47,310.97');
  });

  test('the contents of the report name the page of each section', async () => {
    const { texts } = await printSample('report', 'annual-count');
    const [, contents = ''] = texts;
    for (const title of ['The year in numbers', 'Where people ride', 'What we recommend']) {
      const page = texts.findIndex((text, index) => index > 1 && text.includes(title)) + 1;
      expect(contents).toMatch(new RegExp(`${title}\\s*${page}\\b`));
    }
  });

  test('the bookmarks of the report say each heading once, as it is read', async () => {
    const { outline } = await pdfFacts({ pdf: (await printSample('report', 'short')).raw });
    expect(outline.filter((title) => /\d/.test(title))).toEqual(['1 What happened', '2 What it cost']);
  });

  test('a section of the report names itself in the running header, the title page has none', async () => {
    const { texts } = await printSample('report', 'annual-count');
    expect(texts[3]).toContain('The year in numbers');
    expect(texts[5]).toContain('Where people ride');
    expect(texts[0]?.match(/Lindholm by Bicycle/g)).toHaveLength(1);
  });
});
