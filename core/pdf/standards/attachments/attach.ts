/** Puts files into a document (ISO 32000-2 §7.11.4, §14.13; ISO 19005-3 §6.8). */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfStream, PdfString, type PdfRef } from '../../revision/objects.ts';
import { textString } from '../../revision/text-string.ts';
import { pdfDate } from '../info.ts';
import type { AttachedFile } from '../plan.ts';
import type { XmpExtra } from '../xmp-extensions.ts';
import { facturXSchema, readFacturX } from './factur-x.ts';
import { mediaTypeOf } from './media-type.ts';

/**
 * Attaches the files, which `attachmentProblem` has nothing against, to the document as a whole. Gives what XMP must say of
 * them.
 */
export function attachFiles(document: PdfDocument, files: readonly AttachedFile[], date: Date): XmpExtra[] {
  if (files.length === 0) return [];
  const extras: XmpExtra[] = [];
  const specs = files.map((file): { readonly key: PdfString; readonly spec: PdfRef } => {
    const invoice = file.profile === undefined ? undefined : readFacturX(file.bytes);
    if (invoice !== undefined && typeof invoice !== 'string') extras.push(facturXSchema(invoice));
    const relationship =
      file.relationship ?? (typeof invoice === 'object' ? invoice.relationship : 'Unspecified');
    const key = textString(file.filename.normalize('NFC'));
    return { key, spec: document.add(fileSpec(document, file, { key, relationship, date })) };
  });
  const root = document.editDict(document.rootRef);
  root.set(
    'AF',
    specs.map(({ spec }) => spec),
  );
  const names = document.editDictAt(document.rootRef, 'Names') ?? new PdfDict();
  const sorted = specs.toSorted((a, b) => Buffer.compare(a.key.bytes, b.key.bytes));
  names.set('EmbeddedFiles', PdfDict.of({ Names: sorted.flatMap(({ key, spec }) => [key, spec]) }));
  if (!root.has('Names')) root.set('Names', names);
  return extras;
}

function fileSpec(
  document: PdfDocument,
  file: AttachedFile,
  {
    key,
    relationship,
    date,
  }: { readonly key: PdfString; readonly relationship: string; readonly date: Date },
): PdfDict {
  const stream = document.add(embeddedFile(file, date));
  return PdfDict.of({
    Type: name('Filespec'),
    F: key,
    UF: key,
    // PDF/UA-2 wants a description of every file (ISO 14289-2 §8.14.1).
    Desc: textString(file.description ?? file.filename),
    AFRelationship: name(relationship),
    EF: PdfDict.of({ F: stream, UF: stream }),
  });
}

function embeddedFile({ filename, mimeType, bytes }: AttachedFile, date: Date): PdfStream {
  const packed = deflateSync(bytes);
  const isPacked = packed.length < bytes.length;
  const dict = PdfDict.of({
    Type: name('EmbeddedFile'),
    Subtype: name(mimeType ?? mediaTypeOf(filename)),
    Params: PdfDict.of({
      Size: bytes.length,
      CreationDate: textString(pdfDate(date)),
      ModDate: textString(pdfDate(date)),
      CheckSum: new PdfString(createHash('md5').update(bytes).digest(), true),
    }),
    Filter: isPacked ? name('FlateDecode') : undefined,
  });
  return PdfStream.of(dict, isPacked ? packed : bytes);
}
