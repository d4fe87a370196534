/** `index.csv`: which row became which file (RFC 4180, UTF-8). */
import { Buffer } from 'node:buffer';
import type { JobErrorDetail } from '../../../contract/job.ts';
import type { BatchRowRecord, BatchRowRepository } from '../../store/batch-row-repository.ts';

export const INDEX_NAME = 'index.csv';
const COLUMNS = ['row', 'line', 'file', 'state', 'pages', 'size', 'sha256', 'error'];
const STEP = 500;

/** Read a few rows at a time, so that the table may be of any size. */
export async function* indexCsv(batchId: number, rows: BatchRowRepository): AsyncGenerator<Buffer> {
  yield Buffer.from(`${COLUMNS.join(',')}\r\n`);
  for (let after = 0; ;) {
    const page = rows.page(batchId, undefined, { after, limit: STEP });
    if (page.length === 0) return;
    after = page.at(-1)?.row ?? after;
    yield await Promise.resolve(Buffer.from(page.map(lineOf).join('')));
  }
}

function lineOf(row: BatchRowRecord): string {
  const error = row.error_detail === null ? '' : (JSON.parse(row.error_detail) as JobErrorDetail).message;
  const file = row.state === 'done' ? row.name : '';
  const cells = [row.row, row.line, file, row.state, row.pages, row.size, row.sha256, error];
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** A cell that begins like a formula would be one in a spreadsheet program, so it gets an apostrophe. */
function cellOf(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value.replace(/^[=+\-@\t\r]/, "'$&") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
