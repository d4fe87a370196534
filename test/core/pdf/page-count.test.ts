import { expect, test } from 'vitest';
import { countPages, countPagesOf } from '../../../core/pdf/page-count.ts';
import { pdfOf } from '../../support/job-world.ts';

test('the count of the page tree is found from the end of the file', async () => {
  expect(await countPagesOf(pdfOf('one'))).toBe(1);
  expect(await countPagesOf(pdfOf('many', 234))).toBe(234);
});

test('a large file is read in a few short pieces', async () => {
  const head = Buffer.from(pdfOf('large', 21));
  const text = head.toString('latin1');
  // 20 MB of stream between the objects and the table.
  const at = text.indexOf('xref\n');
  const filler = 20 * 1024 * 1024;
  const size = head.byteLength + filler;
  const tail = Buffer.from(text.slice(at).replace(/startxref\n\d+/, `startxref\n${at + filler}`), 'latin1');
  let read = 0;
  const count = await countPages(
    (offset, length) => {
      read += length;
      if (offset < at) return head.subarray(offset, Math.min(at, offset + length));
      return tail.subarray(offset - at - filler, offset - at - filler + length);
    },
    size + (tail.byteLength - (head.byteLength - at)),
  );
  expect(count).toBe(21);
  expect(read).toBeLessThan(300_000);
});

test('an appended revision is followed back to the objects it did not touch', async () => {
  const base = Buffer.from(pdfOf('base', 7)).toString('latin1');
  const previous = Number(/startxref\n(\d+)/.exec(base)?.[1]);
  const catalog = `1 0 obj\n<</Type /Catalog\n/Metadata 4 0 R\n/Pages 2 0 R>>\nendobj\n`;
  const xref = base.length + catalog.length;
  const revision =
    `${base}${catalog}xref\n1 1\n${String(base.length).padStart(10, '0')} 00000 n \n` +
    `trailer\n<</Size 5 /Root 1 0 R /Prev ${previous}>>\nstartxref\n${xref}\n%%EOF\n`;
  expect(await countPagesOf(Buffer.from(revision, 'latin1'))).toBe(7);
});

const intact = Buffer.from(pdfOf('x', 3)).toString('latin1');
const strange: Record<string, string> = {
  nothing: '',
  'no PDF': 'x'.repeat(5_000),
  'no startxref': intact.replace('startxref', 'startxxxx'),
  'startxref past the end': intact.replace(/startxref\n\d+/, 'startxref\n99999999'),
  'startxref into the middle': intact.replace(/startxref\n\d+/, 'startxref\n20'),
  'a cross-reference stream': intact.replace('xref\n0 4', '9 0 obj <</Type /XRef>>'),
  'no trailer': intact.replace('trailer', 'trxxxer'),
  'no root': intact.replace('/Root 1 0 R', ''),
  'a root that is not there': intact.replace('/Root 1 0 R', '/Root 77 0 R'),
  'entries that point elsewhere': intact.replace(/\d{10} 00000 n/g, '0000000003 00000 n'),
  'revisions in a circle': intact.replace('/Root 1 0 R', `/Prev ${intact.indexOf('xref\n')}`),
  'no count': intact.replace('/Count 3', '/Kount 3'),
  'cut off': intact.slice(0, -60),
};
for (const [name, text] of Object.entries(strange)) {
  test(`${name}: null, not an error and not a wrong number`, async () => {
    expect(await countPagesOf(Buffer.from(text, 'latin1'))).toBeNull();
  });
}
