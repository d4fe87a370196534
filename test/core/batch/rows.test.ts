import { createWriteStream, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RowReading } from '../../../contract/batch.ts';
import { openRows } from '../../../core/batch/rows/open-rows.ts';
import type { RowSource, SourceRow } from '../../../core/batch/rows/row-source.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { NEVER } from '../../support/job-world.ts';
import { writeOds, writeXlsx } from '../../support/spreadsheets.ts';

async function rowsOf(source: RowSource): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of source.rows(NEVER)) rows.push(row);
  return rows;
}

async function read(
  name: string,
  content: string | Uint8Array,
  reading?: RowReading,
): Promise<{ source: RowSource; rows: SourceRow[] }> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const source = await openRows(path, name, reading);
  return { source, rows: await rowsOf(source) };
}

const cellsOf = (rows: readonly SourceRow[]): unknown[] =>
  rows.map((row) => (row.kind === 'cells' ? row.cells : row.kind === 'value' ? row.value : row.problem));

describe('CSV', () => {
  for (const [what, separator] of [
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ] as const) {
    test(`between ${what}: the separator is found out`, async () => {
      const text = [
        ['id', 'text', 'price'],
        ['1', `"with ${separator} inside"`, '2'],
        ['2', '"a ""quoted"" word"', '3'],
      ]
        .map((row) => row.join(separator))
        .join('\r\n');
      const { source, rows } = await read('rows.csv', text);
      expect(source.separator).toBe(separator);
      expect(source.columns).toEqual(['id', 'text', 'price']);
      expect(cellsOf(rows)).toEqual([
        ['1', `with ${separator} inside`, '2'],
        ['2', 'a "quoted" word', '3'],
      ]);
    });
  }

  test('a decimal comma does not make the comma the separator', async () => {
    const { source } = await read('rows.csv', 'id;price;tax\n1;2,50;0,20\n2;3,75;0,10\n');
    expect(source.separator).toBe(';');
  });

  const text = 'name;city\nJürgen;Köln\nZoë;Málaga\n';
  for (const [what, bytes, encoding] of [
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`), 'utf-8'],
    ['UTF-16 LE with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 LE without one', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16 BE', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['Windows-1252', Buffer.from(text, 'latin1'), 'windows-1252'],
  ] as const) {
    test(`in ${what}`, async () => {
      const { source, rows } = await read('rows.csv', bytes);
      expect(source.encoding).toBe(encoding);
      expect(source.columns).toEqual(['name', 'city']);
      expect(cellsOf(rows)).toEqual([
        ['Jürgen', 'Köln'],
        ['Zoë', 'Málaga'],
      ]);
    });
  }

  test('a character of UTF-8 that the reader cuts in two is no other encoding', async () => {
    const { source } = await read('rows.csv', `a\n${'é'.repeat(300_000)}x\n`);
    expect(source.encoding).toBe('utf-8');
  });

  test('a ragged row is the fault of that row, told with its line', async () => {
    const { rows } = await read('rows.csv', 'a,b,c\n1,2,3\n4,5\n"6\nstill 6",7,8\n9,10,11,12\n');
    expect(rows.map(({ kind, row, line }) => [kind, row, line])).toEqual([
      ['cells', 1, 2],
      ['fault', 2, 3],
      ['cells', 3, 4],
      ['fault', 4, 6],
    ]);
    expect(cellsOf(rows)[1]).toBe(
      'The row has 2 cells, but there are 3 columns; check its separators and quotation marks.',
    );
  });

  test('ten thousand columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `c${at}`).join(',');
    const { source, rows } = await read('rows.csv', `${names}\n${names}\n`);
    expect(source.columns).toHaveLength(10_000);
    expect((cellsOf(rows)[0] as string[]).at(-1)).toBe('c9999');
  });

  test('a cell of 100 MB is told of with its line, without being kept', async () => {
    const path = join(temporaryFolder(), 'rows.csv');
    const file = createWriteStream(path);
    file.write('a,b\n1,2\n3,"');
    for (let megabyte = 0; megabyte < 100; megabyte += 1) {
      if (!file.write('x'.repeat(1024 * 1024))) await once(file, 'drain');
    }
    file.end('"\n5,6\n');
    await once(file, 'close');
    const before = process.memoryUsage().rss;
    const source = await openRows(path, 'rows.csv');
    await expect(rowsOf(source)).rejects.toMatchObject({
      code: 'ROWS_INVALID',
      message: 'The row that begins in line 3 is larger than 16 MB.',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('a quotation mark that is never closed is told of with the line where its row begins', async () => {
    const path = join(temporaryFolder(), 'rows.csv');
    writeFileSync(path, 'a,b\n1,2\n3,"4\n5,6\n');
    await expect(rowsOf(await openRows(path, 'rows.csv'))).rejects.toMatchObject({
      code: 'ROWS_INVALID',
      message: 'A quotation mark in the row that begins in line 3 is never closed.',
    });
  });
});

describe('JSON', () => {
  test('one broken line of JSON Lines is the fault of that row alone', async () => {
    const { source, rows } = await read('rows.jsonl', '{"n":1}\n\n{"n":2\n{"n":3}');
    expect(source.columns).toEqual(['n']);
    expect(rows.map(({ kind, row, line }) => [kind, row, line])).toEqual([
      ['value', 1, 1],
      ['fault', 2, 3],
      ['value', 3, 4],
    ]);
    expect(cellsOf(rows)[1]).toMatch(/^This is not valid JSON: /);
  });

  test('an array is cut into its elements, whatever brackets their texts hold', async () => {
    const values = [{ a: 'x],[{"' }, [1, [2]], 'te\\"xt', 4.5, null, { b: { c: [] } }];
    const { source, rows } = await read('rows.json', ` ${JSON.stringify(values, null, 2)}\n`);
    expect(source.format).toBe('json');
    expect(cellsOf(rows)).toEqual(values);
  });

  test('an element that is broken is the fault of that row alone', async () => {
    const { rows } = await read('rows.json', '[{"n":1},{"n":oops},{"n":3}]');
    expect(rows.map(({ kind }) => kind)).toEqual(['value', 'fault', 'value']);
  });

  for (const [what, text, message] of [
    ['is no array', '{ "rows": 1 }', 'is not a JSON array'],
    ['ends in the middle', '[{"n":1},{"n":2', 'ends in the middle of row 2'],
    ['goes on after its end', '[1] 2', 'follows the end'],
    ['holds nothing', '[]', 'holds no rows'],
  ] as const) {
    test(`a file that ${what}`, async () => {
      await expect(read('rows.json', text, { format: 'json' })).rejects.toMatchObject({
        code: 'ROWS_INVALID',
        message: expect.stringContaining(message) as string,
      });
    });
  }
});

describe('spreadsheets', () => {
  test('XLSX: shared and rich texts, numbers, truth, stored values of formulas, empty cells', async () => {
    const path = join(temporaryFolder(), 'rows.xlsx');
    await writeXlsx(path, {
      shared: ['<t>name</t>', '<t>total</t>', '<r><t>Ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh>'],
      sheet:
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>ok</t></is></c></row>' +
        '<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3"><f>1+1</f><v>2</v></c><c r="D3" t="b"><v>1</v></c></row>' +
        '<row r="5"><c r="B5"><f>SUM(A1)</f></c></row>' +
        '<row r="6"><c r="A6" t="e"><v>#REF!</v></c></row>',
    });
    const source = await openRows(path, 'rows.xlsx');
    expect(source.sheets).toEqual(['Orders', 'Other']);
    expect(source.columns).toEqual(['name', 'total', 'column C', 'ok']);
    const rows = await rowsOf(source);
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [1, 3],
      [2, 5],
      [3, 6],
    ]);
    expect(cellsOf(rows)).toEqual([
      ['Rich', 2, null, true],
      'Cell B5: the value of its formula is not stored; open the file in a spreadsheet program and save it.',
      'Cell A6: it shows the error #REF!.',
    ]);
  });

  for (const [system, date1904, serial, date] of [
    ['1900', false, 45_992, '2025-12-01'],
    ['1900, before the day that never was', false, 59, '1900-02-28'],
    ['1900, after it', false, 61, '1900-03-01'],
    ['1904', true, 44_530, '2025-12-01'],
    ['1904, its first day', true, 0, '1904-01-01'],
  ] as const) {
    test(`XLSX: dates of ${system}`, async () => {
      const path = join(temporaryFolder(), 'rows.xlsx');
      await writeXlsx(path, {
        date1904,
        sheet: `<row r="1"><c r="A1" t="str"><v>day</v></c><c r="B1" t="str"><v>n</v></c></row><row r="2"><c r="A2" s="2"><v>${serial}</v></c><c r="B2" s="3"><v>${serial}</v></c></row>`,
      });
      expect(cellsOf(await rowsOf(await openRows(path, 'rows.xlsx')))).toEqual([[{ date }, serial]]);
    });
  }

  test('XLSX: a day with a time, a time alone, and the day that never was', async () => {
    const path = join(temporaryFolder(), 'rows.xlsx');
    await writeXlsx(path, {
      sheet:
        '<row r="1"><c r="A1" t="str"><v>day</v></c></row><row r="2"><c r="A2" s="1"><v>45992.75</v></c></row>' +
        '<row r="3"><c r="A3" s="1"><v>0.5</v></c></row><row r="4"><c r="A4" s="1"><v>60</v></c></row>',
    });
    expect(cellsOf(await rowsOf(await openRows(path, 'rows.xlsx')))).toEqual([
      [{ date: '2025-12-01T18:00:00' }],
      [{ date: '12:00:00' }],
      'Cell A4: 60 is no date.',
    ]);
  });

  test('XLSX: of merged cells the first one holds the value', async () => {
    const path = join(temporaryFolder(), 'rows.xlsx');
    await writeXlsx(path, {
      sheet:
        '<row r="1"><c r="A1" t="str"><v>city</v></c><c r="B1" t="str"><v>name</v></c></row>' +
        '<row r="2"><c r="A2" t="str"><v>Wien</v></c><c r="B2" t="str"><v>Ada</v></c></row>' +
        '<row r="3"><c r="A3"/><c r="B3" t="str"><v>Bob</v></c></row>',
      after: '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
    });
    expect(cellsOf(await rowsOf(await openRows(path, 'rows.xlsx')))).toEqual([
      ['Wien', 'Ada'],
      [null, 'Bob'],
    ]);
  });

  test('XLSX: another sheet by its name; one that is not there is told with those that are', async () => {
    const path = join(temporaryFolder(), 'rows.xlsx');
    await writeXlsx(path, { sheet: '<row r="1"><c r="A1" t="str"><v>a</v></c></row>' });
    expect((await openRows(path, 'rows.xlsx', { sheet: 'Other' })).columns).toEqual(['b']);
    await expect(openRows(path, 'rows.xlsx', { sheet: 'Nope' })).rejects.toMatchObject({
      message: 'The spreadsheet has no sheet "Nope".',
      details: { hint: 'It has: Orders, Other.' },
    });
  });

  test('ODS: types, repeated cells and rows, comments aside, the empty rest of the sheet', async () => {
    const path = join(temporaryFolder(), 'rows.ods');
    const cell = (type: string, value: string, text = ''): string =>
      `<table:table-cell office:value-type="${type}" ${value}><text:p>${text}</text:p></table:table-cell>`;
    await writeOds(
      path,
      `<table:table-row>${cell('string', '', 'name')}${cell('string', '', 'day')}${cell('string', '', 'n')}<table:table-cell table:number-columns-repeated="16381"/></table:table-row>` +
        `<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>A<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell>${cell('date', 'office:date-value="2025-12-01"', '1.12.25')}${cell('float', 'office:value="1.5"', '1,50')}</table:table-row>` +
        `<table:table-row><table:covered-table-cell/><table:table-cell calcext:value-type="error" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>` +
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    );
    const source = await openRows(path, 'rows.ods');
    expect(source.format).toBe('ods');
    expect(source.columns).toEqual(['name', 'day', 'n']);
    expect(cellsOf(await rowsOf(source))).toEqual([
      ['A  b\nc', { date: '2025-12-01' }, 1.5],
      ['A  b\nc', { date: '2025-12-01' }, 1.5],
      'Cell B4: it shows the error #DIV/0!.',
    ]);
  });

  test('what is none is told of in words', async () => {
    await expect(read('rows.xlsx', 'name,city\n')).rejects.toMatchObject({
      message: 'The file is called a spreadsheet but is none.',
    });
    const old = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    await expect(read('rows.xls', old)).rejects.toMatchObject({
      message: 'The file is an old or a protected Excel file (.xls), which cannot be read.',
    });
    await expect(read('rows.csv', '')).rejects.toMatchObject({ message: 'The file is empty.' });
  });
});
