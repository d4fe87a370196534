/** What merging is asked for and what it gives. */
import type { JobWarning } from '../../../contract/job.ts';
import type { PdfStandard } from '../../../contract/standard.ts';
import type { FileMetadata } from '../standards/plan.ts';

export interface MergeInput {
  /** A PDF. It is opened when its turn comes, one at a time. */
  readonly path: string;
  /** Of its bookmark. Undefined: the title that the file has, else its name. */
  readonly title: string | undefined;
}

export const STAMP_PLACES = [
  'top-left',
  'top-center',
  'top-right',
  'bottom-left',
  'bottom-center',
  'bottom-right',
] as const;

/** A line on every page. */
export interface PageStamp {
  /** `{page}` and `{pages}` stand for the number of the page and of all pages, as in `Page {page} of {pages}`. */
  readonly text: string;
  readonly place: (typeof STAMP_PLACES)[number];
  /** Points. */
  readonly size: number;
  /** Points from the edges of the page. */
  readonly margin: number;
}

export interface MergeTask {
  /** In their order. */
  readonly inputs: readonly MergeInput[];
  /** Where the merged file goes. It must not exist. */
  readonly target: string;
  /** What the merged file claims and is checked against. Undefined: what all inputs claim. */
  readonly standards: readonly PdfStandard[] | undefined;
  /** A language that is undefined is that of the first input. */
  readonly metadata: FileMetadata;
  readonly stamp: PageStamp | undefined;
  /** The shipped fonts, in which the stamp is set. */
  readonly fontsFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Text from which IDs are derived, so that the same input gives the same bytes. */
  readonly seed: string | undefined;
}

export interface MergedPdf {
  readonly pages: number;
  /** Bytes. */
  readonly size: number;
  /** What the file claims. */
  readonly standards: readonly PdfStandard[];
  readonly warnings: readonly JobWarning[];
}
