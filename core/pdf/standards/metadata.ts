/** Puts what a file says about itself into it: XMP, Info, IDs, language. */
import type { PdfDocument } from '../revision/document.ts';
import { name, PdfDict, PdfRef, PdfStream } from '../revision/objects.ts';
import { textString } from '../revision/text-string.ts';
import { trailerId } from './identity.ts';
import { infoDict } from './info.ts';
import type { MetadataModel } from './metadata-model.ts';
import type { XmpExtra } from './xmp-extensions.ts';
import { xmpPacket } from './xmp-packet.ts';

/**
 * Replaces all metadata of the document. The packet stays unfiltered, which PDF/A-1 demands (ISO 19005-1 §6.7.2) and programs
 * that only look for packets need. PDF/A-4 has no Info (ISO 19005-4 §6.1.3).
 */
export function writeMetadata(
  document: PdfDocument,
  model: MetadataModel,
  extras: readonly XmpExtra[],
): void {
  const root = document.editDict(document.rootRef);
  const packet = PdfDict.of({ Type: name('Metadata'), Subtype: name('XML') });
  root.set('Metadata', document.add(PdfStream.of(packet, xmpPacket(model, extras))));
  // Chromium fills a missing language with the one of its own windows.
  if (model.language === undefined) root.delete('Lang');
  else root.set('Lang', textString(model.language));
  document.trailer.set('ID', trailerId(model.identity));
  const ref = document.trailer.get('Info');
  if (model.standards.pdfa?.part === 4) {
    document.trailer.delete('Info');
    if (ref instanceof PdfRef) document.delete(ref);
  } else if (ref instanceof PdfRef) document.set(ref, infoDict(model));
  else document.trailer.set('Info', document.add(infoDict(model)));
}
