/** The /W array of a CIDFont (ISO 32000-2 §9.7.4.3). */
import type { PdfDocument } from '../../revision/document.ts';
import { numberOf, type PdfDict } from '../../revision/objects.ts';

const MOST_CID = 65_535;

/** The CIDs that have a width of their own. */
export function cidsWithWidth(document: PdfDocument, cidFont: PdfDict): Set<number> {
  const cids = new Set<number>();
  const widths = document.arrayAt(cidFont, 'W') ?? [];
  for (let at = 0; at + 1 < widths.length;) {
    const first = numberOf(document.resolve(widths[at])) ?? 0;
    const second = document.resolve(widths[at + 1]);
    const last = Array.isArray(second) ? first + second.length - 1 : (numberOf(second) ?? -1);
    for (let cid = first; cid <= Math.min(last, MOST_CID); cid += 1) cids.add(cid);
    at += Array.isArray(second) ? 2 : 3;
  }
  return cids;
}
