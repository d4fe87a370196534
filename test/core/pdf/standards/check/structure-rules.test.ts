/** Rules about the places of elements that the spoiled files of the conformance suite leave out: one that breaks, one that nearly does. */
import { expect, test } from 'vitest';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../../../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../../../../core/pdf/standards/check/check-conformance.ts';
import { baseRecipe } from '../../../../conformance/spoil/bases.ts';
import { assemble } from '../../../../conformance/spoil/recipe.ts';
import { replaceIn } from '../../../../conformance/spoil/spoiler.ts';
import { ELEMENT } from '../../../../conformance/spoil/structure.ts';

type Change = readonly [object: number, from: string, to: string];
type Elements = Readonly<Record<number, string>>;

function rulesBroken(changes: readonly Change[], elements: Elements): string[] {
  const recipe = baseRecipe(['pdf/ua-1']);
  for (const change of changes) replaceIn(recipe, ...change);
  for (const [number, body] of Object.entries(elements)) recipe.objects.set(Number(number), body);
  const [result] = checkConformance(PdfReader.open(memorySource(assemble(recipe))), ['pdf/ua-1']);
  return result?.violations.map(({ rule }) => rule) ?? [];
}

const element = (type: string, parent: number, ...kids: readonly number[]): string =>
  `<</Type/StructElem/S/${type}/P ${parent} 0 R/K[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`;
const kids = (object: number, from: string, to: string): Change => [object, `/K[${from}]`, `/K[${to}]`];

const FOOT: Elements = { 70: element('TFoot', 48, 50), 75: element('TBody', 48, 49) };
const MORE_ROW: Elements = { 72: element('TR', 71, 73, 74), 73: element('TD', 72), 74: element('TD', 72) };

test.each<[rule: string, what: string, broken: [Change[], Elements], sound: [Change[], Elements]]>([
  [
    '7.2-12',
    'a second TFoot',
    [
      [kids(ELEMENT.table, '49 0 R 50 0 R', '75 0 R 70 0 R 71 0 R')],
      { ...FOOT, 71: element('TFoot', 48, 72), ...MORE_ROW },
    ],
    [
      [kids(ELEMENT.table, '49 0 R 50 0 R', '75 0 R 71 0 R 70 0 R')],
      { ...FOOT, 71: element('TBody', 48, 72), ...MORE_ROW },
    ],
  ],
  [
    '7.2-37',
    'a paragraph in a TBody',
    [
      [kids(ELEMENT.table, '49 0 R 50 0 R', '49 0 R 70 0 R')],
      { 70: element('TBody', 48, 50, 71), 71: element('P', 70) },
    ],
    [[kids(ELEMENT.table, '49 0 R 50 0 R', '49 0 R 70 0 R')], { 70: element('TBody', 48, 50) }],
  ],
  [
    '7.2-40',
    'the Caption of a list behind its items',
    [[kids(ELEMENT.list, '45 0 R', '45 0 R 70 0 R')], { 70: element('Caption', 44) }],
    [[kids(ELEMENT.list, '45 0 R', '70 0 R 45 0 R')], { 70: element('Caption', 44) }],
  ],
  [
    '7.2-28',
    'the Caption of a table of contents behind its entries',
    [
      [[ELEMENT.document, '42 0 R 43 0 R', '42 0 R 70 0 R 43 0 R']],
      { 70: element('TOC', 41, 71, 72), 71: element('TOCI', 70), 72: element('Caption', 70) },
    ],
    [
      [[ELEMENT.document, '42 0 R 43 0 R', '42 0 R 70 0 R 43 0 R']],
      { 70: element('TOC', 41, 72, 71), 71: element('TOCI', 70), 72: element('Caption', 70) },
    ],
  ],
  [
    '7.2-15',
    'a cell over one that hangs down from the row above',
    [
      [
        [ELEMENT.secondHeader, '/Scope/Column', '/Scope/Column/RowSpan 2'],
        kids(ELEMENT.secondRow, '53 0 R 54 0 R', '53 0 R'),
        [ELEMENT.firstCell, '/K[6]', '/K[6]/A<</O/Table/ColSpan 2>>'],
      ],
      {},
    ],
    [
      [
        [ELEMENT.secondHeader, '/Scope/Column', '/Scope/Column/RowSpan 2'],
        kids(ELEMENT.secondRow, '53 0 R 54 0 R', '53 0 R'),
      ],
      {},
    ],
  ],
])('finds by rule %s %s', (rule, _, broken, sound) => {
  expect(rulesBroken(...broken)).toEqual([rule]);
  expect(rulesBroken(...sound)).toEqual([]);
});
