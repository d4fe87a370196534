/** Reading where named elements stand; what Chromium writes is read in the tests of engines and previews. */
import { describe, expect, it } from 'vitest';
import { readPrintedPlaces } from '../../../core/pdf/references/named-destinations.ts';

/** A file of objects 1, 2, … with their cross-reference table. */
function pdfOf(objects: readonly string[], root = 1): Buffer {
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  objects.forEach((object, index) => {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}\n` +
      `/Root ${root} 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  );
}

const CATALOG = '<</Type /Catalog\n/Pages 2 0 R\n/Dests 5 0 R>>';
const PAGE = '<</Type /Page\n/MediaBox [0 0 200 300]\n/Parent 2 0 R>>';

describe('the places of a printed document', () => {
  it('are those of pages in the order of the tree, however deep it is', () => {
    const pdf = pdfOf([
      CATALOG,
      '<</Type /Pages\n/Kids [6 0 R 4 0 R]>>',
      PAGE,
      '<</Type /Page\n/MediaBox [0 0 200 500]>>',
      '<</a [3 0 R /XYZ 0 300 0]\n/b#20c [4 0 R /XYZ 1.5 400.5 0]\n/%C3%BC [7 0 R /XYZ 0 0 0]\n/%ff [3 0 R /XYZ 0 0 0]\n/gone [9 0 R /XYZ 0 0 0]>>',
      '<</Type /Pages\n/Kids [7 0 R 3 0 R]>>',
      PAGE,
    ]);
    expect(readPrintedPlaces(pdf)).toEqual({
      pages: 3,
      byId: new Map([
        ['a', { page: 2, y: 0 }],
        ['b c', { page: 3, y: 99.5 }],
        ['ü', { page: 1, y: 300 }],
      ]),
    });
  });

  it('are none in a document that names none', () => {
    const pdf = pdfOf(['<</Type /Catalog\n/Pages 2 0 R>>', '<</Kids [3 0 R]>>', PAGE]);
    expect(readPrintedPlaces(pdf)).toEqual({ pages: 1, byId: new Map() });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no PDF', Buffer.from('hello %%EOF')],
    ['a file that is cut off', pdfOf([CATALOG, '<</Kids [3 0 R]>>', PAGE]).subarray(0, 150)],
    ['another kind of table', Buffer.from('%PDF-1.5\n1 0 obj\n<</Type /XRef>>\nstartxref\n9\n%%EOF')],
    ['a table that lies', Buffer.from('%PDF-1.4\nstartxref\n99999999\n%%EOF')],
    ['no catalog', pdfOf([PAGE], 9)],
    ['a tree that is a circle', pdfOf([CATALOG, '<</Kids [2 0 R 2 0 R]>>'])],
    ['a tree with a hole', pdfOf([CATALOG, '<</Kids [8 0 R]>>'])],
  ])('are unknown for %s', (_, pdf) => {
    expect(readPrintedPlaces(pdf)).toBeUndefined();
  });
});
