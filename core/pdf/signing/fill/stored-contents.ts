import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfString, type PdfRef } from '../../revision/objects.ts';

/** /Contents of a signature dictionary with its padding; empty when it has none. */
export function storedContents(document: PdfDocument, dictionary: PdfRef): Uint8Array {
  const dict = document.get(dictionary.number);
  const contents = dict instanceof PdfDict ? document.resolve(dict.get('Contents')) : null;
  return contents instanceof PdfString ? contents.bytes : new Uint8Array();
}
