/** The part of the list of jobs that is held here: whole pages by their number, newest job first. */
import type { JobRow } from '../../../contract/studio/jobs.ts';
import type { RouteOutput } from '../../../contract/studio/table.ts';

export const PAGE_ROWS = 100;

export type JobCounts = RouteOutput<'jobs.list'>['counts'];

export interface JobPages {
  /** Jobs that the filter lets through; undefined before the first answer. */
  readonly total: number | undefined;
  readonly counts: JobCounts | undefined;
  readonly pages: ReadonlyMap<number, readonly JobRow[]>;
}

/** Pages `first` … `last`. */
export interface PageRange {
  readonly first: number;
  readonly last: number;
}

export const NO_PAGES: JobPages = { total: undefined, counts: undefined, pages: new Map() };

export const rowAt = ({ pages }: JobPages, index: number): JobRow | undefined =>
  pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];

/** Where a job stands in the list; undefined when its page is not held. */
export function indexOf({ pages }: JobPages, id: number): number | undefined {
  for (const [page, rows] of pages) {
    const index = rows.findIndex((row) => row.id === id);
    if (index !== -1) return page * PAGE_ROWS + index;
  }
  return undefined;
}

export const pagesOfRows = (firstRow: number, lastRow: number): PageRange => ({
  first: Math.floor(Math.max(0, firstRow) / PAGE_ROWS),
  last: Math.floor(Math.max(0, lastRow) / PAGE_ROWS),
});

/** The pages of a range that are not held; undefined when all are, or lie beyond the end. */
export function missing(held: JobPages, range: PageRange): PageRange | undefined {
  const end =
    held.total === undefined ? range.last : Math.min(range.last, Math.ceil(held.total / PAGE_ROWS) - 1);
  let first: number | undefined;
  let last = 0;
  for (let page = range.first; page <= end; page += 1) {
    if (held.pages.has(page)) continue;
    first ??= page;
    last = page;
  }
  return first === undefined ? undefined : { first, last };
}

/**
 * With the answer for pages from `first` on. When the list `moved`, pages beside them are dropped: their jobs may stand
 * elsewhere now.
 */
export function withAnswer(
  held: JobPages,
  first: number,
  answer: RouteOutput<'jobs.list'>,
  moved: boolean,
): JobPages {
  const pages = new Map(moved ? [] : held.pages);
  for (let start = 0; start < answer.jobs.length; start += PAGE_ROWS) {
    pages.set(first + start / PAGE_ROWS, answer.jobs.slice(start, start + PAGE_ROWS));
  }
  return { total: answer.total, counts: answer.counts, pages };
}

/** With the new states of jobs that are on held pages; the same object when none of them is. */
export function withChanges(held: JobPages, changed: ReadonlyMap<number, JobRow>): JobPages {
  let pages: Map<number, readonly JobRow[]> | undefined;
  for (const [number, rows] of held.pages) {
    if (!rows.some((row) => changed.has(row.id))) continue;
    pages ??= new Map(held.pages);
    pages.set(
      number,
      rows.map((row) => changed.get(row.id) ?? row),
    );
  }
  return pages === undefined ? held : { ...held, pages };
}
