/** What must be true of a data folder whatever happened to the processes that used it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface FolderReport {
  readonly jobs: number;
  readonly done: number;
  readonly error: number;
  /** What is wrong, in words; empty when nothing is. */
  readonly faults: readonly string[];
}

/** Every file under a folder, as paths relative to it. */
export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

interface Row {
  id: number;
  status: string;
  attempt: number;
  size: number | null;
  sha256: string | null;
}

/**
 * Checks a data folder whose owner has ended in peace: each accepted job is there and has ended (unless `mayWait`), each
 * has at most one visible result, each document is whole and is the one that its row names, and no file is left over.
 * `accepted`: ids that were answered with 202.
 */
export function verifyDataFolder(
  folder: string,
  accepted: readonly number[],
  options: { readonly mayWait?: boolean } = {},
): FolderReport {
  const faults: string[] = [];
  const db = new DatabaseSync(join(folder, 'influxion.db'), { readOnly: true });
  try {
    const rows = db.prepare('SELECT id, status, attempt, size, sha256 FROM jobs').all() as unknown as Row[];
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const id of new Set(accepted)) if (!byId.has(id)) faults.push(`job ${id} was accepted and is lost`);
    const documents = new Set<string>();
    for (const row of rows) {
      if (row.status === 'Done') documents.add(checkDocument(folder, row, faults));
      else if (row.status !== 'Error' && options.mayWait !== true)
        faults.push(`job ${row.id} is ${row.status}`);
      checkHistory(db, row, faults);
    }
    for (const file of listFiles(join(folder, 'output'))) {
      if (!documents.has(file)) faults.push(`output/${file} belongs to no job`);
    }
    const known = new Set(
      db
        .prepare('SELECT file FROM job_payloads WHERE file IS NOT NULL')
        .all()
        .map((payload) => String(payload['file'])),
    );
    for (const file of listFiles(join(folder, 'payloads'))) {
      if (!known.has(file)) faults.push(`payloads/${file} belongs to no job`);
    }
    const count = (status: string): number => rows.filter((row) => row.status === status).length;
    return { jobs: rows.length, done: count('Done'), error: count('Error'), faults };
  } finally {
    db.close();
  }
}

function checkDocument(folder: string, row: Row, faults: string[]): string {
  const shard = String(Math.floor(row.id / 1_000)).padStart(6, '0');
  const name = join(shard, `${row.id}-${row.attempt}.pdf`);
  const path = join(folder, 'output', name);
  if (!existsSync(path)) {
    faults.push(`job ${row.id} is Done without its document`);
    return name;
  }
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (bytes.byteLength !== row.size || sha256 !== row.sha256) {
    faults.push(`the document of job ${row.id} is not what its row says`);
  }
  return name;
}

function checkHistory(db: DatabaseSync, row: Row, faults: string[]): void {
  const states = db
    .prepare('SELECT status FROM job_states WHERE job_id = ? ORDER BY id')
    .all(row.id)
    .map((state) => String(state['status']));
  if (states[0] !== 'Received') faults.push(`job ${row.id} did not begin as Received`);
  if (states.at(-1) !== row.status) faults.push(`the history of job ${row.id} does not end as ${row.status}`);
  const ends = states.filter((status) => status === 'Done' || status === 'Error').length;
  if (ends > 1) faults.push(`job ${row.id} ended ${ends} times`);
}
