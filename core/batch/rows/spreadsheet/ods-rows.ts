/** Rows of an OpenDocument spreadsheet (ISO/IEC 26300-1). Of a formula its stored value counts. */
import { rowsInvalid } from '../rows-error.ts';
import type { Cell, RowSource } from '../row-source.ts';
import { MAX_COLUMNS, sheetColumns, sheetRows, type SheetRow } from './sheet-rows.ts';
import { readXml, scanXml, type XmlHandlers } from './xml-events.ts';
import { noSheet } from './xlsx-rows.ts';
import { openZipParts } from './zip-file.ts';

const CONTENT = 'content.xml';
/** A row that is repeated more often than this is the empty rest of the sheet, or nothing that anybody means. */
const MAX_REPEATED_ROWS = 1_000_000;

/** Errors: ROWS_INVALID. */
export async function openOds(path: string, sheetName: string | undefined): Promise<RowSource> {
  const sheets = await readSheetNames(path);
  const name = sheetName ?? sheets[0];
  if (name === undefined) throw rowsInvalid('The spreadsheet has no sheet.');
  if (!sheets.includes(name)) throw noSheet(name, sheets);

  async function* cells(signal?: AbortSignal): AsyncGenerator<SheetRow> {
    await using zip = await openZipParts(path);
    yield* readXml<SheetRow>(zip.read(CONTENT, signal), CONTENT, (give) => sheetHandlers(name ?? '', give));
  }
  const columns = await sheetColumns(cells());
  return {
    format: 'ods',
    encoding: null,
    separator: null,
    sheets,
    columns,
    rows: (signal) => sheetRows(cells(signal), columns.length),
  };
}

async function readSheetNames(path: string): Promise<string[]> {
  await using zip = await openZipParts(path);
  const names: string[] = [];
  await scanXml(zip.read(CONTENT), CONTENT, {
    open(element, attributes) {
      const name = attributes['table:name'];
      if (element === 'table' && name !== undefined) names.push(name);
    },
    text: () => undefined,
    close: () => undefined,
  });
  return names;
}

function sheetHandlers(sheet: string, give: (row: SheetRow) => void): XmlHandlers {
  let isWanted = false;
  let depth = 0;
  let line = 0;
  let rowRepeat = 1;
  let cells: (Cell | undefined)[] = [];
  let at = 0;
  let attributes: Readonly<Record<string, string>> = {};
  let text: string | undefined;
  let inAnnotation = 0;
  const isCell = (name: string): boolean => name === 'table-cell' || name === 'covered-table-cell';
  return {
    open(name, given) {
      if (name === 'table') {
        depth += 1;
        if (depth === 1) isWanted = given['table:name'] === sheet;
        line = 0;
      }
      if (!isWanted || depth !== 1) return;
      if (name === 'table-row') {
        rowRepeat = Number(given['table:number-rows-repeated'] ?? 1);
        cells = [];
        at = 0;
      } else if (isCell(name)) {
        attributes = given;
        text = undefined;
      } else if (name === 'annotation') inAnnotation += 1;
      else if (name === 'p' && inAnnotation === 0) text = text === undefined ? '' : `${text}\n`;
      else if (name === 's') text = (text ?? '') + ' '.repeat(Math.min(1000, Number(given['text:c'] ?? 1)));
      else if (name === 'tab') text = `${text ?? ''}\t`;
      else if (name === 'line-break') text = `${text ?? ''}\n`;
    },
    text(part) {
      if (isWanted && text !== undefined && inAnnotation === 0) text += part;
    },
    close(name) {
      if (name === 'table') depth -= 1;
      if (!isWanted) return;
      if (name === 'annotation') inAnnotation -= 1;
      else if (isCell(name)) {
        const cell = cellOf(attributes, text);
        const repeat = Number(attributes['table:number-columns-repeated'] ?? 1);
        // The empty rest of a row is one cell, repeated to the last column of the sheet.
        if (cell !== null) {
          if (at + repeat > MAX_COLUMNS) {
            throw rowsInvalid(`Row ${line + 1} has more than ${MAX_COLUMNS} columns.`);
          }
          cells.length = at;
          for (let copy = 0; copy < repeat; copy += 1) cells[at + copy] = cell;
        }
        at += repeat;
        text = undefined;
      } else if (name === 'table-row') {
        const isEmpty = cells.every((cell) => cell === undefined || cell === null);
        if (!isEmpty && rowRepeat > MAX_REPEATED_ROWS)
          throw rowsInvalid(`Row ${line + 1} repeats without end.`);
        if (!isEmpty) {
          for (let copy = 0; copy < rowRepeat; copy += 1) {
            give({ line: line + copy + 1, cells: Array.from(cells) });
          }
        }
        line += rowRepeat;
      }
    },
  };
}

function cellOf(attributes: Readonly<Record<string, string>>, text: string | undefined): Cell {
  if (attributes['calcext:value-type'] === 'error') return { fault: `it shows the error ${text ?? ''}` };
  switch (attributes['office:value-type'] ?? 'string') {
    case 'float':
    case 'percentage':
    case 'currency': {
      const number = Number(attributes['office:value']);
      return Number.isFinite(number) ? number : { fault: 'it holds no number' };
    }
    case 'boolean':
      return attributes['office:boolean-value'] === 'true';
    case 'date':
      return { date: (attributes['office:date-value'] ?? '').replace(/T00:00:00(?:\.0+)?$/, '') };
    case 'time':
      return { date: clockOf(attributes['office:time-value'] ?? '') ?? text ?? '' };
    default:
      return attributes['office:string-value'] ?? text ?? null;
  }
}

/** `PT13H05M00S` as `13:05:00`. */
function clockOf(duration: string): string | undefined {
  const match = /^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/.exec(duration);
  return match === null
    ? undefined
    : match
        .slice(1)
        .map((part) => part.padStart(2, '0'))
        .join(':');
}
