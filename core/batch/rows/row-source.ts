/** Rows as a file holds them, one after the other, whatever its format. */
import type { RowFormat } from '../../../contract/batch.ts';

/** A cell: texts of a CSV file, and what a spreadsheet knows besides. Dates are ISO 8601, without a time zone. */
export type Cell = string | number | boolean | { readonly date: string } | { readonly fault: string } | null;

interface Numbered {
  /** From 1, without the row of names. */
  readonly row: number;
  /** Line of the text file, row of the sheet, or element of the array; from 1. */
  readonly line: number;
}

export type SourceRow =
  | (Numbered & { readonly kind: 'cells'; readonly cells: readonly Cell[] })
  | (Numbered & { readonly kind: 'value'; readonly value: unknown })
  /** This row cannot be read; the others can. */
  | (Numbered & { readonly kind: 'fault'; readonly problem: string });

export interface RowSource {
  readonly format: RowFormat;
  readonly encoding: string | null;
  readonly separator: string | null;
  readonly sheets: readonly string[];
  /** Names of the columns; of JSON the names in the first row. */
  readonly columns: readonly string[];
  /** From the beginning, each time. Errors: ROWS_INVALID where nothing can be read from there on, with the line. */
  rows(signal: AbortSignal): AsyncIterable<SourceRow>;
}

/** Bytes of one row of text; what is larger is most often a quotation mark that is never closed. */
export const MAX_ROW_BYTES = 16 * 1024 * 1024;
