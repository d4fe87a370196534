/** From a row of a file to the data of its document. */
import { DataPath, type ColumnMapping, type ColumnType, type RowMapping } from '../../../contract/batch.ts';
import { InfluxionError } from '../../error.ts';
import { didYouMean } from '../../templates/nearest-name.ts';
import type { Cell, SourceRow } from '../rows/row-source.ts';
import { convertCell, type Converted } from './cell-value.ts';
import { emptyData, parsePath, setAt, type PathSegment } from './data-path.ts';
import { writtenForms } from './written-forms.ts';

export type MappedRow =
  | { readonly data: unknown; readonly problem?: undefined }
  /** `data`: what could be read of the row, to be mended; undefined when nothing could. */
  | { readonly data: unknown; readonly problem: string };

export type MapRow = (row: SourceRow) => MappedRow;

interface MappedColumn {
  readonly name: string;
  /** In the cells of a row. */
  readonly at: number;
  readonly path: readonly PathSegment[];
  readonly type: ColumnMapping['type'];
  readonly empty: NonNullable<ColumnMapping['empty']>;
}

/** Errors: VALIDATION_FAILED for columns that are not there, are there twice, or go to the same place. */
export function createRowMapper(columns: readonly string[], mapping: RowMapping = {}): MapRow {
  const forms = writtenForms(mapping.locale ?? 'en');
  const isGiven = mapping.columns != null;
  const mapped = isGiven ? givenColumns(columns, mapping.columns ?? []) : allColumns(columns);
  return (row) => {
    if (row.kind === 'fault') return { data: undefined, problem: row.problem };
    if (row.kind === 'cells') {
      return fill(
        mapped,
        (column) => row.cells[column.at] ?? null,
        (cell, type) => convertCell(cell, type, forms),
      );
    }
    if (!isGiven) return { data: row.value };
    // Objects and arrays of JSON are taken as they are.
    return fill(
      mapped,
      (column) => fieldOf(row.value, column.name),
      (value, type) => (typeof value === 'object' ? { value } : convertCell(value as Cell, type, forms)),
    );
  };
}

function fill<Value>(
  columns: readonly MappedColumn[],
  valueOf: (column: MappedColumn) => Value,
  convert: (value: Value, type: ColumnType | undefined) => Converted,
): MappedRow {
  const data = emptyData();
  const problems: string[] = [];
  for (const column of columns) {
    const { name, path, type, empty } = column;
    const cell = valueOf(column);
    if (cell === null || cell === undefined || cell === '') {
      if (empty === 'error') problems.push(`${name}: the cell is empty`);
      else if (empty !== 'omit') setAt(data, path, empty === 'null' ? null : '');
      continue;
    }
    const converted = convert(cell, type ?? undefined);
    if ('problem' in converted) problems.push(`${name}: ${converted.problem}`);
    setAt(data, path, 'problem' in converted ? cell : converted.value);
  }
  if (problems.length === 0) return { data };
  const more = problems.length > 3 ? ` (and ${problems.length - 3} more)` : '';
  return { data, problem: `${problems.slice(0, 3).join('; ')}${more}.` };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : null;

function allColumns(columns: readonly string[]): MappedColumn[] {
  return checked(
    columns.map((name, at) => ({
      name,
      at,
      // A name that is no path is a plain name, whatever it holds.
      path: DataPath.safeParse(name).success ? parsePath(name) : [name],
      type: undefined,
      empty: 'omit' as const,
    })),
  );
}

function givenColumns(columns: readonly string[], given: readonly ColumnMapping[]): MappedColumn[] {
  const mapped = given.flatMap(({ column, path, type, empty }, index) => {
    if (path === null) return [];
    const at = columns.indexOf(column);
    if (at < 0) {
      const message = `There is no column "${column}".`;
      throw invalid(`mapping.columns.${index}.column`, message, didYouMean(column, columns));
    }
    return [{ name: column, at, path: parsePath(path), type, empty: empty ?? ('omit' as const) }];
  });
  return checked(mapped);
}

function checked(columns: MappedColumn[]): MappedColumn[] {
  const probe = emptyData();
  for (const { name, path } of columns) {
    if (setAt(probe, path, 0)) continue;
    const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join('.');
    throw invalid(
      'mapping.columns',
      `The column "${name}" goes to ${place}, where another column goes too.`,
      'Give each column a place of its own, or leave one out.',
    );
  }
  return columns;
}

const invalid = (path: string, message: string, hint: string | undefined): InfluxionError =>
  new InfluxionError('VALIDATION_FAILED', message, {
    errors: [{ path, message }],
    ...(hint !== undefined && { hint }),
  });
