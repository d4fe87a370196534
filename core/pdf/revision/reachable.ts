import type { PdfDocument } from './document.ts';
import { PdfDict, PdfRef, PdfStream, PdfVerbatim, type PdfObject } from './objects.ts';

/** Deletes what nothing leads to any more, after parts of the document were replaced. */
export function deleteUnreachable(document: PdfDocument): void {
  const reached = new Set<number>();
  const open: PdfObject[] = [document.trailer];
  for (let object = open.pop(); object !== undefined; object = open.pop()) {
    if (object instanceof PdfRef) {
      if (reached.has(object.number)) continue;
      reached.add(object.number);
      open.push(document.get(object.number));
    } else if (object instanceof PdfStream) open.push(...object.dict.values());
    else if (object instanceof PdfDict) open.push(...object.values());
    else if (object instanceof PdfVerbatim) open.push(...referencesIn(object.text));
    else if (Array.isArray(object)) for (const item of object) open.push(item);
  }
  for (const number of [...document.reader.objectNumbers(), ...document.changed.keys()]) {
    if (!reached.has(number)) document.delete(new PdfRef(number));
  }
}

/** Whatever looks like a reference: one too many only keeps an object. */
const referencesIn = (text: string): PdfRef[] =>
  [...text.matchAll(/(\d+) \d+ R/g)].map(([, number]) => new PdfRef(Number(number)));
