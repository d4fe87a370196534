/** One section of cross-reference data (ISO 32000-2 §7.5.4, §7.5.8). */
import type { PdfDict } from './objects.ts';

export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly container: number; readonly index: number };

/** Object numbers that follow each other. */
export interface XrefRange {
  readonly first: number;
  readonly count: number;
  /** `index`: from 0; undefined for an entry that is broken. */
  readonly entry: (index: number) => XrefEntry | undefined;
  /** Where the object begins that stands in the file by itself; -1 for every other. For those who ask for all. */
  readonly offset: (index: number) => number;
}

export interface XrefSection {
  /** Offset of the table or stream. */
  readonly offset: number;
  readonly kind: 'table' | 'stream';
  readonly trailer: PdfDict;
  readonly ranges: readonly XrefRange[];
  /** Whether a table follows the letter of §7.5.4: entries of 20 bytes, single spaces. */
  readonly isStrict: boolean;
}

/** ISO 32000-1 Annex C. */
const MOST_OBJECTS = 8_388_607;

/** `end`: one more than the highest object number. */
export const tooManyObjects = (end: number): boolean => end > MOST_OBJECTS + 1;

/** Of an object that stands in the file by itself; -1 for every other. */
export const offsetOf = (entry: XrefEntry | undefined): number =>
  entry?.kind === 'offset' ? entry.offset : -1;
