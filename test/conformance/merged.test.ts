/** The sample documents at every level, merged: what is made of files that conform has to conform, to judges of others too. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { GenerateRequest } from '../../contract/job.ts';
import { mergePdfs } from '../../core/pdf/assembly/merge.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { flavourOf, LEVELS, type Level } from './levels.ts';
import { qpdfFaults, verapdf } from './oracles.ts';
import { openProduct } from './product.ts';
import { inParallel } from './run-program.ts';

const SAMPLES = path.join(import.meta.dirname, '../../assets/samples');
const missing = inject('missingOracles');
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-merged-'));
const fileOf = ({ name }: Level): string => path.join(folder, `${name}.pdf`);
const verdicts = new Map<string, readonly string[]>();

/** Each sample with its first data; of PDF/A-4f, with the file that it demands. */
function requests({ standards }: Level): { name: string; request: GenerateRequest }[] {
  return readdirSync(SAMPLES).map((name) => {
    const data = path.join(SAMPLES, name, 'samples');
    const [first = ''] = readdirSync(data);
    const source = Buffer.from(`source of ${name}`).toString('base64');
    const request = GenerateRequest.parse({
      html_template: { id: name },
      data: JSON.parse(readFileSync(path.join(data, first), 'utf8')) as object,
      options: { transparency: 'raster', outline: true },
      pdf_standard: [...standards],
      ...(standards.includes('pdf/a-4f') && { attachments: [{ filename: 'source.txt', content: source }] }),
    });
    return { name, request };
  });
}

beforeAll(async () => {
  await using product = openProduct();
  for (const level of LEVELS) {
    mkdirSync(path.join(folder, level.name));
    const inputs = await inParallel(requests(level), product.concurrency, async ({ name, request }) => {
      const file = path.join(folder, level.name, `${name}.pdf`);
      const context = { signal: AbortSignal.timeout(60_000), onStage: () => undefined };
      const { pdf } = await product.run(request, context);
      writeFileSync(file, await wholePdf(pdf));
      return { path: file, title: undefined };
    });
    await mergePdfs(
      {
        // Twice, so that names and resources meet their like.
        inputs: [...inputs, ...inputs],
        target: fileOf(level),
        standards: undefined,
        metadata: {
          title: 'All samples',
          author: undefined,
          subject: undefined,
          keywords: [],
          language: undefined,
          documentId: undefined,
        },
        stamp: { text: 'Page {page} of {pages}', place: 'bottom-center', size: 7, margin: 8 },
        fontsFolder: path.join(import.meta.dirname, '../../assets/fonts'),
        now: Date.now(),
        seed: undefined,
      },
      () => undefined,
    );
  }
  if (missing.verapdf !== undefined) return;
  const tasks = LEVELS.map((level) => ({
    file: fileOf(level),
    flavours: level.standards.map((standard) => flavourOf(standard)),
  }));
  for (const { file, flavour, rules } of await verapdf(tasks)) verdicts.set(`${file} ${flavour}`, rules);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.for(LEVELS.map((level) => [level.name, level] as const))('merged at %s', async ([, level], context) => {
  expect(await qpdfFaults([fileOf(level)])).toEqual([]);
  if (missing.verapdf !== undefined) context.skip(`veraPDF was not asked: ${missing.verapdf}`);
  for (const standard of level.standards) {
    expect(verdicts.get(`${fileOf(level)} ${flavourOf(standard)}`)).toEqual([]);
  }
});
