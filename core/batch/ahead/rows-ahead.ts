/**
 * The rows of one batch that are on their way into the queue. Where they can be printed together they wait here until that is done:
 * then their jobs are short, and no attempt is taken by one that waits for others.
 */
import type { GenerateRequest } from '../../../contract/job.ts';
import type { Logger } from '../../ports.ts';
import type { BatchRowRecord } from '../../store/batch-row-repository.ts';
import type { RowGang } from './row-gangs.ts';

export interface AheadRow {
  readonly record: BatchRowRecord;
  readonly request: GenerateRequest;
}

export interface EnteringRow extends AheadRow {
  /** Lets go of its print, if that was not taken. */
  readonly release: () => void;
}

interface Held extends AheadRow {
  isReady: boolean;
  release: () => void;
}

export interface RowsAheadDeps {
  /** Undefined: each is printed by its own job. */
  readonly gang: RowGang | undefined;
  readonly logger: Logger;
  /** Some rows may enter that could not before. */
  readonly changed: () => void;
}

/** Prints of which rows are held: one that is entering, and those that are made meanwhile. */
const PRINTS_HELD = 3;

export class RowsAhead {
  readonly #deps: RowsAheadDeps;
  readonly #dropped = new AbortController();
  readonly #held = new Map<number, Held>();

  constructor(deps: RowsAheadDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#held.size;
  }

  holds(row: number): boolean {
    return this.#held.has(row);
  }

  /** How many rows `add` is to be given next. `free`: how many may enter. */
  wants(free: number): number {
    const gang = this.#gang;
    if (gang === undefined) return Math.max(0, free - this.#held.size);
    const room = gang.room();
    return this.#held.size <= room * (PRINTS_HELD - 1) ? room : 0;
  }

  add(rows: readonly AheadRow[]): void {
    if (this.#dropped.signal.aborted || rows.length === 0) return;
    const gang = this.#gang;
    const held = rows.map((row) => ({ ...row, isReady: gang === undefined, release: () => undefined }));
    for (const one of held) this.#held.set(one.record.row, one);
    if (gang !== undefined) void this.#print(gang, held);
  }

  /** At most `limit`, which are then no longer held. */
  take(limit: number): EnteringRow[] {
    const taken: EnteringRow[] = [];
    for (const [row, held] of this.#held) {
      if (taken.length >= limit) break;
      if (!held.isReady) continue;
      this.#held.delete(row);
      taken.push(held);
    }
    return taken;
  }

  /** Ends what is being printed and lets go of all that is held. */
  drop(): void {
    this.#dropped.abort(new Error('The rows are not wanted any more'));
    for (const { release } of this.#held.values()) release();
    this.#held.clear();
  }

  get #gang(): RowGang | undefined {
    const { gang } = this.#deps;
    return gang === undefined || gang.isHopeless ? undefined : gang;
  }

  async #print(gang: RowGang, rows: readonly Held[]): Promise<void> {
    const { signal } = this.#dropped;
    try {
      const releases = await gang.print(
        rows.map(({ request }) => request),
        signal,
      );
      rows.forEach((row, at) => (row.release = releases[at] ?? row.release));
    } catch (error) {
      // Each of them is printed by its own job.
      if (!signal.aborted) this.#deps.logger.error({ err: error }, 'rows could not be printed together');
    }
    for (const row of rows) {
      row.isReady = true;
      if (signal.aborted) row.release();
    }
    this.#deps.changed();
  }
}
