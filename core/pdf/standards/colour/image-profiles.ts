/** ICC profiles of images for PDF/A-1, which knows version 2 alone (ISO 19005-1 §6.2.3.2). */
import { deflateSync } from 'node:zlib';
import { contentParts, resourceEntries, type ContentPart } from '../../content/content-parts.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../revision/objects.ts';
import type { Findings } from '../findings.ts';
import { majorVersion, versionTwo } from './version-two.ts';

/** Rewrites each profile in its place, which leaves the images untouched. */
export function lowerImageProfiles(document: PdfDocument, standard: string, findings: Findings): void {
  const done = new Set<number>();
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    for (const part of contentParts(document, page)) {
      for (const space of colourSpaces(document, part)) {
        const ref = profileOf(document, space);
        if (ref === undefined || done.has(ref.number)) continue;
        done.add(ref.number);
        if (lower(document, ref)) continue;
        findings.violate({
          standard,
          rule: '6.2.3.2-1',
          message:
            'An image has a colour profile of ICC version 4 that version 2 cannot express. Save the image as sRGB.',
          page: number,
          object: ref.number,
        });
      }
    }
  }
}

function* colourSpaces(document: PdfDocument, { resources }: ContentPart): Generator<PdfObject> {
  for (const [, entry] of resourceEntries(document, resources, 'ColorSpace')) yield entry;
  for (const [, entry] of resourceEntries(document, resources, 'XObject')) {
    const image = document.resolve(entry);
    if (image instanceof PdfStream) yield image.dict.get('ColorSpace') ?? null;
  }
}

/** `[/ICCBased profile]`, also under `[/Indexed base …]`. */
function profileOf(document: PdfDocument, space: PdfObject): PdfRef | undefined {
  const value = document.resolve(space);
  if (!Array.isArray(value)) return undefined;
  const [kind, inner] = value;
  if (!(kind instanceof PdfName)) return undefined;
  if (kind.name === 'ICCBased' && inner instanceof PdfRef) return inner;
  const base = kind.name === 'Indexed' ? document.resolve(inner) : null;
  return Array.isArray(base) && base[0] !== kind ? profileOf(document, base) : undefined;
}

/** Whether the profile is one of version 2 now. */
function lower(document: PdfDocument, ref: PdfRef): boolean {
  const stream = document.resolve(ref);
  if (!(stream instanceof PdfStream)) return false;
  const profile = document.decodedBytes(stream);
  if (majorVersion(profile) < 3) return true;
  const lowered = versionTwo(profile);
  if (lowered === undefined) return false;
  const dict = PdfDict.of({ N: stream.dict.get('N'), Filter: name('FlateDecode') });
  document.set(ref, PdfStream.of(dict, deflateSync(lowered)));
  return true;
}
