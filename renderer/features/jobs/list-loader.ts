/** Keeps what is looked at of the list loaded: one call at a time, so that a slow host is never asked twice for one thing. */
import type { JobFilter } from '../../../contract/studio/jobs.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import {
  missing,
  PAGE_ROWS,
  pagesOfRows,
  rowAt,
  withAnswer,
  type JobPages,
  type PageRange,
} from './job-pages.ts';

/** Between two looks at a list that changes all the time. */
const REFRESH_MS = 200;
/** Rows that are loaded before they come into view. */
const AHEAD_ROWS = 100;
/** The contract's limit of one answer. */
const MOST_ROWS = 1000;
/** As many as one bulk action takes. */
const MOST_IDS = 10_000;

export interface ListPort {
  readonly host: StudioHost;
  filter(): JobFilter;
  list(): JobPages;
  loaded(list: JobPages): void;
  failed(error: Error): void;
}

export class ListLoader {
  readonly #port: ListPort;
  #shown: PageRange = { first: 0, last: 0 };
  #changed = true;
  #refreshedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #call: AbortController | undefined;

  constructor(port: ListPort) {
    this.#port = port;
  }

  /** Rows that are looked at now; what lacks of them and of those beside them is loaded. */
  show(firstRow: number, lastRow: number): void {
    this.#shown = pagesOfRows(firstRow - AHEAD_ROWS, lastRow + AHEAD_ROWS);
    this.#next();
  }

  /** The list may have changed; soon it is looked at again. */
  refresh(): void {
    this.#changed = true;
    this.#next();
  }

  /** Another filter: what is under way is of no use. */
  restart(): void {
    this.#call?.abort();
    this.#call = undefined;
    this.#shown = { first: 0, last: 0 };
    this.#changed = true;
    this.#refreshedAt = -Infinity;
    this.#next();
  }

  /** The ids of rows `firstRow` … `lastRow`, at most 10,000. Rejects with a HostFailure. */
  async ids(firstRow: number, lastRow: number): Promise<number[]> {
    const held: number[] = [];
    for (let index = firstRow; index <= lastRow; index += 1) {
      const row = rowAt(this.#port.list(), index);
      if (row === undefined) return this.#fetchIds(firstRow, Math.min(lastRow, firstRow + MOST_IDS - 1));
      held.push(row.id);
    }
    return held.slice(0, MOST_IDS);
  }

  async #fetchIds(firstRow: number, lastRow: number): Promise<number[]> {
    // A set: a job that comes meanwhile moves the rows, and one of them would be seen twice.
    const ids = new Set<number>();
    for (let offset = firstRow; offset <= lastRow; offset += MOST_ROWS) {
      const limit = Math.min(MOST_ROWS, lastRow - offset + 1);
      const input = { filter: this.#port.filter(), offset, limit };
      const { jobs } = await this.#port.host.request('jobs.list', input);
      for (const job of jobs) ids.add(job.id);
      if (jobs.length < limit) break;
    }
    return [...ids];
  }

  #next(): void {
    if (this.#call !== undefined) return;
    if (this.#changed) {
      const wait = this.#refreshedAt + REFRESH_MS - performance.now();
      if (wait > 0) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#next();
        }, wait);
      } else {
        this.#changed = false;
        this.#refreshedAt = performance.now();
        void this.#load(this.#shown, true);
        return;
      }
    }
    const lacking = missing(this.#port.list(), this.#shown);
    if (lacking !== undefined) void this.#load(lacking, false);
  }

  async #load({ first, last }: PageRange, moved: boolean): Promise<void> {
    const call = new AbortController();
    this.#call = call;
    const offset = first * PAGE_ROWS;
    const limit = Math.min(MOST_ROWS, (last - first + 1) * PAGE_ROWS);
    try {
      const input = { filter: this.#port.filter(), offset, limit };
      const answer = await this.#port.host.request('jobs.list', input, call.signal);
      if (this.#call !== call) return;
      this.#call = undefined;
      const before = this.#port.list();
      if (!moved && before.total !== answer.total) this.#changed = true;
      this.#port.loaded(withAnswer(before, first, answer, moved));
      this.#next();
    } catch (error) {
      if (this.#call !== call) return;
      // Not tried again by itself: the host says `resync` when it is back, and the screen offers a button.
      this.#call = undefined;
      this.#changed = true;
      this.#port.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
