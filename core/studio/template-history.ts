/** What the files of templates were before they changed, so that going back survives a restart. Texts only. */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Snapshot } from '../../contract/studio/templates.ts';
import { InfluxionError } from '../error.ts';
import type { Clock } from '../ports.ts';
import {
  createTemplateHistoryRepository,
  type HistoryBounds,
  type TemplateHistoryRepository,
} from '../store/template-history-repository.ts';
import type { Db } from '../store/db.ts';

export type Author = 'studio' | 'outside';

/** A file that changed or went away. */
export interface FileChange {
  readonly templateId: string;
  readonly path: string;
  /** What it was before. */
  readonly bytes: Uint8Array;
  readonly revision: string;
  /** The revision it has now; null when it is gone. */
  readonly after: string | null;
  readonly author: Author;
}

export interface HistoryOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly bounds?: HistoryBounds;
}

export const HISTORY_BOUNDS: HistoryBounds = {
  perFile: 200,
  ageMs: 90 * 86_400_000,
  bytes: 64 * 1024 * 1024,
};

/** Files above this are not kept: one of them would push out the history of everything else. */
export const MAX_HISTORY_BYTES = 8_000_000;
/** Changes of one author within this time of a snapshot share it. */
const BURST_MS = 60_000;
const MOST_LISTED = 1_000;
const MOST_BURSTS = 1_000;

interface Burst {
  /** By the monotonic clock. */
  readonly since: number;
  readonly author: Author;
  /** What the author made of the file last. */
  after: string | null;
}

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export class TemplateHistory {
  readonly #clock: Clock;
  readonly #bounds: HistoryBounds;
  readonly #snapshots: TemplateHistoryRepository;
  /** By template and path, the oldest first. */
  readonly #bursts = new Map<string, Burst>();

  constructor({ db, clock, bounds = HISTORY_BOUNDS }: HistoryOptions) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#snapshots = createTemplateHistoryRepository(db);
  }

  /**
   * Keeps what a file was before a change. Changes of one author within a minute share a snapshot; one that brings back an
   * older state does not, for what it undoes may be in no other. Durable when it resolves. Errors: those of the database.
   */
  async keep(change: FileChange): Promise<void> {
    const { templateId, path, bytes, revision, after } = change;
    if (bytes.length > MAX_HISTORY_BYTES || revision === after) return;
    if (this.#isInBurst(change)) return;
    if (this.#snapshots.newestRevision(templateId, path) !== revision) {
      const content = await deflate(bytes);
      await this.#snapshots.add(
        { templateId, path, takenAt: this.#clock.now(), size: bytes.length, revision, content },
        this.#bounds,
      );
    }
    this.#begin(change);
  }

  list(templateId: string, path?: string): Snapshot[] {
    return this.#snapshots
      .list(templateId, path, MOST_LISTED)
      .map(({ id, path: file, takenAt, size, revision }) => ({
        id,
        path: file,
        taken_at: new Date(takenAt).toISOString(),
        size,
        revision,
      }));
  }

  /** Errors: TEMPLATE_NOT_FOUND. */
  async read(templateId: string, id: number): Promise<{ readonly path: string; readonly text: string }> {
    const found = this.#snapshots.content(templateId, id);
    if (!found) {
      throw new InfluxionError('TEMPLATE_NOT_FOUND', 'This snapshot is no longer kept.', {
        hint: 'The oldest snapshots go when newer ones need the room; look at the list again.',
      });
    }
    const bytes = await inflate(found.content, { maxOutputLength: MAX_HISTORY_BYTES });
    return { path: found.path, text: new TextDecoder().decode(bytes) };
  }

  moveTemplate(from: string, to: string): Promise<void> {
    return this.#snapshots.moveTemplate(from, to);
  }

  moveFile(templateId: string, from: string, to: string): Promise<void> {
    return this.#snapshots.moveFile(templateId, from, to);
  }

  removeTemplate(templateId: string): Promise<void> {
    return this.#snapshots.removeTemplate(templateId);
  }

  removeOld(): Promise<void> {
    return this.#snapshots.removeOlderThan(this.#clock.now() - this.#bounds.ageMs);
  }

  #isInBurst({ templateId, path, revision, after, author }: FileChange): boolean {
    const burst = this.#bursts.get(keyOf(templateId, path));
    if (!burst || after === null) return false;
    const isOneFlow =
      burst.author === author &&
      burst.after === revision &&
      this.#clock.monotonic() - burst.since < BURST_MS &&
      !this.#snapshots.has(templateId, path, after);
    if (isOneFlow) burst.after = after;
    return isOneFlow;
  }

  #begin({ templateId, path, after, author }: FileChange): void {
    const key = keyOf(templateId, path);
    this.#bursts.delete(key);
    this.#bursts.set(key, { since: this.#clock.monotonic(), author, after });
    const [oldest] = this.#bursts.keys();
    if (this.#bursts.size > MOST_BURSTS && oldest !== undefined) this.#bursts.delete(oldest);
  }
}

const keyOf = (templateId: string, path: string): string => `${templateId}/${path}`;
