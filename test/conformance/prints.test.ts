/** Documents as the browser prints them, before any repair: our checker and veraPDF judge them alike at every standard. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PDF_STANDARDS } from '../../contract/standard.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { CATALOGUE } from './catalogue.ts';
import { requestOf } from './fixture.ts';
import { flavourOf } from './levels.ts';
import { verapdf } from './oracles.ts';
import { differences, ownVerdicts } from './own-checker.ts';
import { openProduct } from './product.ts';
import { inParallel } from './run-program.ts';

// Nine thousand rows at thirteen standards would take veraPDF longer than all others together.
const FIXTURES = CATALOGUE.filter(({ file, name }) => file === name && name !== 'table-9000-rows');

const missing = inject('missingOracles');
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-prints-'));
const fileOf = (name: string): string => path.join(folder, `${name.replaceAll(' ', '-')}.pdf`);
const verdicts = new Map<string, Map<string, readonly string[]>>();

beforeAll(async () => {
  if (missing.verapdf !== undefined) return;
  await using product = openProduct();
  await inParallel(FIXTURES, product.concurrency, async (fixture) => {
    const request = requestOf(fixture);
    const { pdf } = await product.run(
      // An outline asks for tags.
      { ...request, options: { ...request.options, outline: true } },
      { signal: AbortSignal.timeout(60_000), onStage: () => undefined },
    );
    writeFileSync(fileOf(fixture.name), await wholePdf(pdf));
  });
  const flavours = PDF_STANDARDS.map(flavourOf);
  const tasks = FIXTURES.map(({ name }) => ({ file: fileOf(name), flavours }));
  for (const { file, flavour, rules } of await verapdf(tasks)) {
    verdicts.set(file, (verdicts.get(file) ?? new Map<string, readonly string[]>()).set(flavour, rules));
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.for(FIXTURES.map(({ name }) => name))('%s is judged alike', (name, context) => {
  const verapdf = verdicts.get(fileOf(name));
  if (verapdf === undefined) context.skip(`veraPDF was not asked: ${missing.verapdf}`);
  expect(differences(ownVerdicts(fileOf(name), PDF_STANDARDS), verapdf ?? new Map())).toEqual([]);
});
