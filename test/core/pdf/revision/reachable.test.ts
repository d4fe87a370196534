import { expect, it } from 'vitest';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { PdfRef, PdfVerbatim } from '../../../../core/pdf/revision/objects.ts';
import { deleteUnreachable } from '../../../../core/pdf/revision/reachable.ts';
import { buildPdf, onePage } from '../../../support/pdf-builder.ts';

it('deletes what nothing leads to, and keeps what only text that is written as it is leads to', () => {
  const extra = [5, 6, 7, 8].map((number) => ({ number, body: `(object ${number})` }));
  const document = PdfDocument.open(memorySource(buildPdf([...onePage(), ...extra])));
  document.editDict(document.rootRef).set('A', new PdfRef(5));
  document.set(new PdfRef(5), [new PdfVerbatim('<</K[6 0 R 12]/P 1 0 R>>')]);
  const added = document.add(null);
  deleteUnreachable(document);
  expect([...document.deleted]).toEqual([7, 8, added.number]);
});
