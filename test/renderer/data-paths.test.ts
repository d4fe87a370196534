import { describe, expect, it } from 'vitest';
import { DataPath } from '../../contract/batch.ts';
import { dataPaths, suggestMapping } from '../../renderer/features/batches/data-paths.ts';

const SAMPLE = JSON.stringify({
  invoice: { number: '7', date: '2026-11-27' },
  customer: { name: 'Ada', 'e-mail': 'ada@example.com' },
  lines: [{ text: 'Pen', price: 1.5 }],
  tags: [],
});

describe('the places in the data of a template', () => {
  it('are those of the schema before those of the sample, each once, lists by their first element', () => {
    const schema = JSON.stringify({
      properties: {
        invoice: { properties: { number: {}, due: {} } },
        lines: { items: { properties: { price: {} } } },
      },
    });
    expect(dataPaths(SAMPLE, schema)).toEqual([
      'invoice.number',
      'invoice.due',
      'lines[0].price',
      'invoice.date',
      'customer.name',
      'customer.e-mail',
      'lines[0].text',
    ]);
  });

  it('are none for what cannot be read: a sample that is being typed must not end the screen', () => {
    expect(dataPaths('{ "a": ', undefined)).toEqual([]);
    expect(dataPaths(undefined, '[]')).toEqual([]);
  });
});

describe('a guess for each column', () => {
  const paths = dataPaths(SAMPLE, undefined);
  const placesOf = (columns: readonly string[]): (string | null)[] =>
    suggestMapping(columns, paths).map(({ path }) => path);

  it('takes the path of the same name, whatever its case and marks', () => {
    expect(placesOf(['Invoice Number', 'customer_name', 'E-Mail', 'PRICE'])).toEqual([
      'invoice.number',
      'customer.name',
      'customer.e-mail',
      'lines[0].price',
    ]);
  });

  it('gives no place twice and keeps what has none under its own name', () => {
    expect(placesOf(['number', 'Invoice.Number', 'Remark'])).toEqual([
      'invoice.number',
      'Invoice.Number',
      'Remark',
    ]);
    expect(placesOf(['Remark', 'Remark'])).toEqual(['Remark', null]);
  });

  it('does not choose between two of one ending', () => {
    expect(suggestMapping(['name'], ['seller.name', 'buyer.name'])[0]?.path).toBe('name');
  });

  it('offers nothing that the contract refuses', () => {
    for (const column of ['', ' ', 'a b', 'total [EUR]', '.x', 'x.', 'a..b', '日付', 'items[0]']) {
      const [mapping] = suggestMapping([column], []);
      if (mapping?.path != null) expect(DataPath.safeParse(mapping.path).success, column).toBe(true);
    }
  });
});
