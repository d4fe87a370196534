/** Marked content in long and hostile streams. */
import { expect, test } from 'vitest';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../../../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../../../../core/pdf/standards/check/check-conformance.ts';
import { baseRecipe, OBJECT } from '../../../../conformance/spoil/bases.ts';
import { assemble } from '../../../../conformance/spoil/recipe.ts';

function rulesBroken(content: string): string[] {
  const recipe = baseRecipe(['pdf/ua-1']);
  const body = recipe.objects.get(OBJECT.content) ?? '';
  recipe.objects.set(OBJECT.content, body.replace('\nendstream', `\n${content}\nendstream`));
  const [result] = checkConformance(PdfReader.open(memorySource(assemble(recipe))), ['pdf/ua-1']);
  return result?.violations.map(({ rule }) => rule) ?? [];
}

test('finds untagged text behind thousands of texts whose language only the catalog states', () => {
  const tagged = '/P <</MCID 1>> BDC BT /F1 12 Tf (a) Tj ET EMC\n'.repeat(3_000);
  expect(rulesBroken(tagged)).toEqual([]);
  expect(rulesBroken(`${tagged}BT /F1 12 Tf (untagged) Tj ET`)).toEqual(['7.1-3']);
});

test('looks at text within a hundred thousand sequences that are open in each other', () => {
  const open = '/Span BMC BT /F1 12 Tf (a) Tj ET\n'.repeat(100_000);
  expect(rulesBroken(`/P <</MCID 1>> BDC\n${open}`)).toEqual([]);
});
