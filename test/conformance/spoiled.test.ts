/** Our checker against veraPDF on files that are spoiled in one way each, and on near misses: every verdict has to be the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PDF_STANDARDS, type PdfStandard } from '../../contract/standard.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../core/pdf/standards/check/check-conformance.ts';
import { InfluxionError } from '../../core/error.ts';
import { flavourOf } from './levels.ts';
import { verapdf, type Verdict } from './oracles.ts';
import { baseFile } from './spoil/bases.ts';
import { spoiledFiles } from './spoil/spoilers.ts';

const missing = inject('missingOracles').verapdf;
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-spoiled-'));
const bases = PDF_STANDARDS.map((standard) => ({
  name: 'conformant',
  standard,
  bytes: baseFile([standard]),
}));
const files = [...bases, ...spoiledFiles()].map((one, index) => ({
  ...one,
  file: path.join(folder, `${index}.pdf`),
}));
let verdicts = new Map<string, Verdict>();

beforeAll(async () => {
  if (missing !== undefined) return;
  for (const { file, bytes } of files) writeFileSync(file, bytes);
  const tasks = files.map(({ file, standard }) => ({ file, flavours: [flavourOf(standard)] }));
  verdicts = new Map((await verapdf(tasks)).map((verdict) => [verdict.file, verdict]));
}, 600_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Rules that we find broken; a file that cannot be read breaks the rule of its error. */
function rulesBroken(bytes: Uint8Array, standard: PdfStandard): string[] {
  try {
    const [result] = checkConformance(PdfReader.open(memorySource(bytes)), [standard]);
    return result?.violations.map(({ rule }) => rule) ?? [];
  } catch (error) {
    if (InfluxionError.is(error)) return [error.code];
    throw error;
  }
}

test('veraPDF finds the files conformant that the spoiled ones are made of', (context) => {
  if (missing !== undefined) context.skip(`veraPDF was not asked: ${missing}`);
  const failed = files
    .slice(0, bases.length)
    .filter(({ file }) => verdicts.get(file)?.passed !== true)
    .map(({ standard }) => standard);
  expect(failed).toEqual([]);
});

test('veraPDF finds at least 300 files broken', (context) => {
  if (missing !== undefined) context.skip(`veraPDF was not asked: ${missing}`);
  expect([...verdicts.values()].filter(({ passed }) => !passed).length).toBeGreaterThan(300);
});

test('our checker and veraPDF agree about every file', (context) => {
  if (missing !== undefined) context.skip(`veraPDF was not asked: ${missing}`);
  const disagreements = files.flatMap(({ name, standard, bytes, file }) => {
    const verdict = verdicts.get(file);
    const ours = rulesBroken(bytes, standard);
    if (verdict?.passed === (ours.length === 0)) return [];
    return [`${standard}, ${name}: ours ${ours.join(' ')}; veraPDF ${verdict?.rules.join(' ') ?? 'missing'}`];
  });
  expect(disagreements).toEqual([]);
});
