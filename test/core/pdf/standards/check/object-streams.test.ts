import { expect, test } from 'vitest';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../../../../core/pdf/revision/reader.ts';
import { Budget } from '../../../../../core/pdf/standards/check/budget.ts';
import { CheckedFile } from '../../../../../core/pdf/standards/check/file/checked-file.ts';

/** A file of an object stream, number 1, in which object 5 has a place by the head; and of its cross-reference stream. */
function fileWithPlace(place: number | string): CheckedFile {
  const head = `5 ${place} `;
  const packed = `${head}<</Found true>>`;
  const stream = `1 0 obj\n<</Type/ObjStm/N 1/First ${head.length}/Length ${packed.length}>>\nstream\n${packed}\nendstream\nendobj\n`;
  const start = `%PDF-1.7\n`;
  const rows = Buffer.alloc(10);
  rows.set([1], 0);
  rows.writeUInt16BE(start.length, 1);
  rows.set([2, 0, 1], 5);
  const section = `2 0 obj\n<</Type/XRef/Size 6/Root 1 0 R/W[1 2 2]/Index[1 1 5 1]/Length 10>>\nstream\n${rows.toString('latin1')}\nendstream\nendobj\n`;
  const text = `${start}${stream}${section}startxref\n${start.length + stream.length}\n%%EOF\n`;
  return new CheckedFile(PdfReader.open(memorySource(Buffer.from(text, 'latin1'))), new Budget(10_000));
}

test('an object is read at the place that its stream names', () => {
  const file = fileWithPlace(0);
  expect(file.dict(file.get(5))?.get('Found')).toBe(true);
});

// A place that is cut to 32 bits, or counted from the end, would lead back to an object that no reader sees.
test.each([2 ** 32, -20, 1e15, '0.5'])('a place outside of the stream, %s, holds no object', (place) => {
  const file = fileWithPlace(place);
  expect(file.get(5)).toBeNull();
  expect(file.broken.has(1)).toBe(true);
});
