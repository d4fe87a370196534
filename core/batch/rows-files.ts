/** Rows files that were sent here and wait for their batch; kept for a day. */
import { randomBytes } from 'node:crypto';
import { open, mkdir, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DryRow, DryRun, RowMapping, RowReading, RowsFile } from '../../contract/batch.ts';
import { InfluxionError } from '../error.ts';
import { freeBytesAt } from '../jobs/admission.ts';
import type { Clock } from '../ports.ts';
import { describeStorageError } from '../store/storage-error.ts';
import { noUpload } from './batch-errors.ts';
import { createRowMapper } from './mapping/map-row.ts';
import { createNamer, DEFAULT_NAME_PATTERN } from './names/document-name.ts';
import { openRows } from './rows/open-rows.ts';
import type { Cell, RowSource } from './rows/row-source.ts';

export interface StoredRows {
  readonly path: string;
  readonly filename: string;
}

export interface DryRunRequest {
  readonly reading?: RowReading | undefined;
  readonly mapping?: RowMapping | undefined;
  readonly name?: string | undefined;
  /** Number of the first row, from 1. */
  readonly from: number;
  readonly limit: number;
}

export interface RowsFiles {
  /** Whole and readable when it resolves; nothing is kept when it rejects. Errors: ROWS_INVALID, BODY_TOO_LARGE, DISK_FULL. */
  keep(filename: string, chunks: AsyncIterable<Uint8Array>, reading?: RowReading): Promise<RowsFile>;
  /** The same in slices: `undefined` begins a new one. Returns its id. */
  append(id: string | undefined, filename: string, bytes: Uint8Array): Promise<string>;
  /** Errors: ROWS_NOT_FOUND, ROWS_INVALID. */
  describe(id: string, reading?: RowReading): Promise<RowsFile>;
  find(id: string): Promise<StoredRows>;
  dryRun(file: StoredRows, request: DryRunRequest, signal: AbortSignal): Promise<DryRun>;
  /** Removes what nobody used for a day. */
  sweep(): Promise<void>;
}

const ID = /^[0-9a-f]{24}$/;
const DAY_MS = 24 * 60 * 60_000;
/** Bytes of one file. */
const MAX_BYTES = 8 * 1024 * 1024 * 1024;
/** Bytes that must stay free. */
const MIN_FREE_BYTES = 256 * 1024 * 1024;
const CHECK_EVERY_BYTES = 64 * 1024 * 1024;

export function createRowsFiles(folder: string, clock: Clock): RowsFiles {
  const pathOf = (id: string): string => join(folder, id);
  const newId = (): string => randomBytes(12).toString('hex');

  async function begin(filename: string): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const id = newId();
    await using facts = await open(`${pathOf(id)}.json`, 'wx', 0o600);
    await facts.writeFile(JSON.stringify({ filename }));
    return id;
  }

  async function discard(id: string): Promise<void> {
    for (const path of [pathOf(id), `${pathOf(id)}.part`, `${pathOf(id)}.json`]) {
      await unlink(path).catch(() => undefined);
    }
  }

  async function write(id: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const part = `${pathOf(id)}.part`;
    {
      await using file = await open(part, 'w', 0o600);
      let size = 0;
      let checked = 0;
      for await (const chunk of chunks) {
        size += chunk.byteLength;
        if (size > MAX_BYTES) throw tooLarge();
        if (checked === 0 || size - checked > CHECK_EVERY_BYTES) {
          checked = size;
          await checkSpace(folder);
        }
        await file.appendFile(chunk);
      }
      await file.sync();
    }
    await rename(part, pathOf(id));
  }

  async function find(id: string): Promise<StoredRows> {
    if (!ID.test(id)) throw noUpload(id);
    const facts = await readFile(`${pathOf(id)}.json`, 'utf8').catch(() => undefined);
    if (facts === undefined) throw noUpload(id);
    const { filename } = JSON.parse(facts) as { filename: string };
    return { path: pathOf(id), filename };
  }

  async function describe(id: string, reading?: RowReading): Promise<RowsFile> {
    const { path, filename } = await find(id);
    const source = await openRows(path, filename, reading);
    const { size } = await stat(path);
    const { format, encoding, separator, sheets, columns } = source;
    return { id, filename, size, format, encoding, separator, sheets: [...sheets], columns: [...columns] };
  }

  return {
    async keep(filename, chunks, reading) {
      try {
        const id = await begin(filename);
        try {
          await write(id, chunks);
          return await describe(id, reading);
        } catch (error) {
          await discard(id);
          throw error;
        }
      } catch (error) {
        throw describeStorageError(error);
      }
    },
    async append(given, filename, bytes) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await checkSpace(folder);
        const id = given ?? (await begin(filename));
        await find(id);
        await using file = await open(pathOf(id), 'a', 0o600);
        if ((await file.stat()).size + bytes.byteLength > MAX_BYTES) throw tooLarge();
        await file.appendFile(bytes);
        return id;
      } catch (error) {
        throw describeStorageError(error);
      }
    },
    describe,
    find,
    async dryRun(file, request, signal) {
      const source = await openRows(file.path, file.filename, request.reading);
      return dryRun(source, request, signal);
    },
    async sweep() {
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        const facts = await stat(join(folder, name)).catch(() => undefined);
        if (facts !== undefined && clock.now() - facts.mtimeMs > DAY_MS) {
          await unlink(join(folder, name)).catch(() => undefined);
        }
      }
    },
  };
}

async function dryRun(
  source: RowSource,
  { mapping, name, from, limit }: DryRunRequest,
  signal: AbortSignal,
): Promise<DryRun> {
  const mapRow = createRowMapper(source.columns, mapping);
  const nameOf = createNamer(name ?? DEFAULT_NAME_PATTERN);
  const rows: DryRow[] = [];
  let more = false;
  for await (const row of source.rows(signal)) {
    if (row.row < from) continue;
    if (rows.length === limit) {
      more = true;
      break;
    }
    const { data, problem } = mapRow(row);
    const named = problem === undefined ? nameOf(data, row.row) : { problem };
    rows.push({
      row: row.row,
      line: row.line,
      cells: row.kind === 'cells' ? row.cells.map(shownCell) : null,
      data: data ?? null,
      name: 'name' in named ? named.name : null,
      problem: 'name' in named ? null : named.problem,
    });
  }
  return { columns: [...source.columns], rows, more };
}

const shownCell = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'object') return 'date' in cell ? cell.date : '';
  return String(cell);
};

async function checkSpace(folder: string): Promise<void> {
  if ((await freeBytesAt(folder)) >= MIN_FREE_BYTES) return;
  throw new InfluxionError(
    'DISK_FULL',
    'The disk of the data folder is nearly full, so no rows file is taken.',
    {
      hint: 'Free some space, then send it again.',
      retryAfterSeconds: 30,
    },
  );
}

const tooLarge = (): InfluxionError =>
  new InfluxionError('BODY_TOO_LARGE', `A rows file may have at most ${MAX_BYTES / 1024 / 1024 / 1024} GB.`);
