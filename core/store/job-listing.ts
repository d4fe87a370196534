import type { JobListQuery, JobStatus } from '../../contract/job.ts';
import { InfluxionError } from '../error.ts';
import type { JobRow } from '../jobs/job-row.ts';
import type { Db, SqlValue } from './db.ts';

export interface JobPage {
  readonly rows: readonly JobRow[];
  readonly nextCursor: string | null;
}

/** Totals that the queue keeps up to date in memory from here on. */
export interface JobTotals {
  readonly byStatus: Readonly<Record<JobStatus, number>>;
  /** Bytes of all documents and payloads. */
  readonly bytes: number;
}

export interface JobListing {
  /** Newest first. Only the jobs of `clientId` unless it is undefined. VALIDATION_FAILED for a cursor of other making. */
  page(query: JobListQuery, clientId: string | undefined): JobPage;
  totals(): JobTotals;
  /** Ended jobs, the one that ended first at the head. */
  oldestEnded(limit: number): JobRow[];
  /** Documents that should be there, of the jobs `first` … `last`. */
  documents(first: number, last: number): { readonly id: number; readonly attempt: number }[];
  /** First ids of the ranges of `width` jobs that hold documents. */
  documentShards(width: number): number[];
  payloadFiles(): string[];
}

export function createJobListing(db: Db): JobListing {
  const oldest = db.prepare(
    'SELECT * FROM jobs WHERE completed_at IS NOT NULL ORDER BY completed_at, id LIMIT ?',
  );
  const documents = db.prepare(
    `SELECT id, attempt FROM jobs WHERE id BETWEEN ? AND ? AND status = 'Done' AND output_missing = 0`,
  );
  const shards = db.prepare(
    `SELECT DISTINCT id / ?1 * ?1 AS first FROM jobs WHERE status = 'Done' AND output_missing = 0`,
  );
  const files = db.prepare('SELECT file FROM job_payloads WHERE file IS NOT NULL');

  return {
    page(query, clientId) {
      const { where, values } = conditions(query, clientId);
      // One row more than asked for tells whether there is another page.
      const rows = db
        .prepare(`SELECT * FROM jobs${where} ORDER BY id DESC LIMIT ?`)
        .all<JobRow>(...values, query.limit + 1);
      const more = rows.length > query.limit;
      if (more) rows.pop();
      return { rows, nextCursor: more ? String(rows.at(-1)?.id) : null };
    },

    totals() {
      const byStatus = { Received: 0, InProgress: 0, Done: 0, Error: 0 };
      let bytes = 0;
      const rows = db
        .prepare(
          `SELECT status, count(*) AS jobs, coalesce(sum(coalesce(size, 0) + payload_size), 0) AS bytes FROM jobs
           GROUP BY status`,
        )
        .all<{ status: JobStatus; jobs: number; bytes: number }>();
      for (const row of rows) {
        byStatus[row.status] = row.jobs;
        bytes += row.bytes;
      }
      return { byStatus, bytes };
    },

    oldestEnded: (limit) => oldest.all<JobRow>(limit),
    documents: (first, last) => documents.all<{ id: number; attempt: number }>(first, last),
    documentShards: (width) => shards.all<{ first: number }>(width).map(({ first }) => first),
    payloadFiles: () => files.all<{ file: string }>().map(({ file }) => file),
  };
}

const STATUS_TERMS: Readonly<Record<JobStatus, string>> = {
  // The index of the waiting jobs is in the order of the queue; its ids are few and sorted quickly.
  Received: `id IN (SELECT id FROM jobs INDEXED BY jobs_received WHERE status = 'Received')`,
  InProgress: `status = 'InProgress'`,
  Done: `status = 'Done'`,
  Error: `status = 'Error'`,
};

function conditions(
  query: JobListQuery,
  clientId: string | undefined,
): { readonly where: string; readonly values: SqlValue[] } {
  const terms: string[] = [];
  const values: SqlValue[] = [];
  const add = (term: string, value: SqlValue): void => {
    terms.push(term);
    values.push(value);
  };
  // The plus keeps the index of the client's jobs out where a partial index is the shorter way.
  const rare = query.status !== undefined && query.status !== 'Done';
  if (clientId !== undefined) add(rare ? '+client_id = ?' : 'client_id = ?', clientId);
  // As a literal, which is what lets SQLite use a partial index (https://www.sqlite.org/partialindex.html §3).
  if (query.status !== undefined) terms.push(STATUS_TERMS[query.status]);
  if (query.document_id !== undefined) add('document_id = ?', query.document_id);
  if (query.template_id !== undefined) add('template_id = ?', query.template_id);
  if (query.created_after !== undefined) {
    const time = Date.parse(query.created_after);
    add('created_at > ?', time);
    // Lets the scan from the newest job downwards end where nothing can match any more.
    add('id >= (SELECT min(id) FROM jobs INDEXED BY jobs_by_creation WHERE created_at > ?)', time);
  }
  if (query.cursor !== undefined) add('id < ?', parseCursor(query.cursor));
  return { where: terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`, values };
}

function parseCursor(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  const message = 'The cursor must be the next_cursor of an earlier page.';
  throw new InfluxionError('VALIDATION_FAILED', message, { errors: [{ path: 'cursor', message }] });
}
