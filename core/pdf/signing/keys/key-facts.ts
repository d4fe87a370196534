import { createPublicKey } from 'node:crypto';
import type { KeyFacts } from '../../../../contract/key.ts';
import { isSelfIssued, serialText, type Certificate } from '../x509/certificate.ts';
import { warningsOf } from './certificate-use.ts';
import { kindOf, type KeyKind } from './key-kind.ts';

export interface PublicKeyPart {
  readonly id: string;
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Read once a certificate: every document that is signed is told who signed it. */
const kinds = new WeakMap<Certificate, KeyKind>();

/** Errors: KEY_INVALID. */
function kindOfCertificate(certificate: Certificate): KeyKind {
  const known = kinds.get(certificate);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.from(certificate.publicKey), format: 'der', type: 'spki' });
  const kind = kindOf(key);
  kinds.set(certificate, kind);
  return kind;
}

/** What anybody may be told of a key. */
export function factsOf(
  { id, certificate, chain, createdAt }: PublicKeyPart,
  now: number,
  protection: string,
): KeyFacts {
  return {
    id,
    ...kindOfCertificate(certificate),
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
