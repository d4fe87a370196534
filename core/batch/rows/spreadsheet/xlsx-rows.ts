/** Rows of an XLSX file (ECMA-376). Of a formula its stored value counts. */
import { rowsInvalid } from '../rows-error.ts';
import type { Cell, RowSource } from '../row-source.ts';
import { serialDate } from './serial-date.ts';
import { columnIndex, MAX_COLUMNS, sheetColumns, sheetRows, type SheetRow } from './sheet-rows.ts';
import { readXml, type XmlHandlers } from './xml-events.ts';
import { readSharedTexts, readWorkbook, unescapeText, type Workbook } from './xlsx-workbook.ts';
import { openZipParts } from './zip-file.ts';

/** Errors: ROWS_INVALID. */
export async function openXlsx(path: string, sheetName: string | undefined): Promise<RowSource> {
  await using zip = await openZipParts(path);
  const workbook = await readWorkbook(zip);
  const sheets = workbook.sheets.map(({ name }) => name);
  const sheet =
    sheetName === undefined ? workbook.sheets[0] : workbook.sheets.find(({ name }) => name === sheetName);
  if (sheet === undefined) throw noSheet(sheetName ?? '', sheets);

  async function* cells(signal?: AbortSignal): AsyncGenerator<SheetRow> {
    await using parts = await openZipParts(path);
    const shared = await readSharedTexts(parts);
    const part = sheet?.part ?? '';
    yield* readXml<SheetRow>(parts.read(part, signal), part, (give) => sheetHandlers(workbook, shared, give));
  }
  const columns = await sheetColumns(cells());
  return {
    format: 'xlsx',
    encoding: null,
    separator: null,
    sheets,
    columns,
    rows: (signal) => sheetRows(cells(signal), columns.length),
  };
}

export const noSheet = (name: string, sheets: readonly string[]) =>
  rowsInvalid(`The spreadsheet has no sheet "${name}".`, `It has: ${sheets.slice(0, 20).join(', ')}.`);

function sheetHandlers(
  workbook: Workbook,
  shared: readonly string[],
  give: (row: SheetRow) => void,
): XmlHandlers {
  let line = 0;
  let cells: (Cell | undefined)[] = [];
  let at = -1;
  let type = 'n';
  let isDate = false;
  let isFormula = false;
  let value: string | undefined;
  let reading = false;
  return {
    open(name, attributes) {
      if (name === 'row') {
        line = Number(attributes['r'] ?? line + 1);
        cells = [];
        at = -1;
      } else if (name === 'c') {
        at = columnIndex(attributes['r']) ?? at + 1;
        if (at >= MAX_COLUMNS) throw rowsInvalid(`Row ${line} has more than ${MAX_COLUMNS} columns.`);
        type = attributes['t'] ?? 'n';
        isDate = workbook.dateStyles[Number(attributes['s'] ?? -1)] ?? false;
        isFormula = false;
        value = undefined;
      } else if (name === 'f') isFormula = true;
      else if (name === 'v' || name === 't') {
        value ??= '';
        reading = true;
      }
    },
    text(text) {
      if (reading) value = (value ?? '') + text;
    },
    close(name) {
      if (name === 'v' || name === 't') reading = false;
      else if (name === 'c') cells[at] = cellOf(value, { type, isDate, isFormula }, workbook, shared);
      else if (name === 'row') give({ line, cells: Array.from(cells) });
    },
  };
}

interface CellFacts {
  readonly type: string;
  readonly isDate: boolean;
  readonly isFormula: boolean;
}

function cellOf(
  value: string | undefined,
  { type, isDate, isFormula }: CellFacts,
  { is1904 }: Workbook,
  shared: readonly string[],
): Cell {
  if (value === undefined) {
    return isFormula
      ? {
          fault: 'the value of its formula is not stored; open the file in a spreadsheet program and save it',
        }
      : null;
  }
  switch (type) {
    case 's':
      return shared[Number(value)] ?? { fault: 'its text is missing in the file' };
    case 'str':
    case 'inlineStr':
      return unescapeText(value);
    case 'b':
      return value === '1' || value === 'true';
    case 'e':
      return { fault: `it shows the error ${value}` };
    case 'd':
      return { date: value.replace(/T00:00:00(?:\.0+)?Z?$/, '').replace(/Z$/, '') };
    default:
      return numberOf(value, isDate, is1904);
  }
}

function numberOf(value: string, isDate: boolean, is1904: boolean): Cell {
  const number = Number(value);
  if (value.trim() === '') return null;
  if (!Number.isFinite(number)) return { fault: `"${value}" is no number` };
  if (!isDate) return number;
  const date = serialDate(number, is1904);
  return date === undefined ? { fault: `${value} is no date` } : { date };
}
