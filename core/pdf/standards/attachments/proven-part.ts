/** The part of PDF/A (ISO 19005) that a file to be attached is of. For workers: it brings the whole checker along. */
import { checkConformance } from '../check/check-conformance.ts';
import { partOf, readClaims } from './archive-part.ts';

/** That it claims and meets. A large file takes seconds. */
export function provenPart(bytes: Uint8Array): number | undefined {
  const file = readClaims(bytes);
  if (file === undefined || file.claims.length === 0) return undefined;
  const isProven = checkConformance(file.reader, file.claims).every(({ conformant }) => conformant);
  return isProven ? partOf(file.claims) : undefined;
}
