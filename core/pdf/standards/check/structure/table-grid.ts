/** Tables laid out by their spans: are they regular, and do headers lead to each cell (ISO 32000-2 §14.8.4.8, ISO 14289-1 §7.5)? */
import type { Facts } from '../facts.ts';
import type { Attributes } from './attributes.ts';
import type { StructureNode } from './element-tree.ts';
import type { TaggedTree } from './tagged-tree.ts';

export interface TableFault {
  readonly kind:
    | 'cells overlap'
    | 'rows differ'
    | 'row is too wide'
    | 'row is too narrow'
    | 'no header'
    | 'unknown header';
  /** The cell or the table. */
  readonly node: StructureNode;
}

interface Cell {
  readonly node: StructureNode;
  readonly isHeader: boolean;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

const MOST_FIELDS = 4_000_000;

export interface TableOptions {
  readonly facts: Facts;
  readonly tree: TaggedTree;
  readonly attributes: Attributes;
  /** PDF/UA-2: spans end with their row group, and headers have a scope by their place. */
  readonly isNewer: boolean;
}

/** The first fault of a table; undefined for a good one. */
export function tableFault(table: StructureNode, options: TableOptions): TableFault | undefined {
  return new Grid(table, options).fault();
}

class Grid {
  readonly #table: StructureNode;
  readonly #options: TableOptions;
  readonly #rows: StructureNode[] = [];
  /** Numbers of rows at which a group of rows begins or ends. */
  readonly #borders: number[] = [];
  readonly #fields: (Cell | undefined)[][] = [];
  #width = 0;

  constructor(table: StructureNode, options: TableOptions) {
    this.#table = table;
    this.#options = options;
    const { tree } = options;
    for (const kid of tree.kids(table)) {
      const type = tree.type(kid.dict);
      if (type === 'TR') this.#rows.push(kid);
      else if (type === 'THead' || type === 'TBody' || type === 'TFoot') {
        this.#borders.push(this.#rows.length);
        for (const row of tree.kids(kid)) if (tree.type(row.dict) === 'TR') this.#rows.push(row);
        this.#borders.push(this.#rows.length);
      }
    }
  }

  fault(): TableFault | undefined {
    const height = this.#height();
    const [first] = this.#rows;
    if (height === 0 || first === undefined) return undefined;
    this.#width = this.#cells(first).reduce((sum, cell) => sum + this.#span(cell, 'ColSpan'), 0);
    if (height * this.#width > MOST_FIELDS) return { kind: 'rows differ', node: this.#table };
    for (let row = 0; row < height; row += 1)
      this.#fields.push(Array.from({ length: this.#width }, () => undefined));
    return this.#lay(height) ?? this.#gap() ?? this.#missingHeader();
  }

  #cells(row: StructureNode): StructureNode[] {
    const { tree } = this.#options;
    return tree.kids(row).filter(({ dict }) => ['TD', 'TH'].includes(tree.type(dict) ?? ''));
  }

  #span({ dict }: StructureNode, key: 'ColSpan' | 'RowSpan'): number {
    return this.#options.attributes.integer(dict, 'Table', key) ?? 1;
  }

