/** Jobs as a table that is scrolled: any row by its number, newest first. */
import type { JobStatus } from '../../contract/job.ts';
import type { JobRow } from '../jobs/job-row.ts';
import type { Db, SqlValue } from './db.ts';

export interface BrowseFilter {
  /** Absent: any. Empty: none. */
  readonly status?: readonly JobStatus[];
  readonly templateId?: string;
  /** In document id, template id or the sentence of the error; letter case is free for ASCII. */
  readonly search?: string;
}

export interface JobBrowser {
  rows(filter: BrowseFilter, offset: number, limit: number): JobRow[];
  /** How many jobs match. */
  count(filter: BrowseFilter): number;
}

/** In the literal form that lets SQLite use the partial indexes (https://www.sqlite.org/partialindex.html §3). */
const IDS_BY_STATUS: Readonly<Record<JobStatus, string>> = {
  Received: `SELECT id FROM jobs INDEXED BY jobs_received WHERE status = 'Received'`,
  InProgress: `SELECT id FROM jobs INDEXED BY jobs_in_progress WHERE status = 'InProgress'`,
  Done: `SELECT id FROM jobs WHERE status = 'Done'`,
  Error: `SELECT id FROM jobs INDEXED BY jobs_in_error WHERE status = 'Error'`,
};

const SEARCHED = `(document_id LIKE ?1 ESCAPE '\\' OR template_id LIKE ?1 ESCAPE '\\'
  OR error_detail ->> 'message' LIKE ?1 ESCAPE '\\')`;

export function createJobBrowser(db: Db): JobBrowser {
  return {
    rows(filter, offset, limit) {
      const { where, values } = conditions(filter);
      return db
        .prepare(`SELECT * FROM jobs${where} ORDER BY id DESC LIMIT ? OFFSET ?`)
        .all<JobRow>(...values, limit, offset);
    },
    count(filter) {
      const { where, values } = conditions(filter);
      return (
        db.prepare(`SELECT count(*) AS jobs FROM jobs${where}`).get<{ jobs: number }>(...values)?.jobs ?? 0
      );
    },
  };
}

function conditions({ status, templateId, search }: BrowseFilter): {
  readonly where: string;
  readonly values: SqlValue[];
} {
  const terms: string[] = [];
  const values: SqlValue[] = [];
  // First, because its place is named ?1.
  if (search !== undefined && search !== '') {
    terms.push(SEARCHED);
    values.push(`%${search.replace(/[\\%_]/g, '\\$&')}%`);
  }
  if (status !== undefined) terms.push(statusTerm(new Set(status)));
  if (templateId !== undefined) {
    terms.push('template_id = ?');
    values.push(templateId);
  }
  return { where: terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`, values };
}

function statusTerm(wanted: ReadonlySet<JobStatus>): string {
  // Nearly every job is Done: to pass the others over in order is quicker than to collect the ids.
  if (wanted.has('Done')) return `status IN (${[...wanted].map((status) => `'${status}'`).join(', ')})`;
  if (wanted.size === 1 && !wanted.has('Received')) return `status = '${[...wanted].join('')}'`;
  return `id IN (${[...wanted].map((status) => IDS_BY_STATUS[status]).join(' UNION ALL ') || 'NULL'})`;
}
