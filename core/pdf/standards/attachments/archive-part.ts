/** The part of PDF/A (ISO 19005) that a file to be attached says it is of. */
import type { PdfStandard } from '../../../../contract/standard.ts';
import { InfluxionError } from '../../../error.ts';
import { memorySource } from '../../revision/byte-source.ts';
import { PdfDocument } from '../../revision/document.ts';
import type { PdfReader } from '../../revision/reader.ts';
import { claimsOf } from '../claims.ts';
import { standardsFrom } from '../model.ts';

/** That its metadata claims; undefined for none, and for a file that cannot be read. */
export const claimedPart = (bytes: Uint8Array): number | undefined => partOf(readClaims(bytes)?.claims);

export const partOf = (claims: readonly PdfStandard[] = []): number | undefined =>
  standardsFrom(claims).pdfa?.part;

/** `claims`: of PDF/A alone. Undefined for what is no PDF. */
export function readClaims(
  bytes: Uint8Array,
): { readonly reader: PdfReader; readonly claims: readonly PdfStandard[] } | undefined {
  try {
    const document = PdfDocument.open(memorySource(bytes));
    const claims = claimsOf(document).filter((name) => name.startsWith('pdf/a-'));
    return { reader: document.reader, claims };
  } catch (error) {
    if (InfluxionError.is(error)) return undefined;
    throw error;
  }
}
