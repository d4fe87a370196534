/** Entries of name trees and number trees (ISO 32000-2 §7.9.6, §7.9.7). */
import type { PdfDocument } from './document.ts';
import { numberOf, PdfDict, PdfString, type PdfObject } from './objects.ts';

/** Nodes of a tree that is longer are an attack. */
const MOST_NODES = 1_000_000;

/** In the order of the file; values are not resolved. */
export function* nameTreeEntries(
  document: PdfDocument,
  root: PdfObject | undefined,
): Generator<readonly [PdfString, PdfObject]> {
  for (const [key, value] of entriesOf(document, root, 'Names')) {
    if (key instanceof PdfString) yield [key, value];
  }
}

/** In the order of the file; values are not resolved. */
export function* numberTreeEntries(
  document: PdfDocument,
  root: PdfObject | undefined,
): Generator<readonly [number, PdfObject]> {
  for (const [key, value] of entriesOf(document, root, 'Nums')) {
    const number = numberOf(key);
    if (number !== undefined) yield [number, value];
  }
}

function* entriesOf(
  document: PdfDocument,
  root: PdfObject | undefined,
  kind: 'Names' | 'Nums',
): Generator<readonly [PdfObject, PdfObject]> {
  const open: (PdfObject | undefined)[] = [root];
  for (let looked = 0; open.length > 0 && looked < MOST_NODES; looked += 1) {
    const node = document.resolve(open.pop());
    if (!(node instanceof PdfDict)) continue;
    const pairs = document.arrayAt(node, kind) ?? [];
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      yield [document.resolve(pairs[at]), pairs[at + 1] ?? null];
    }
    open.push(...(document.arrayAt(node, 'Kids') ?? []).toReversed());
  }
}
