/** Jobs as they are, to look at: one, a page of them, how many, each to those who may see it. */
import { JOB_STATUSES, type Job } from '../../contract/job.ts';
import type { BrowseFilter, JobBrowser } from '../store/job-browse.ts';
import type { JobListing } from '../store/job-listing.ts';
import type { JobRepository } from '../store/job-repository.ts';
import { jobNotFound } from './job-errors.ts';
import { toJob, type JobRow } from './job-row.ts';
import type { Caller, JobService } from './job-service.ts';
import type { LiveTotals } from './job-totals.ts';
import type { Scheduler } from './scheduler.ts';

/** A job with the client that sent it. */
export interface OwnedJob {
  readonly job: Job;
  readonly clientId: string;
}

export interface JobReader extends Pick<JobService, 'get' | 'list' | 'counts'> {
  /** As it is stored. JOB_NOT_FOUND, also when it is another client's. */
  row(id: number, caller: Caller): JobRow;
  /** Undefined when it is gone. */
  find(id: number): OwnedJob | undefined;
  /** Rows `offset` … of the jobs that match, newest first, and how many match. */
  browse(
    filter: BrowseFilter,
    offset: number,
    limit: number,
  ): { readonly jobs: OwnedJob[]; readonly total: number };
}

export function createJobReader(deps: {
  readonly jobs: Pick<JobRepository, 'get'>;
  readonly listing: Pick<JobListing, 'page'>;
  readonly browser: JobBrowser;
  readonly totals: Pick<LiveTotals, 'count'>;
  readonly stageOf: Scheduler['stageOf'];
}): JobReader {
  const { jobs, browser, totals } = deps;

  const jobOf = (row: JobRow): Job => toJob(row, deps.stageOf(row.id));
  const toOwned = (row: JobRow): OwnedJob => ({ job: jobOf(row), clientId: row.client_id });

  function row(id: number, caller: Caller): JobRow {
    const found = Number.isSafeInteger(id) ? jobs.get(id) : undefined;
    if (found === undefined || !(caller.admin || found.client_id === caller.clientId)) throw jobNotFound(id);
    return found;
  }

  /** How many match; what memory knows is not counted on the disk. */
  function countOf(filter: BrowseFilter): number {
    const { status = JOB_STATUSES, templateId, search = '' } = filter;
    if (templateId !== undefined || search !== '') return browser.count(filter);
    return [...new Set(status)].reduce((sum, one) => sum + totals.count(one), 0);
  }

  return {
    row,
    get: (id, caller) => jobOf(row(id, caller)),

    find(id) {
      const found = jobs.get(id);
      return found && toOwned(found);
    },

    list(query, caller) {
      const { rows, nextCursor } = deps.listing.page(query, caller.admin ? undefined : caller.clientId);
      return { jobs: rows.map(jobOf), next_cursor: nextCursor };
    },

    browse(filter, offset, limit) {
      const rows = browser.rows(filter, offset, limit);
      // The end of the list says how long it is.
      const ended = rows.length < limit && (rows.length > 0 || offset === 0);
      return { jobs: rows.map(toOwned), total: ended ? offset + rows.length : countOf(filter) };
    },

    counts: () => ({
      received: totals.count('Received'),
      inProgress: totals.count('InProgress'),
      done: totals.count('Done'),
      error: totals.count('Error'),
    }),
  };
}
