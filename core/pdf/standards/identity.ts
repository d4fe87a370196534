/** The IDs of a file: of the document, which stays, and of this instance of it (ISO 32000-2 §14.4, XMP part 2 §2.2). */
import { hash, randomUUID } from 'node:crypto';
import { PdfString } from '../revision/objects.ts';
import type { ConformPlan } from './plan.ts';

export interface Identity {
  /** UUIDs in their usual form. */
  readonly document: string;
  readonly instance: string;
}

/** Derived from the caller's document id where there is one; else random, or from the seed. */
export function identityOf({ metadata, seed }: Pick<ConformPlan, 'metadata' | 'seed'>): Identity {
  const { documentId } = metadata;
  const made = (purpose: string): string =>
    seed === undefined ? randomUUID() : uuidFrom(`${purpose}\n${seed}`);
  return {
    document: documentId === undefined ? made('document') : uuidFrom(`document id\n${documentId}`),
    instance: made('instance'),
  };
}

/** The /ID of the trailer: two strings of 16 bytes. */
export const trailerId = ({ document, instance }: Identity): PdfString[] =>
  [document, instance].map((uuid) => new PdfString(Buffer.from(uuid.replaceAll('-', ''), 'hex'), true));

/** A UUID of version 8 (RFC 9562 §5.8) from SHA-256. */
function uuidFrom(text: string): string {
  const bytes = hash('sha256', text, 'buffer').subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
