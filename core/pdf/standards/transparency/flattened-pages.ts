/** Which pages have colours that were mixed before printing (core/pdf/page/flatten-script.ts). */
import { FLATTENED_PREFIX } from '../../page/flatten-script.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfRef } from '../../revision/objects.ts';
import type { Findings } from '../findings.ts';

/** Warns of them, and removes the destinations that tell. */
export function reportFlattened(document: PdfDocument, findings: Findings): void {
  const destinations = document.dictAt(document.root, 'Dests');
  const marks = [...(destinations?.keys() ?? [])].filter((key) => key.startsWith(FLATTENED_PREFIX));
  if (destinations === undefined || marks.length === 0) return;
  const targets = new Set<number>();
  for (const key of marks) {
    const [page] = document.arrayAt(destinations, key) ?? [];
    if (page instanceof PdfRef) targets.add(page.number);
  }
  const pages: number[] = [];
  let number = 0;
  for (const { ref } of document.pages()) {
    number += 1;
    if (targets.has(ref.number)) pages.push(number);
  }
  const changed = document.editDictAt(document.rootRef, 'Dests');
  for (const key of marks) changed?.delete(key);
  if (changed?.size === 0) document.editDict(document.rootRef).delete('Dests');
  const [first] = pages;
  findings.warn({
    code: 'TRANSPARENCY_FLATTENED',
    message: `PDF/A-1 allows no transparency: on ${listed(pages)} translucent colours were mixed with what is behind them, and blurred shadows, filters, masks and blending were left out`,
    ...(first !== undefined && { page: first }),
  });
}

/** `page 1`, `pages 1, 3–5`. */
function listed(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last?.[1] === page - 1) last[1] = page;
    else runs.push([page, page]);
  }
  const text = runs.map(([from, to]) => (from === to ? String(from) : `${from}\u{2013}${to}`)).join(', ');
  return pages.length === 1 ? `page ${text}` : `pages ${text}`;
}
