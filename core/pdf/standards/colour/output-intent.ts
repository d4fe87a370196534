/**
 * The output intent that makes device colours mean something (ISO 19005-1 §6.2.2, 19005-2 §6.2.3, 19005-4 §6.2.2). Chromium
 * paints in DeviceRGB and DeviceGray, which an RGB profile covers both.
 */
import { deflateSync } from 'node:zlib';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfStream, type PdfRef } from '../../revision/objects.ts';
import { textString } from '../../revision/text-string.ts';
import { srgbProfile } from './srgb.ts';

let encoded: Uint8Array | undefined;

/** Adds the intent, in place of those that the file has. Gives the stream of its profile. */
export function addOutputIntent(document: PdfDocument): PdfRef {
  const { intent, profile } = outputIntent(document);
  document.editDict(document.rootRef).set('OutputIntents', [intent]);
  return profile;
}

/** The intent for a catalog, its profile added to the file. */
export function outputIntent(file: Pick<PdfDocument, 'add'>): {
  readonly intent: PdfDict;
  readonly profile: PdfRef;
} {
  encoded ??= deflateSync(srgbProfile(), { level: 9 });
  const profile = file.add(PdfStream.of(PdfDict.of({ N: 3, Filter: name('FlateDecode') }), encoded));
  const intent = PdfDict.of({
    Type: name('OutputIntent'),
    S: name('GTS_PDFA1'),
    OutputConditionIdentifier: textString('sRGB'),
    RegistryName: textString('http://www.color.org'),
    Info: textString('sRGB IEC61966-2.1'),
    DestOutputProfile: profile,
  });
  return { intent, profile };
}
