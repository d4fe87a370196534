/**
 * Goes through the content streams of a document, page by page and the form XObjects that they show, and lets each be changed.
 * Only one page is held at a time.
 */
import type { ContentEdits } from './content-edits.ts';
import type { PdfDocument, PdfPage } from '../revision/document.ts';
import { deflate } from '../revision/filters.ts';
import { PdfSyntaxError } from '../revision/lexer.ts';
import { name, PdfDict, PdfRef, PdfStream } from '../revision/objects.ts';
import { damaged } from '../revision/pdf-error.ts';

const LINE_END = Buffer.from('\n');

/** The decoded content of a page; several streams are one (ISO 32000-2 §7.7.3.3). Throws PDF_DAMAGED. */
export function pageContent(document: PdfDocument, page: PdfDict): Uint8Array {
  const contents = document.resolve(page.get('Contents'));
  if (contents instanceof PdfStream) return document.decodedBytes(contents);
  if (!Array.isArray(contents)) return new Uint8Array(0);
  const parts = contents.flatMap((part) => {
    const stream = document.resolve(part);
    return stream instanceof PdfStream ? [document.decodedBytes(stream), LINE_END] : [];
  });
  return Buffer.concat(parts);
}

/** Makes the edits in the content of a page. */
export function editPage(
  document: PdfDocument,
  { ref, dict }: PdfPage,
  bytes: Uint8Array,
  edits: ContentEdits,
): void {
  if (edits.isEmpty) return;
  const stream = flateStream(new PdfDict(), edits.apply(bytes));
  const contents = dict.get('Contents');
  if (contents instanceof PdfRef && document.resolve(contents) instanceof PdfStream)
    document.set(contents, stream);
  else document.editDict(ref).set('Contents', document.add(stream));
}

/** Makes the edits in a form XObject. */
export function editForm(
  document: PdfDocument,
  ref: PdfRef,
  { dict }: PdfStream,
  bytes: Uint8Array,
  edits: ContentEdits,
): void {
  if (!edits.isEmpty) document.set(ref, flateStream(dict, edits.apply(bytes)));
}

/** `dict` with these bytes, compressed. */
export function flateStream(dict: PdfDict, bytes: Uint8Array): PdfStream {
  const entries = new PdfDict(dict).set('Filter', name('FlateDecode'));
  entries.delete('DecodeParms');
  return PdfStream.of(entries, deflate(bytes));
}

/** Runs what reads content, and calls its mistakes by their name. */
export function readingContent<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof PdfSyntaxError) throw damaged(`the content of a page is broken: ${error.message}`);
    throw error;
  }
}
