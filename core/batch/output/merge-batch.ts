import type { BatchRecord } from '../../store/batch-repository.ts';

/** What a merged PDF is made of. */
export interface BatchToMerge {
  readonly record: BatchRecord;
  /** Stamped on every page, such as `{page} / {pages}`. */
  readonly pageNumbers: string | undefined;
  /** The documents in the order of the rows; `title` is that of the bookmark. */
  readonly inputs: readonly { readonly path: string; readonly title: string }[];
  readonly target: string;
  readonly signal: AbortSignal;
}

/** Makes one PDF, durable and whole when it resolves; returns what there is to be warned of. */
export type MergeBatch = (batch: BatchToMerge) => Promise<readonly string[]>;
