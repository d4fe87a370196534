/** A rows file of any format. */
import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { RowFormat, RowReading } from '../../../contract/batch.ts';
import { InfluxionError } from '../../error.ts';
import { openCsv } from './csv-rows.ts';
import { openJsonArray } from './json-array.ts';
import { openJsonLines } from './json-lines.ts';
import type { RowSource } from './row-source.ts';
import { rowsInvalid } from './rows-error.ts';
import { openOds } from './spreadsheet/ods-rows.ts';
import { openXlsx } from './spreadsheet/xlsx-rows.ts';
import { detectEncoding } from './text-encoding.ts';

const BY_ENDING: Readonly<Record<string, RowFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
  '.txt': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.xlsx': 'xlsx',
  '.xlsm': 'xlsx',
  '.ods': 'ods',
};

const HEAD_BYTES = 4096;

/**
 * `filename`: what the file is called, which tells its format where its first bytes do not. Errors: ROWS_INVALID with what
 * is wrong and where; NOT_FOUND.
 */
export async function openRows(path: string, filename: string, reading: RowReading = {}): Promise<RowSource> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile() !== true) throw new InfluxionError('NOT_FOUND', `There is no rows file ${filename}.`);
  if (facts.size === 0)
    throw rowsInvalid('The file is empty.', 'It needs a row of names and rows of values.');
  const format = reading.format ?? (await detectFormat(path, filename));
  switch (format) {
    case 'xlsx':
      return openXlsx(path, reading.sheet ?? undefined);
    case 'ods':
      return openOds(path, reading.sheet ?? undefined);
    case 'csv':
    case 'json':
    case 'jsonl': {
      const encoding = reading.encoding ?? (await detectEncoding(path));
      if (format === 'csv') return openCsv(path, { encoding, separator: reading.separator ?? undefined });
      return format === 'json' ? openJsonArray(path, encoding) : openJsonLines(path, encoding);
    }
  }
}

async function detectFormat(path: string, filename: string): Promise<RowFormat> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.subarray(0, bytesRead);
  const byEnding = BY_ENDING[extname(filename).toLowerCase()];
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    return byEnding === 'ods' || head.includes('opendocument.spreadsheet') ? 'ods' : 'xlsx';
  }
  // The old binary format of Excel, and encrypted files of the new one (MS-CFB).
  if (head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw rowsInvalid(
      'The file is an old or a protected Excel file (.xls), which cannot be read.',
      'Save it as .xlsx without a password, or as CSV.',
    );
  }
  if (byEnding === 'xlsx' || byEnding === 'ods') {
    throw rowsInvalid(
      'The file is called a spreadsheet but is none.',
      'Save it again, or give it its right ending.',
    );
  }
  const first = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()[0];
  if (byEnding === 'json' && first === '{') return 'jsonl';
  if (byEnding !== undefined) return byEnding;
  return first === '[' ? 'json' : first === '{' ? 'jsonl' : 'csv';
}
