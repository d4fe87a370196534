/** From the cells of a sheet to rows: the first row that is not empty names the columns. */
import type { Cell, SourceRow } from '../row-source.ts';
import { noRows, rowsInvalid } from '../rows-error.ts';

export const MAX_COLUMNS = 20_000;

export interface SheetRow {
  /** Of the sheet, from 1. */
  readonly line: number;
  /** Missing cells are empty. */
  readonly cells: readonly (Cell | undefined)[];
}

const isEmpty = (cell: Cell | undefined): boolean => cell === undefined || cell === null || cell === '';

/** Names of the columns, up to the last cell of the row of names. Errors: ROWS_INVALID when the sheet is empty. */
export async function sheetColumns(rows: AsyncIterable<SheetRow>): Promise<string[]> {
  for await (const { cells, line } of rows) {
    if (cells.every(isEmpty)) continue;
    const last = cells.findLastIndex((cell) => !isEmpty(cell));
    return Array.from({ length: last + 1 }, (_, at) => nameOf(cells[at], at, line));
  }
  throw noRows('The sheet');
}

function nameOf(cell: Cell | undefined, at: number, line: number): string {
  if (isEmpty(cell)) return `column ${columnLetters(at)}`;
  if (typeof cell === 'object' && cell !== null) {
    if ('date' in cell) return cell.date;
    throw rowsInvalid(
      `Cell ${columnLetters(at)}${line}, which names a column, cannot be read: ${cell.fault}.`,
    );
  }
  return String(cell).trim();
}

export async function* sheetRows(rows: AsyncIterable<SheetRow>, width: number): AsyncGenerator<SourceRow> {
  let row = 0;
  let isNames = true;
  for await (const { cells, line } of rows) {
    if (cells.every(isEmpty)) continue;
    if (isNames) {
      isNames = false;
      continue;
    }
    row += 1;
    const beyond = cells.findIndex((cell, at) => at >= width && !isEmpty(cell));
    const faulty = cells.findIndex((cell) => typeof cell === 'object' && cell !== null && 'fault' in cell);
    if (faulty >= 0) {
      const fault = cells[faulty] as { readonly fault: string };
      yield { kind: 'fault', row, line, problem: `Cell ${columnLetters(faulty)}${line}: ${fault.fault}.` };
    } else if (beyond >= 0) {
      const problem = `Cell ${columnLetters(beyond)}${line} holds a value, but its column has no name.`;
      yield { kind: 'fault', row, line, problem };
    } else {
      yield { kind: 'cells', row, line, cells: Array.from({ length: width }, (_, at) => cells[at] ?? null) };
    }
  }
}

/** `A`, `Z`, `AA` … for 0, 25, 26 … */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

/** The index of the column in a reference such as `AB12`; undefined for what is none. */
export function columnIndex(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference ?? '')?.[0]?.toUpperCase();
  if (letters === undefined) return undefined;
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}
