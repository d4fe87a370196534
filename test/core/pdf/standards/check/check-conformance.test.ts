/** The checker on files written by hand: conformant ones, and each spoiled in one way. */
import { expect, test } from 'vitest';
import { PDF_STANDARDS, type PdfStandard } from '../../../../../contract/standard.ts';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../../../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../../../../core/pdf/standards/check/check-conformance.ts';
import { baseFile, baseRecipe } from '../../../../conformance/spoil/bases.ts';
import { assemble } from '../../../../conformance/spoil/recipe.ts';

function rulesBroken(bytes: Uint8Array, standard: PdfStandard): string[] {
  const [result] = checkConformance(PdfReader.open(memorySource(bytes)), [standard]);
  return result?.violations.map(({ rule }) => rule) ?? [];
}

test.each(PDF_STANDARDS)('finds nothing wrong with a file that is conformant to %s', (standard) => {
  expect(rulesBroken(baseFile([standard]), standard)).toEqual([]);
});

test.each<[PdfStandard, object: number, from: string, to: string, rule: string]>([
  ['pdf/a-2b', 9, '/FontFile2 10 0 R', '', '6.2.11.4.1-1'],
  ['pdf/a-1b', 9, '/FontFile2 10 0 R', '', '6.3.4-1'],
  ['pdf/a-2b', 5, '<pdfaid:part>2</pdfaid:part>', '', '6.6.4-2'],
  ['pdf/a-2b', 1, '/OutputIntents[6 0 R]', '', '6.2.4.3-2'],
  ['pdf/a-1b', 27, '/LW 1', '/ca 0.5', '6.4-6'],
  ['pdf/a-2b', 21, '/F 4', '/F 2', '6.3.2-2'],
  ['pdf/a-2b', 8, '/FirstChar 32', '/FirstChar 100', '6.2.11.5-1'],
])('finds at %s in object %i "%s" made "%s" by rule %s', (standard, number, from, to, rule) => {
  const recipe = baseRecipe([standard]);
  const body = recipe.objects.get(number) ?? '';
  expect(body).toContain(from);
  recipe.objects.set(number, body.replace(from, to));
  const broken = rulesBroken(assemble(recipe), standard);
  expect(broken).toContain(rule);
});
