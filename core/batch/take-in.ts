/** Takes the rows of a file into a batch: maps them, names their documents, and finds what cannot become one. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import type { RowMapping, RowReading } from '../../contract/batch.ts';
import type { JobErrorDetail } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import { toErrorDetail } from '../jobs/job-row.ts';
import type { BatchRecord, BatchRepository } from '../store/batch-repository.ts';
import type { BatchRowRepository, NewRow } from '../store/batch-row-repository.ts';
import type { Db } from '../store/db.ts';
import { isOwnFolder, type BatchFolders } from './batch-folders.ts';
import { createRowMapper, type MappedRow } from './mapping/map-row.ts';
import { createNamer, nameKey, numberedName } from './names/document-name.ts';
import { openRows } from './rows/open-rows.ts';
import { noRows, rowsInvalid } from './rows/rows-error.ts';
import type { SourceRow } from './rows/row-source.ts';
import { writeSpool, type SpoolPlace } from './row-spool.ts';

export interface TakeInDeps {
  readonly db: Db;
  readonly batches: BatchRepository;
  readonly rows: BatchRowRepository;
  readonly folders: BatchFolders;
  /** Some rows more are taken in. */
  readonly taken: () => void;
}

/** Rows in one transaction, and bytes of their data: short enough not to be felt. */
const CHUNK_ROWS = 200;
const CHUNK_BYTES = 1024 * 1024;
/** Of the names of columns that a failure lists. */
const SHOWN_COLUMNS = 10;

interface TakenRow {
  readonly row: SourceRow;
  readonly place: SpoolPlace;
  readonly json: string;
  readonly name: string | undefined;
  readonly problem: string | undefined;
}

/**
 * Begins from the first row, whatever an earlier attempt left. Durable when it resolves. Errors: ROWS_INVALID,
 * VALIDATION_FAILED, those of the disk.
 */
export async function takeIn(record: BatchRecord, deps: TakeInDeps, signal: AbortSignal): Promise<void> {
  const { db, batches, folders } = deps;
  const reading = JSON.parse(record.reading) as RowReading;
  const mapping = JSON.parse(record.mapping) as RowMapping;
  const source = await openRows(record.source_path, record.source, reading);
  const mapRow = createRowMapper(source.columns, mapping);
  const nameOf = createNamer(record.pattern);
  const names = createNameChooser(record, deps);
  await db.write(() => batches.clearRows(record.id));
  await using spool = await writeSpool(folders.spool(record.folder));

  let chunk: TakenRow[] = [];
  let bytes = 0;
  let count = 0;
  let nameless = 0;
  let nameProblem = '';
  const store = async (): Promise<void> => {
    await spool.flush();
    const taken = chunk;
    chunk = [];
    bytes = 0;
    await db.write(() => {
      for (const one of taken) deps.rows.insert(record.id, toNewRow(one, record, names));
    });
    deps.taken();
    await breath();
  };
  for await (const row of source.rows(signal)) {
    signal.throwIfAborted();
    count += 1;
    const { json, data, problem } = toJson(mapRow(row));
    const place = spool.add(json);
    const named = problem === undefined ? nameOf(data, row.row) : { problem };
    if (problem === undefined && 'problem' in named) {
      nameless += 1;
      nameProblem = named.problem;
    }
    chunk.push({
      row,
      place,
      json,
      name: 'name' in named ? named.name : undefined,
      problem: 'name' in named ? undefined : named.problem,
    });
    bytes += place.length;
    if (chunk.length >= CHUNK_ROWS || bytes >= CHUNK_BYTES) await store();
  }
  if (count === 0) throw noRows('The file');
  // That is a pattern for other rows. Run, it would make nothing and write its index over that of an earlier batch.
  if (nameless === count) throw noNames(nameProblem, source.columns);
  await spool.sync();
  await store();
}

function noNames(problem: string, columns: readonly string[]): InfluxionError {
  const shown = columns.slice(0, SHOWN_COLUMNS).join(', ');
  const more = columns.length > SHOWN_COLUMNS ? ', …' : '';
  return rowsInvalid(
    `The pattern of the names fits none of the rows. ${problem}`,
    `Change it, or where the columns go; they are ${shown}${more}`,
  );
}

/** JSON of `null` stands for a row that cannot be read at all. */
function toJson({ data, problem }: MappedRow): { json: string; data: unknown; problem: string | undefined } {
  try {
    // As it comes back from the spool: what is no JSON is gone.
    const json = JSON.stringify(data ?? null);
    return { json, data, problem };
  } catch {
    return { json: 'null', data: null, problem: problem ?? 'The row is nested too deep.' };
  }
}

function toNewRow(
  { row, place, json, name, problem }: TakenRow,
  record: BatchRecord,
  names: NameChooser,
): NewRow {
  const chosen = name === undefined ? undefined : names.choose(name);
  return {
    row: row.row,
    line: row.line,
    ...place,
    name: chosen?.name ?? null,
    nameKey: chosen?.key ?? null,
    fingerprint: chosen === undefined ? null : fingerprintOf(record.pin, json),
    error: problem === undefined ? undefined : rowProblem(problem),
  };
}

export const rowProblem = (problem: string): JobErrorDetail =>
  toErrorDetail(
    new InfluxionError('ROW_INVALID', problem, { hint: 'Mend the data of the row, then try it again.' }),
    'queue',
  );

/** Equal for rows that make equal documents. */
export const fingerprintOf = (pin: string, json: string): string =>
  createHash('sha256').update(pin).update('\0').update(json).digest('hex').slice(0, 32);

export interface NameChooser {
  /** Inside a transaction, whose earlier rows it sees. */
  choose(name: string): { readonly name: string; readonly key: string };
}

/** Names whose numbers are remembered; those beyond are counted through again. */
const MAX_COUNTED = 100_000;

/**
 * The first row that asks for a name gets it, the next ones get it with a number. So does one whose name somebody else's
 * file in the folder of the documents has.
 */
export function createNameChooser(record: BatchRecord, { rows }: Pick<TakeInDeps, 'rows'>): NameChooser {
  const counted = new Map<string, number>();
  const isFree = (name: string, key: string): boolean =>
    !rows.isTaken(record.id, key) &&
    (!isOwnFolder(record) ||
      !existsSync(join(record.output_folder, name)) ||
      rows.isOwn(record.output_folder, key));
  return {
    choose(name) {
      const base = nameKey(name);
      for (let number = (counted.get(base) ?? 0) + 1; ; number += 1) {
        const candidate = numberedName(name, number);
        const key = nameKey(candidate);
        if (!isFree(candidate, key)) continue;
        if (number > 1) {
          if (counted.size >= MAX_COUNTED) counted.clear();
          counted.set(base, number);
        }
        return { name: candidate, key };
      }
    },
  };
}
