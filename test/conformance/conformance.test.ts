/**
 * Every fixture at every level: the product makes it, judges that share no code with it say what it is worth, and our own
 * checker has to agree with them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { brokenAt, templateFiles, type Fixture } from './fixture.ts';
import { judge, type Judgement } from './judge.ts';
import { flavourOf, type Level } from './levels.ts';
import { makeAll, type Made } from './make.ts';
import { disagreements, ownVerdicts } from './own-checker.ts';
import { openProduct } from './product.ts';
import { writeResults } from './results.ts';

const missing = inject('missingOracles');
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-conformance-'));
let made: Made[] = [];
let judgements = new Map<string, Judgement>();

beforeAll(async () => {
  await using product = openProduct();
  made = await makeAll(product, CATALOGUE, folder);
  judgements = await judge(made, missing);
  if (missing.verapdf === undefined) await writeResults(product, made, judgements);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function find(fixture: Fixture, level: Level): { document: Made; judgement: Judgement } {
  const document = made.find((one) => one.fixture === fixture && one.level === level);
  if (document === undefined) throw new Error('It was not made');
  expect(document.failure).toBeUndefined();
  const judgement = judgements.get(document.file);
  if (judgement === undefined) throw new Error('It was not judged');
  return { document, judgement };
}

test('every template of the folder is in the catalogue', () => {
  const used = new Set(CATALOGUE.map(({ file }) => file));
  expect(templateFiles().filter((file) => !used.has(file))).toEqual([]);
  expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(CATALOGUE.length);
});

describe.each(CATALOGUE.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  test.for(fixture.levels.map((level) => [level.name, level] as const))('at %s', ([name, level], context) => {
    const { document, judgement } = find(fixture, level);
    const broken = brokenAt(fixture, level);

    expect(judgement.qpdf).toBeUndefined();
    const rules = [...broken.values()].flat();
    if (rules.length === 0) expect(document.refused).toBeUndefined();
    else expect(rules).toEqual(expect.arrayContaining([document.refused?.[0]]));

    if (judgement.verapdf === undefined) context.skip(`veraPDF was not asked: ${missing.verapdf}`);
    const expected = level.standards.map((standard) => [flavourOf(standard), broken.get(standard) ?? []]);
    expect(Object.fromEntries(judgement.verapdf ?? [])).toEqual(Object.fromEntries(expected));

    const ours = ownVerdicts(document.file, level.standards);
    expect(disagreements(ours, judgement.verapdf ?? new Map())).toEqual([]);

    if (name === '1b' && missing.preflight === undefined && rules.length === 0) {
      expect(judgement.preflight).toEqual(fixture.preflight);
    }
  });
});
