import type { PdfDocument } from '../../../revision/document.ts';
import {
  numberOf,
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  type PdfObject,
} from '../../../revision/objects.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Whether two objects of two revisions say the same. References are the same when they name the same object: what that object
 * is, is compared where it stands.
 */
export function sameObject(
  [a, before]: readonly [PdfObject | undefined, PdfDocument],
  [b, after]: readonly [PdfObject | undefined, PdfDocument],
): boolean {
  const [x, y] = [a ?? null, b ?? null];
  if (x instanceof PdfRef) return y instanceof PdfRef && x.number === y.number;
  if (x instanceof PdfName) return y instanceof PdfName && x.name === y.name;
  if (x instanceof PdfString) return y instanceof PdfString && Buffer.compare(x.bytes, y.bytes) === 0;
  if (Array.isArray(x)) {
    return (
      Array.isArray(y) &&
      x.length === y.length &&
      x.every((item, index) => sameObject([item, before], [y[index], after]))
    );
  }
  if (x instanceof PdfDict) return y instanceof PdfDict && changedKeys([x, before], [y, after]).length === 0;
  if (x instanceof PdfStream) return y instanceof PdfStream && sameStream([x, before], [y, after]);
  const number = numberOf(x);
  return number === undefined ? x === y : number === numberOf(y);
}

/** The keys whose values differ. */
export function changedKeys(
  [a, before]: readonly [PdfDict, PdfDocument],
  [b, after]: readonly [PdfDict, PdfDocument],
): string[] {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].filter((key) => !sameObject([a.get(key), before], [b.get(key), after]));
}

function sameStream(
  [a, before]: readonly [PdfStream, PdfDocument],
  [b, after]: readonly [PdfStream, PdfDocument],
): boolean {
  // Whether a length is a number or refers to one says nothing about the data.
  if (changedKeys([a.dict, before], [b.dict, after]).some((key) => key !== 'Length')) return false;
  const [sizeA, sizeB] = [a, b].map(({ data }) => (data.kind === 'bytes' ? data.bytes.length : data.length));
  if (sizeA !== sizeB) return false;
  if (a.data.kind !== 'source' || b.data.kind !== 'source') {
    return Buffer.compare(before.rawBytes(a), after.rawBytes(b)) === 0;
  }
  for (let at = 0; at < a.data.length; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, a.data.length - at);
    const left = Buffer.from(before.reader.source.read(a.data.offset + at, length));
    if (!left.equals(after.reader.source.read(b.data.offset + at, length))) return false;
  }
  return true;
}
