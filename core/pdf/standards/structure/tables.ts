/** Tables: rows and cells only, and a grid without holes or overlaps (ISO 14289-1 §7.2; ISO 14289-2 §8.2.5.26). */
import { withAttribute } from './attributes.ts';
import { StructureElement, type Kid } from './element.ts';

/** Everything in a row is a cell. */
export function settleTableRow(row: StructureElement): void {
  if (row.kids.every(isCell)) return;
  row.wrapRuns(
    'TD',
    (kid) => !isCell(kid),
    () => true,
  );
}

const isCell = (kid: Kid): boolean =>
  kid instanceof StructureElement && (kid.type === 'TD' || kid.type === 'TH');

/** Everything in a table is a row, a group of rows or its caption, which comes first. */
export function settleTable(table: StructureElement): void {
  while (table.spread((kid) => MERE_GROUPS.has(kid.type) && kid.elements.some(({ type }) => type === 'TR')));
  table.wrapRuns(
    'TR',
    (kid) => !(kid instanceof StructureElement && PARTS.has(kid.type)),
    () => true,
  );
  for (const row of table.elements) if (row.type === 'TR') settleTableRow(row);
  const captions = table.elements.filter(({ type }) => type === 'Caption');
  const [caption, ...more] = captions;
  if (caption !== undefined) {
    caption.adopt([...caption.kids, ...more.flatMap(({ kids }) => kids)]);
    table.kids = [
      caption,
      ...table.kids.filter((kid) => !(kid instanceof StructureElement && kid.type === 'Caption')),
    ];
  }
  regularise(rowGroups(table));
}

/** What the tree has for boxes. */
const MERE_GROUPS = new Set(['NonStruct', 'Box', 'Div']);
const PARTS = new Set(['TR', 'THead', 'TBody', 'TFoot', 'Caption']);

/** Rows that belong together: spans do not leave their group. */
function rowGroups(table: StructureElement): StructureElement[][] {
  const loose = table.elements.filter(({ type }) => type === 'TR');
  const groups = table.elements.filter(({ type }) => type !== 'TR' && type !== 'Caption');
  return [loose, ...groups.map((group) => group.elements)].filter((rows) => rows.length > 0);
}

const MOST_SPAN = 1_000;

/**
 * Cuts spans that reach beyond the last row or over another cell, and fills rows that end early with empty cells. HTML shows such
 * tables all the same.
 */
function regularise(groups: readonly StructureElement[][]): void {
  const placed = groups.map(placeCells);
  const all = placed.flat();
  const columns = all.reduce((most, { end }) => Math.max(most, end), 0);
  for (const { row, next, above } of all) {
    for (let column = next; column < columns;) {
      let end = column;
      while (end < columns && end - column < MOST_SPAN && (above[end] ?? 0) === 0) end += 1;
      if (end > column) appendEmpty(row, end - column);
      column = Math.max(end, column + 1);
    }
  }
}

function appendEmpty(row: StructureElement, columns: number): void {
  const cell = new StructureElement('TD', row);
  if (columns > 1) cell.attributes = withAttribute(undefined, 'Table', 'ColSpan', columns);
  row.kids.push(cell);
}

interface PlacedRow {
  readonly row: StructureElement;
  /** By column: how many rows, this one included, a cell from above still fills. */
  readonly above: readonly number[];
  /** The column behind its last cell. */
  readonly next: number;
  /** Behind the last column that anything fills. */
  readonly end: number;
}

function placeCells(rows: readonly StructureElement[]): PlacedRow[] {
  const placed: PlacedRow[] = [];
  let filled: readonly number[] = [];
  for (const [index, row] of rows.entries()) {
    let column = 0;
    const past = (): void => {
      while ((filled[column] ?? 0) > 0) column += 1;
    };
    const next = filled.map((left) => Math.max(0, left - 1));
    for (const cell of row.elements) {
      past();
      const { attributes } = cell;
      let columns = attributes === undefined ? 1 : span(attributes.numberAt('Table', 'ColSpan'));
      let deep = attributes === undefined ? 1 : span(attributes.numberAt('Table', 'RowSpan'));
      if (columns > 1 || deep > 1) {
        let room = 1;
        while (room < columns && (filled[column + room] ?? 0) === 0) room += 1;
        if (room < columns) {
          columns = room;
          cell.attributes = withAttribute(cell.attributes, 'Table', 'ColSpan', columns);
        }
        if (deep > rows.length - index) {
          deep = rows.length - index;
          cell.attributes = withAttribute(cell.attributes, 'Table', 'RowSpan', deep);
        }
        for (let over = 0; over < columns && deep > 1; over += 1) next[column + over] = deep - 1;
      }
      column += columns;
    }
    past();
    let end = column;
    for (let later = column; later < filled.length; later += 1) if ((filled[later] ?? 0) > 0) end = later + 1;
    placed.push({ row, above: filled, next: column, end });
    filled = next;
  }
  return placed;
}

const span = (value: number | undefined): number =>
  value === undefined || !Number.isInteger(value) || value < 1 ? 1 : Math.min(value, MOST_SPAN);