  /** Rows by the spans of the first cell of each. */
  #height(): number {
    let height = 0;
    for (let row = 0; row < this.#rows.length; row += 1) {
      const node = this.#rows[row];
      const [first] = node === undefined ? [] : this.#cells(node);
      if (first === undefined) continue;
      const span = this.#span(first, 'RowSpan');
      height += span;
      if (span > 1) row += span - 1;
    }
    return height;
  }

  /** Puts every cell on its fields. */
  #lay(height: number): TableFault | undefined {
    const node = this.#table;
    for (let row = 0; row < this.#rows.length; row += 1) {
      let column = 0;
      for (const cell of this.#cells(this.#rows[row] ?? this.#table)) {
        const rows = this.#span(cell, 'RowSpan');
        const columns = this.#span(cell, 'ColSpan');
        this.#options.facts.budget.step(Math.max(1, rows * columns));
        while (column < this.#width && this.#fields[row]?.[column] !== undefined) column += 1;
        if (column + columns > this.#width) return { kind: 'row is too wide', node };
        const crosses = this.#options.isNewer && row + rows > this.#nextBorder(row);
        if (row + rows > height || crosses) return { kind: 'rows differ', node };
        const isHeader = this.#options.tree.type(cell.dict) === 'TH';
        const overlap = this.#place({ node: cell, isHeader, row, column, rows, columns });
        if (overlap !== undefined) return overlap;
        column += columns;
      }
    }
    return undefined;
  }

  /** The first border behind a row; they ascend. */
  #nextBorder(row: number): number {
    let low = 0;
    let high = this.#borders.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#borders[middle] ?? 0) > row) high = middle;
      else low = middle + 1;
    }
    return this.#borders[low] ?? Infinity;
  }

  #place(cell: Cell): TableFault | undefined {
    for (let row = cell.row; row < cell.row + cell.rows; row += 1) {
      for (let column = cell.column; column < cell.column + cell.columns; column += 1) {
        const fields = this.#fields[row];
        if (fields === undefined) continue;
        if (fields[column] !== undefined) return { kind: 'cells overlap', node: cell.node };
        fields[column] = cell;
      }
    }
    return undefined;
  }

  #gap(): TableFault | undefined {
    return this.#fields.some((row) => row.includes(undefined))
      ? { kind: 'row is too narrow', node: this.#table }
      : undefined;
  }

  /** A cell that no header leads to, when not every header says its scope. */
  #missingHeader(): TableFault | undefined {
    const { facts } = this.#options;
    const cells = new Set(this.#fields.flat());
    const ids = new Set<string>();
    let isScoped = true;
    for (const cell of cells) {
      if (cell?.isHeader !== true) continue;
      const id = facts.file.text(cell.node.dict.get('ID'));
      if (id !== undefined && id !== '') ids.add(id);
      if (this.#scope(cell) === undefined) isScoped = false;
    }
    if (isScoped) return undefined;
    for (const cell of cells) {
      if (cell === undefined || cell.isHeader) continue;
      facts.budget.step();
      const headers = this.#headers(cell);
      const unknown = headers.filter((header) => !ids.has(header));
      if (headers.length > 0 && unknown.length === 0) continue;
      if (this.#leads(cell)) continue;
      return { kind: unknown.length > 0 ? 'unknown header' : 'no header', node: cell.node };
    }
    return undefined;
  }

  #headers({ node }: Cell): string[] {
    const { attributes, facts } = this.#options;
    return (attributes.array(node.dict, 'Table', 'Headers') ?? []).flatMap(
      (item) => facts.file.text(item) ?? [],
    );
  }

  #scope({ node }: Cell): string | undefined {
    return this.#options.attributes.name(node.dict, 'Table', 'Scope');
  }

  /** A header above or before a cell has a scope that reaches it. */
  #leads({ row, column, rows, columns }: Cell): boolean {
    for (let across = column; row > 0 && across < column + columns; across += 1) {
      const above = Array.from({ length: row }, (_, index) => [row - 1 - index, across] as const);
      if (this.#search(above, 'Column')) return true;
    }
    for (let down = row; column > 0 && down < row + rows; down += 1) {
      const before = Array.from({ length: column }, (_, index) => [down, column - 1 - index] as const);
      if (this.#search(before, 'Row')) return true;
    }
    return false;
  }

  /** Away from a cell: past the first run of headers none counts. */
  #search(fields: readonly (readonly [row: number, column: number])[], scope: string): boolean {
    let isFound = false;
    this.#options.facts.budget.step(fields.length);
    for (const [row, column] of fields) {
      const cell = this.#fields[row]?.[column];
      if (cell?.isHeader === true) {
        const stated = this.#scope(cell) ?? (this.#options.isNewer ? defaultScope(row, column) : undefined);
        if (stated === 'Both' || stated === scope) return true;
        isFound = true;
      } else if (isFound) return false;
    }
    return false;
  }
}

/** ISO 32000-2 §14.8.5.7. */
function defaultScope(row: number, column: number): string {
  if (row === 0 && column > 0) return 'Column';
  return column === 0 && row > 0 ? 'Row' : 'Both';
}
