/** Puts what a file says about itself into it: XMP, Info, IDs, language. */
import type { PdfDocument } from '../revision/document.ts';
import { name, PdfDict, PdfRef, PdfStream, PdfString } from '../revision/objects.ts';
import { textOf, textString } from '../revision/text-string.ts';
import { identityOf, trailerId } from './identity.ts';
import { infoDict } from './info.ts';
import { metadataModel } from './metadata-model.ts';
import type { ConformPlan } from './plan.ts';
import { xmpPacket, type XmpExtra } from './xmp-packet.ts';

/**
 * Replaces all metadata of the document. The packet stays unfiltered, which PDF/A-1 demands (ISO 19005-1 §6.7.2) and programs
 * that only look for packets need. PDF/A-4 has no Info (ISO 19005-4 §6.1.3).
 */
export function writeMetadata(document: PdfDocument, plan: ConformPlan, extras: readonly XmpExtra[]): void {
  const identity = identityOf(plan);
  const info = document.dictAt(document.trailer, 'Info');
  const producer = document.resolve(info?.get('Producer'));
  const model = metadataModel(plan, identity, producer instanceof PdfString ? textOf(producer) : undefined);
  const root = document.editDict(document.rootRef);
  const packet = PdfDict.of({ Type: name('Metadata'), Subtype: name('XML') });
  root.set('Metadata', document.add(PdfStream.of(packet, xmpPacket(model, extras))));
  // Chromium fills a missing language with the one of its own windows.
  if (model.language === undefined) root.delete('Lang');
  else root.set('Lang', textString(model.language));
  document.trailer.set('ID', trailerId(identity));
  const ref = document.trailer.get('Info');
  if (plan.standards.pdfa?.part === 4) {
    document.trailer.delete('Info');
    if (ref instanceof PdfRef) document.delete(ref);
  } else if (ref instanceof PdfRef) document.set(ref, infoDict(model));
  else document.trailer.set('Info', document.add(infoDict(model)));
}
