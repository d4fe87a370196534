/** Rows of a CSV file (RFC 4180 and what is found in its place). */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { rowsInvalid, noRows } from './rows-error.ts';
import { MAX_ROW_BYTES, type RowSource, type SourceRow } from './row-source.ts';
import { utf8Chunks, type TextEncodingName } from './text-encoding.ts';

const SEPARATORS = [',', ';', '\t', '|'] as const;
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_ROWS = 50;
const MAX_COLUMNS = 20_000;

const LENIENT = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, bom: true } as const;

export interface CsvReading {
  readonly encoding: TextEncodingName;
  readonly separator?: string | undefined;
}

/** Errors: ROWS_INVALID for a file without rows, or whose first row is no row of names. */
export async function openCsv(path: string, reading: CsvReading): Promise<RowSource> {
  const { encoding } = reading;
  const sample = await readSample(path, encoding);
  const separator = reading.separator ?? findSeparator(sample);
  const columns = await readNames(path, encoding, separator);
  return {
    format: 'csv',
    encoding,
    separator,
    sheets: [],
    columns,
    rows: (signal) => csvRows(path, { encoding, separator }, columns.length, signal),
  };
}

async function readSample(path: string, encoding: TextEncodingName): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of utf8Chunks(path, encoding)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= SAMPLE_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, SAMPLE_BYTES);
}

/** The one that cuts most rows of the sample into as many cells as the first, and into more than one. */
function findSeparator(sample: string): string {
  let best: { readonly separator: string; readonly score: number } = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const score = scoreOf(sample, separator);
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

function scoreOf(sample: string, separator: string): number {
  try {
    const rows = parseAtOnce(sample, { ...LENIENT, delimiter: separator, to: SAMPLE_ROWS });
    const [first, ...others] = rows;
    if (first === undefined || first.length < 2) return 0;
    const equal = others.filter((row) => row.length === first.length).length;
    return ((equal + 1) / rows.length) * 1000 + Math.min(first.length, 100);
  } catch {
    // The sample ends in the middle of a quoted cell; then the first row has to do.
    const [line = ''] = sample.split(/\r?\n/, 1);
    return Math.min(line.split(separator).length - 1, 100);
  }
}

interface Parsed {
  readonly record: string[];
  /** `lines`: up to the end of the record. */
  readonly info: { readonly lines: number };
}

async function* parsedRows(
  path: string,
  encoding: TextEncodingName,
  separator: string,
  signal?: AbortSignal,
): AsyncGenerator<Parsed> {
  const source = Readable.from(utf8Chunks(path, encoding, signal), { objectMode: false });
  let last = 0;
  const parser = parse({
    ...LENIENT,
    delimiter: separator,
    max_record_size: MAX_ROW_BYTES,
    info: true,
    // The parser is ahead of who reads it, so what fails is told of by what it had come to.
    on_record(record: string[], { lines }) {
      last = lines;
      return record;
    },
  });
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const parsed of parser as AsyncIterable<Parsed>) yield parsed;
  } catch (error) {
    throw explain(error, last + 1);
  } finally {
    parser.destroy();
    source.destroy();
  }
}

async function readNames(path: string, encoding: TextEncodingName, separator: string): Promise<string[]> {
  for await (const { record } of parsedRows(path, encoding, separator)) {
    if (record.length > MAX_COLUMNS) {
      throw rowsInvalid(
        `The file has ${record.length} columns; at most ${MAX_COLUMNS} can be read.`,
        'If that is not so, name the separator.',
      );
    }
    return record.map((name, at) => (name.trim() === '' ? `column ${at + 1}` : name.trim()));
  }
  throw noRows('The file');
}

async function* csvRows(
  path: string,
  { encoding, separator }: { readonly encoding: TextEncodingName; readonly separator: string },
  width: number,
  signal: AbortSignal,
): AsyncGenerator<SourceRow> {
  let row = 0;
  let line = 0;
  let isNames = true;
  for await (const { record, info } of parsedRows(path, encoding, separator, signal)) {
    // A quoted cell may hold line breaks; the row is told of by its first line.
    const first = line + 1;
    line = info.lines;
    if (isNames) {
      isNames = false;
      continue;
    }
    row += 1;
    const place = { row, line: first };
    yield record.length === width
      ? { ...place, kind: 'cells', cells: record }
      : { ...place, kind: 'fault', problem: ragged(record.length, width) };
  }
}

function ragged(cells: number, width: number): string {
  const have = cells === 1 ? '1 cell' : `${cells} cells`;
  return `The row has ${have}, but there are ${width} columns; check its separators and quotation marks.`;
}

function explain(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const megabytes = MAX_ROW_BYTES / 1024 / 1024;
  const problems: Partial<Record<string, string>> = {
    CSV_MAX_RECORD_SIZE: `The row that begins in line ${line} is larger than ${megabytes} MB`,
    CSV_QUOTE_NOT_CLOSED: `A quotation mark in the row that begins in line ${line} is never closed`,
    CSV_INVALID_CLOSING_QUOTE: `A quotation mark in the row that begins in line ${line} does not end its cell`,
  };
  return rowsInvalid(
    `${problems[error.code] ?? `The row that begins in line ${line} cannot be read`}.`,
    'Look for a quotation mark too many there; inside a cell it is written twice.',
    error,
  );
}
