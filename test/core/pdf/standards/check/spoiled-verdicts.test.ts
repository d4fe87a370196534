/**
 * The files of the conformance suite that are spoiled in one way each, and their near misses, without the oracle: the rules that
 * each breaks stand in spoiled-verdicts.tsv (file, levels, rules; none for a near miss). The suite holds these verdicts against
 * veraPDF: change a line of the table only with it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PdfStandard } from '../../../../../contract/standard.ts';
import { InfluxionError } from '../../../../../core/error.ts';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../../../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../../../../core/pdf/standards/check/check-conformance.ts';
import { SPOILERS } from '../../../../conformance/spoil/spoilers.ts';
import { baseFile } from '../../../../conformance/spoil/bases.ts';

function rulesBroken(bytes: Uint8Array, standard: PdfStandard): string {
  try {
    const [result] = checkConformance(PdfReader.open(memorySource(bytes)), [standard]);
    return result?.violations.map(({ rule }) => rule).join(' ') ?? '';
  } catch (error) {
    if (InfluxionError.is(error)) return error.code;
    throw error;
  }
}

/** By file and level. */
const expected = new Map<string, string>();
for (const line of readFileSync(join(import.meta.dirname, 'spoiled-verdicts.tsv'), 'utf8')
  .trimEnd()
  .split('\n')) {
  const [name = '', levels = '', rules = ''] = line.split('\t');
  for (const level of levels.split(' ')) expected.set(`${name}, pdf/${level}`, rules);
}

const families = Map.groupBy(SPOILERS, ({ name }) => /^[\w ]+\.\d+/.exec(name)?.[0] ?? name);

test.each([...families])(
  'says of files that break %s, and of those that nearly do, what it should',
  (_, spoilers) => {
    const found = spoilers.flatMap(({ name, flavours, spoil }) =>
      flavours.map((level) => [`${name}, ${level}`, rulesBroken(spoil(baseFile([level])), level)] as const),
    );
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(found.map(([file]) => [file, expected.get(file)])),
    );
  },
);

test('has a verdict for every file, and a file for every verdict', () => {
  const files = SPOILERS.flatMap(({ name, flavours }) => flavours.map((level) => `${name}, ${level}`));
  expect(new Set(files)).toEqual(new Set(expected.keys()));
});
