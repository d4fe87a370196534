/** Implementation limits (ISO 19005-1 §6.1.12, ISO 19005-2 §6.1.13) and hexadecimal strings (§6.1.6). */
import type { Oddity } from '../file/objects-walk.ts';
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';

function limit(
  clauses: Clauses,
  kinds: readonly Oddity['kind'][],
  judge: (oddity: Oddity, check: Check) => string | undefined,
): Rule {
  return rule(clauses, (check) => {
    const { objects, content } = check.facts;
    for (const oddity of [...objects.oddities.found, ...content.oddities.found]) {
      if (!kinds.includes(oddity.kind)) continue;
      const message = judge(oddity, check);
      if (message !== undefined) check.report(message, oddity.place);
    }
  });
}

const integers = limit(
  { a1: '6.1.12-1', a23: '6.1.13-1' },
  ['integer'],
  ({ size }) => `The integer ${size} is out of the range of 32 bits.`,
);

const reals = limit({ a1: '6.1.12-2', a23: '6.1.13-2' }, ['real'], ({ size }, { level }) => {
  if (level.part === 1) return `The number ${size} is greater than 32,767.`;
  return Math.abs(size) > 3.403e38 ? 'A number is greater than 3.403 × 10^38.' : undefined;
});

const tinyReals = limit(
  { a23: '6.1.13-5' },
  ['tiny'],
  () => 'A number is closer to zero than 1.175 × 10^-38 and not zero.',
);

const strings = limit({ a1: '6.1.12-3', a23: '6.1.13-3' }, ['string'], ({ size }, { level }) => {
  const most = level.part === 1 ? 65_535 : 32_767;
  return size > most ? `A string has ${size} bytes; ${most} are allowed.` : undefined;
});

const names = limit(
  { a1: '6.1.12-4', a23: '6.1.13-4' },
  ['name'],
  ({ size }) => `A name has ${size} bytes; 127 are allowed.`,
);

const arrays = limit(
  { a1: '6.1.12-5' },
  ['array'],
  ({ size }) => `An array has ${size} items; 8,191 are allowed.`,
);

const dictionaries = limit(
  { a1: '6.1.12-6' },
  ['dict'],
  ({ size }) => `A dictionary has ${size} entries; 4,095 are allowed.`,
);

const statesNested = rule({ a1: '6.1.12-8', a23: '6.1.13-8' }, ({ facts, report }) => {
  for (const place of facts.content.deepStates)
    report('Graphics states are nested more than 28 deep.', place);
});

const evenHex = limit(
  { a1: '6.1.6-1', a23: '6.1.6-1', a4: '6.1.5-1' },
  ['odd'],
  () => 'A hexadecimal string has an odd number of digits.',
);

const cleanHex = limit(
  { a1: '6.1.6-2', a23: '6.1.6-2', a4: '6.1.5-2' },
  ['character'],
  () => 'A hexadecimal string holds something else than digits.',
);

const boxes = rule({ a23: '6.1.13-11' }, ({ facts, report }) => {
  const { file } = facts;
  for (const page of facts.pages) {
    for (const key of ['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox']) {
      const isInherited = key === 'MediaBox' || key === 'CropBox';
      const box = file.array(isInherited ? page.inherited(key) : page.dict.get(key));
      if (box === undefined) continue;
      const [left, bottom, right, top] = box.map((side) => file.number(side));
      const [width, height] = [
        Math.abs((right ?? NaN) - (left ?? NaN)),
        Math.abs((top ?? NaN) - (bottom ?? NaN)),
      ];
      if (width >= 3 && width <= 14_400 && height >= 3 && height <= 14_400) continue;
      const place = { page: page.number, object: page.object };
      report(`/${key} is ${width} × ${height} units; 3 to 14,400 are allowed in each direction.`, place);
    }
  }
});

const objectCount = rule({ a1: '6.1.12-7', a23: '6.1.13-7' }, ({ facts, report }) => {
  if (facts.objects.count > 8_388_607) report(`The file has ${facts.objects.count} objects.`);
});

export const LIMITS: readonly Rule[] = [
  objectCount,
  integers,
  reals,
  tinyReals,
  strings,
  names,
  arrays,
  dictionaries,
  statesNested,
  evenHex,
  cleanHex,
  boxes,
];
