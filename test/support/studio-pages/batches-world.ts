/** Batches behind the studio's calls, held in memory and changed by the test; a CSV file is read as plainly as can be. */
import type { Batch, BatchRow, DryRow, RowsFile } from '../../../contract/batch.ts';
import type { RouteInput } from '../../../contract/studio/table.ts';
import type { StudioEventHub } from '../../../core/studio/event-hub.ts';
import type { StudioHandlers } from '../../../core/studio/router.ts';
import { template } from './jobs-world.ts';

const AT = '2026-11-23T10:00:00.000Z';

export function batch(id: number, changes: Partial<Batch> = {}): Batch {
  return {
    id,
    state: 'running',
    title: 'Invoice',
    template_id: 'invoice',
    pdf_standard: 'pdf/a-2b',
    source: 'november.csv',
    name: '{{invoice.number}}.pdf',
    output: { type: 'zip' },
    created_at: AT,
    started_at: AT,
    ended_at: null,
    rows: { total: 10_000, waiting: 6_990, running: 7, done: 3_000, failed: 3, cancelled: 0, unchanged: 0 },
    pages: 3_000,
    bytes: 61_000_000,
    per_minute: 6_012.4,
    time_left_ms: 70_000,
    problem: null,
    error: null,
    warnings: [],
    ...changes,
  };
}

export const batchRow = (row: number, changes: Partial<BatchRow> = {}): BatchRow => ({
  row,
  line: row + 1,
  state: 'done',
  name: `2026-${row}.pdf`,
  pages: 1,
  size: 20_400,
  sha256: 'ab'.repeat(32),
  unchanged: false,
  error: null,
  error_detail: null,
  warnings: 0,
  ...changes,
});

export const failedRow = (row: number, error: string): BatchRow =>
  batchRow(row, { state: 'failed', pages: null, size: null, sha256: null, error });

const SAMPLE = JSON.stringify({ invoice: { number: '7', total: 1 }, customer: { name: 'Ada' } });

export class BatchesWorld {
  events: StudioEventHub | undefined;
  batches: Batch[] = [];
  rows: BatchRow[] = [];
  readonly called: [name: string, input: unknown][] = [];
  /** Slices of the file that came. */
  slices = 0;
  #text = '';
  #table: string[][] = [];

  change(changed: Batch): void {
    this.batches = [changed, ...this.batches.filter(({ id }) => id !== changed.id)];
    this.events?.emit({ type: 'batch.changed', batch: changed });
  }

  #act(name: string, input: { readonly id: number }, changes: Partial<Batch>) {
    this.called.push([name, input]);
    const found = this.batches.find(({ id }) => id === input.id) ?? batch(input.id);
    const changed = { ...found, ...changes };
    this.change(changed);
    return { batch: changed };
  }

  #file(): RowsFile {
    return {
      id: 'upload-1',
      filename: 'november.csv',
      size: 1_234_567,
      format: 'csv',
      encoding: 'utf-8',
      separator: ';',
      sheets: [],
      columns: this.#table[0] ?? [],
    };
  }

  #dryRow(row: number, { mapping, name }: RouteInput<'batches.dry_run'>): DryRow | undefined {
    const cells = this.#table[row];
    if (cells === undefined) return undefined;
    const data: Record<string, unknown> = {};
    for (const [at, column] of (mapping?.columns ?? []).entries()) {
      if (column.path != null) data[column.path] = cells[at];
    }
    return {
      row,
      line: row + 1,
      cells,
      data,
      name: (name ?? '').replace('{{@row}}', String(row)),
      problem: cells.includes('') ? 'The cell of "Total" is empty.' : null,
    };
  }

  readonly handlers: Partial<StudioHandlers> = {
    'batches.upload_rows': ({ bytes, last }) => {
      this.slices += 1;
      this.#text += new TextDecoder().decode(bytes);
      this.#table = this.#text
        .trim()
        .split('\n')
        .map((line) => line.split(';'));
      return { upload: 'upload-1', file: last ? this.#file() : null };
    },
    'batches.read_rows': (input) => {
      this.called.push(['read_rows', input]);
      return { file: this.#file() };
    },
    'batches.dry_run': (input) => {
      const rows = Array.from({ length: input.limit }, (_, at) => this.#dryRow(input.from + at, input));
      return { columns: this.#table[0] ?? [], rows: rows.filter((row) => row !== undefined), more: false };
    },
    'batches.start': (input) => {
      this.called.push(['start', input]);
      const started = batch(41, { rows: { ...batch(0).rows, done: 0, failed: 0 } });
      this.batches = [started, ...this.batches];
      return { batch: started };
    },
    'batches.list': ({ offset, limit }) => ({
      batches: this.batches.slice(offset, offset + limit),
      total: this.batches.length,
    }),
    'batches.get': ({ id }) => ({ batch: this.batches.find((each) => each.id === id) ?? batch(id) }),
    'batches.rows': ({ state, offset, limit }) => {
      const rows = this.rows.filter((row) => state === undefined || row.state === state);
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    'batches.row': ({ row }) => ({
      row: { ...(this.rows.find((each) => each.row === row) ?? batchRow(row)), data: { total: 'twelve' } },
    }),
    'batches.pause': (input) => this.#act('pause', input, { state: 'paused' }),
    'batches.resume': (input) => this.#act('resume', input, { state: 'running' }),
    'batches.cancel': (input) => this.#act('cancel', input, { state: 'cancelled', ended_at: AT }),
    'batches.retry': (input) => this.#act('retry', input, { state: 'running' }),
    'batches.retry_row': (input) => this.#act('retry_row', input, {}),
    'batches.remove': ({ id }) => {
      this.batches = this.batches.filter((each) => each.id !== id);
      this.called.push(['remove', { id }]);
      return {};
    },
    'batches.download': ({ what }) => ({ filename: `${what}.zip`, bytes: new Uint8Array([80, 75]) }),
    'batches.download_row': () => ({ filename: 'row.pdf', bytes: new Uint8Array([37]) }),
    'templates.list': () => ({ templates: [template('invoice'), template('letter')] }),
    'templates.open': ({ id }) => ({
      summary: template(id),
      files: [{ path: 'samples/default.json', kind: 'sample', size: 60, revision: '1', text: SAMPLE }],
    }),
    'keys.list': () => ({ keys: [] }),
  };
}
