import { createPublicKey } from 'node:crypto';
import type { KeyFacts } from '../../../../contract/key.ts';
import { isSelfIssued, serialText, type Certificate } from '../x509/certificate.ts';
import { warningsOf } from './certificate-use.ts';
import { kindOf } from './key-kind.ts';

export interface PublicKeyPart {
  readonly id: string;
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What anybody may be told of a key. */
export function factsOf(
  { id, certificate, chain, createdAt }: PublicKeyPart,
  now: number,
  protection: string,
): KeyFacts {
  const publicKey = createPublicKey({ key: Buffer.from(certificate.publicKey), format: 'der', type: 'spki' });
  return {
    id,
    ...kindOf(publicKey),
    subject: certificate.subject,
    issuer: certificate.issuer,
    serial: serialText(certificate),
    fingerprint: certificate.fingerprint,
    not_before: new Date(certificate.notBefore).toISOString(),
    not_after: new Date(certificate.notAfter).toISOString(),
    self_signed: isSelfIssued(certificate),
    chain: chain.map(({ subject }) => subject),
    created_at: new Date(createdAt).toISOString(),
    protection,
    warnings: warningsOf(certificate, chain, now),
  };
}
