import { describe, expect, test } from 'vitest';
import type { ColumnMapping } from '../../../contract/batch.ts';
import { createRowMapper } from '../../../core/batch/mapping/map-row.ts';
import type { Cell, SourceRow } from '../../../core/batch/rows/row-source.ts';

const rowOf = (...cells: Cell[]): SourceRow => ({ kind: 'cells', row: 1, line: 2, cells });

const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

/** What one cell becomes, or why it does not. */
function convert(cell: Cell, type: ColumnMapping['type'], locale = 'en'): unknown {
  const map = createRowMapper(['c'], { columns: [{ column: 'c', path: 'v', type }], locale });
  const { data, problem } = map(rowOf(cell));
  return problem ?? (data as { v: unknown }).v;
}

test('names of columns are places in the data', () => {
  const map = createRowMapper([
    'invoice.number',
    'invoice.items[0].price',
    'invoice.items[1].price',
    'Plain name',
  ]);
  expect(plain(map(rowOf('7', '1', '2', 'x')).data)).toEqual({
    invoice: { number: '7', items: [{ price: '1' }, { price: '2' }] },
    'Plain name': 'x',
  });
});

test('a column called __proto__ or constructor is one like any other', () => {
  const map = createRowMapper(['__proto__.polluted', 'constructor.prototype.x']);
  const { data } = map(rowOf('yes', 'yes'));
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
  expect(JSON.stringify(data)).toBe(
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"x":"yes"}}}',
  );
});

for (const [what, columns] of [
  ['twice the same name', ['a', 'a']],
  ['a value and something inside it', ['a', 'a.b']],
  ['a list and names at one place', ['a[0]', 'a.b']],
] as const) {
  test(`columns that get in each other's way: ${what}`, () => {
    expect(() => createRowMapper(columns)).toThrow(/where another column goes too/);
  });
}

test('a column that is not there is told with the one that is meant', () => {
  const map = () => createRowMapper(['price'], { columns: [{ column: 'pirce', path: 'price' }] });
  expect(map).toThrow('There is no column "pirce".');
});

describe('numbers', () => {
  for (const [text, locale, value] of [
    ['1,234.5', 'en', 1234.5],
    ['1.234,5', 'de-AT', 1234.5],
    ['1 234,5', 'fr', 1234.5],
    ['1’234.5', 'de-CH', 1234.5],
    ['−3', 'en', -3],
    ['1e3', 'en', 1000],
    ['007', 'en', 7],
    ['1,5', 'en', 'c: "1,5" is no number.'],
    ['1.5', 'de', 'c: "1.5" is no number.'],
    ['12 apples', 'en', 'c: "12 apples" is no number.'],
    ['0x10', 'en', 'c: "0x10" is no number.'],
  ] as const) {
    test(`${text} in ${locale}`, () => {
      expect(convert(text, 'number', locale)).toBe(value);
    });
  }
});

describe('dates', () => {
  for (const [text, locale, value] of [
    ['2025-12-01', 'de', '2025-12-01'],
    ['2025-12-01T10:30:00Z', 'en', '2025-12-01T10:30:00Z'],
    ['01.12.2025', 'de', '2025-12-01'],
    ['1. 12. 2025', 'de', '2025-12-01'],
    ['12/1/2025', 'en-US', '2025-12-01'],
    ['1/12/2025', 'en-GB', '2025-12-01'],
    ['1.12.25 7:05', 'de', '2025-12-01T07:05:00'],
    ['31.4.2025', 'de', 'c: "31.4.2025" is no date.'],
    ['13/13/2025', 'en-US', 'c: "13/13/2025" is no date.'],
  ] as const) {
    test(`${text} in ${locale}`, () => {
      expect(convert(text, 'date', locale)).toBe(value);
    });
  }
  test('of a spreadsheet', () => {
    expect(convert({ date: '2025-12-01' }, undefined)).toBe('2025-12-01');
  });
});

test('truth, JSON and text', () => {
  expect(convert('Ja', 'boolean')).toBe(true);
  expect(convert('0', 'boolean')).toBe(false);
  expect(convert('maybe', 'boolean')).toBe('c: "maybe" is neither yes nor no.');
  expect(convert('[1,{"a":2}]', 'json')).toEqual([1, { a: 2 }]);
  expect(convert('{', 'json')).toBe('c: "{" is not valid JSON.');
  expect(convert(1.5, 'text')).toBe('1.5');
  expect(convert('007', undefined)).toBe('007');
});

test('empty cells: left out, null, an empty text, or a fault', () => {
  const columns = ['a', 'b', 'c', 'd'];
  const map = createRowMapper(columns, {
    columns: [
      { column: 'a', path: 'a' },
      { column: 'b', path: 'b', empty: 'null', type: 'number' },
      { column: 'c', path: 'c', empty: 'text' },
      { column: 'd', path: 'd', empty: 'error' },
    ],
  });
  const { data, problem } = map(rowOf('', null, '', ''));
  expect(plain(data)).toEqual({ b: null, c: '' });
  expect(problem).toBe('d: the cell is empty.');
});

test('rows of JSON: as they are, or only what is mapped', () => {
  const row: SourceRow = { kind: 'value', row: 1, line: 1, value: { a: '5', b: { date: 'x' }, c: 1 } };
  expect(createRowMapper(['a', 'b', 'c'])(row).data).toEqual({ a: '5', b: { date: 'x' }, c: 1 });
  const map = createRowMapper(['a', 'b'], {
    columns: [
      { column: 'a', path: 'x.n', type: 'number' },
      { column: 'b', path: 'y' },
    ],
  });
  expect(plain(map(row).data)).toEqual({ x: { n: 5 }, y: { date: 'x' } });
});
