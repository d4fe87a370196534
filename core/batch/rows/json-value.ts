import { noRows } from './rows-error.ts';
import type { SourceRow } from './row-source.ts';

/** The row that a piece of JSON text is. */
export function parseRow(place: { readonly row: number; readonly line: number }, text: string): SourceRow {
  try {
    return { ...place, kind: 'value', value: JSON.parse(text) as unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    return { ...place, kind: 'fault', problem: `This is not valid JSON: ${why}.` };
  }
}

/** Names in the first row that is an object; the others may have more. Errors: ROWS_INVALID when there is no row at all. */
export async function firstNames(rows: AsyncIterable<SourceRow>, what: string): Promise<string[]> {
  let some = false;
  for await (const row of rows) {
    some = true;
    if (row.kind !== 'value') continue;
    const { value } = row;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  }
  if (!some) throw noRows(what);
  return [];
}
