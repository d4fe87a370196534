/** Equality of PDF objects as objects, whatever their numbers (ISO 19005-2 §6.2.4.4). */
import { numberOf, PdfDict, PdfName, PdfStream, PdfString, type PdfObject } from '../../revision/objects.ts';
import type { CheckedFile } from './file/checked-file.ts';

const MOST_DEPTH = 32;

export function samePdf(file: CheckedFile, a: PdfObject, b: PdfObject, depth = 0): boolean {
  file.budget.step();
  const [left, right] = [file.resolve(a), file.resolve(b)];
  if (left === right || depth > MOST_DEPTH) return true;
  if (numberOf(left) !== undefined) return numberOf(left) === numberOf(right);
  if (left instanceof PdfName) return right instanceof PdfName && left.name === right.name;
  if (left instanceof PdfString)
    return right instanceof PdfString && Buffer.compare(left.bytes, right.bytes) === 0;
  if (left instanceof PdfStream) {
    return (
      right instanceof PdfStream &&
      samePdf(file, left.dict, right.dict, depth + 1) &&
      Buffer.compare(file.rawBytes(left), file.rawBytes(right)) === 0
    );
  }
  if (left instanceof PdfDict) {
    return (
      right instanceof PdfDict &&
      left.size === right.size &&
      [...left].every(
        ([key, value]) => right.has(key) && samePdf(file, value, right.get(key) ?? null, depth + 1),
      )
    );
  }
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((item, index) => samePdf(file, item, right[index] ?? null, depth + 1));
}
