/** Invoices inside documents, before Mustang: every profile, at every level that takes them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { PdfStandard } from '../../contract/standard.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { INVOICES, WRONG_SUM } from './invoice-xml.ts';
import { flavourOf } from './levels.ts';
import { facturx, qpdfFaults, verapdf, type Verdict } from './oracles.ts';
import { openProduct, type Product } from './product.ts';

const HTML =
  '<!doctype html><html lang="de"><head><title>Rechnung 2026-0117</title></head><body><h1>Rechnung</h1><p>285,60 €</p></body></html>';
const STANDARDS = ['pdf/a-3a', 'pdf/a-3b', 'pdf/a-3u'] as const satisfies readonly PdfStandard[];

const missing = inject('missingOracles');
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-factur-x-'));
const fileOf = (profile: string, standard: string): string =>
  path.join(folder, `${profile.replaceAll(' ', '-')}-${flavourOf(standard)}.pdf`);

async function make(
  product: Product,
  xml: string,
  { name, standard }: { name: string; standard: PdfStandard },
): Promise<void> {
  const { pdf } = await product.run(
    {
      html_template: { content: HTML },
      pdf_standard: standard,
      attachments: [
        {
          filename: name === 'XRECHNUNG' ? 'xrechnung.xml' : 'factur-x.xml',
          content: Buffer.from(xml).toString('base64'),
          profile: 'factur-x',
        },
      ],
    },
    { signal: AbortSignal.timeout(60_000), onStage: () => undefined },
  );
  writeFileSync(fileOf(name, standard), await wholePdf(pdf));
}

const mustang = new Map<string, Verdict>();
const vera = new Map<string, Verdict>();
let faults: string[] = [];

beforeAll(async () => {
  await using product = openProduct();
  const files: string[] = [];
  for (const [name, xml] of [...Object.entries(INVOICES), ['wrong sum', WRONG_SUM] as const]) {
    for (const standard of STANDARDS) {
      await make(product, xml, { name, standard });
      files.push(fileOf(name, standard));
    }
  }
  if (missing.facturx === undefined)
    for (const verdict of await facturx(files)) mustang.set(verdict.file, verdict);
  if (missing.verapdf === undefined) {
    const tasks = files.map((file) => ({ file, flavours: [/-(\w+)\.pdf$/.exec(file)?.[1] ?? ''] }));
    for (const verdict of await verapdf(tasks)) vera.set(verdict.file, verdict);
  }
  faults = (await qpdfFaults(files)).map(({ text }) => text);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.keys(INVOICES))('an invoice in %s', (profile) => {
  test.for(STANDARDS)('is a valid Factur-X at %s', (standard, context) => {
    expect(faults).toEqual([]);
    if (mustang.size === 0) context.skip(`Mustang was not asked: ${missing.facturx}`);
    expect(mustang.get(fileOf(profile, standard))).toMatchObject({ passed: true, rules: [] });
    expect(vera.get(fileOf(profile, standard))?.rules ?? []).toEqual([]);
  });
});

test('Mustang sees a sum that is wrong, so it did look at the others', (context) => {
  if (mustang.size === 0) context.skip(`Mustang was not asked: ${missing.facturx}`);
  for (const standard of STANDARDS) {
    expect(mustang.get(fileOf('wrong sum', standard))?.rules).toContain('BR-CO-15');
  }
});
