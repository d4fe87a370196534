/** Which standards a file claims in its metadata. */
import type { PdfStandard } from '../../../contract/standard.ts';
import { InfluxionError } from '../../error.ts';
import { XmlError } from '../../xml/xml-tree.ts';
import type { PdfDocument } from '../revision/document.ts';
import { standardNames } from './model.ts';
import { claimedStandards, readXmp } from './xmp-reader.ts';

const MOST_XMP_BYTES = 16 * 1024 * 1024;

export function claimsOf(document: PdfDocument): PdfStandard[] {
  const metadata = document.streamAt(document.root, 'Metadata');
  if (metadata === undefined) return [];
  try {
    return standardNames(claimedStandards(readXmp(document.decodedBytes(metadata, MOST_XMP_BYTES))));
  } catch (error) {
    // What nobody can read claims nothing.
    if (error instanceof XmlError || (InfluxionError.is(error) && error.code === 'PDF_DAMAGED')) return [];
    throw error;
  }
}
