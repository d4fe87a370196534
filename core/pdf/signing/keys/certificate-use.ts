/** Whether a certificate lets its key sign documents, and what a person should know about it. */
import { InfluxionError } from '../../../error.ts';
import { OID } from '../asn1/oids.ts';
import { isSelfIssued, weakHashOf, type Certificate } from '../x509/certificate.ts';

/** Purposes that say "not documents" when a certificate names nothing else. */
const OTHER_PURPOSES = new Map<string, string>([
  [OID.serverAuth, 'TLS servers'],
  [OID.timeStamping, 'time stamps'],
  [OID.ocspSigning, 'OCSP answers'],
]);

/** anyExtendedKeyUsage, emailProtection, documentSigning (RFC 9336), clientAuth, and Adobe's and Microsoft's own. */
const DOCUMENT_PURPOSES: ReadonlySet<string> = new Set([
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.5.5.7.3.2',
  '1.2.840.113583.1.1.5',
  '1.3.6.1.4.1.311.10.3.12',
]);

const DAY_MS = 24 * 60 * 60_000;
const SOON_MS = 30 * DAY_MS;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const unusable = (message: string, hint: string): InfluxionError =>
  new InfluxionError('KEY_UNUSABLE', message, { hint });

/** Errors: KEY_UNUSABLE when the certificate is made for something else. */
export function assertForSigning({ keyUsage, extendedKeyUsage }: Certificate): void {
  if (keyUsage !== undefined && !keyUsage.digitalSignature && !keyUsage.nonRepudiation) {
    throw unusable(
      'The certificate does not allow signatures: its key usage names neither digitalSignature nor nonRepudiation.',
      'Use a certificate that was issued for signing.',
    );
  }
  const others = (extendedKeyUsage ?? []).map((purpose) => OTHER_PURPOSES.get(purpose));
  if (others.length > 0 && others.every((name) => name !== undefined)) {
    throw unusable(
      `The certificate is only for ${[...new Set(others)].join(' and ')}, not for documents.`,
      'Use a certificate that was issued for signing documents.',
    );
  }
}

/** Errors: KEY_UNUSABLE before the first and after the last moment of the certificate. */
export function assertInTime(id: string, { notBefore, notAfter }: Certificate, now: number): void {
  assertNotExpired(`the key "${id}"`, notAfter, now);
  if (now >= notBefore) return;
  throw unusable(
    `The certificate of the key "${id}" is not valid before ${day(notBefore)}.`,
    'Wait until then, sign with another key, or set the clock of this computer right.',
  );
}

/** Errors: KEY_UNUSABLE. */
export function assertNotExpired(what: string, notAfter: number, now: number): void {
  if (now <= notAfter) return;
  throw unusable(
    `The certificate of ${what} expired on ${day(notAfter)}.`,
    'Renew the certificate and import it under a new name, or sign with another key.',
  );
}

/** Sentences. `chain` holds the issuers that are kept with the certificate. */
export function warningsOf(certificate: Certificate, chain: readonly Certificate[], now: number): string[] {
  const { notBefore, notAfter, extendedKeyUsage, isAuthority } = certificate;
  const warnings: string[] = [];
  if (now > notAfter)
    warnings.push(`The certificate expired on ${day(notAfter)}: nothing can be signed with it.`);
  else if (notAfter - now < SOON_MS) warnings.push(`The certificate expires on ${day(notAfter)}.`);
  if (now < notBefore)
    warnings.push(`The certificate is not valid before ${day(notBefore)}: nothing can be signed until then.`);
  if (isSelfIssued(certificate)) {
    warnings.push('The certificate is self-signed: readers trust it only where it was added by hand.');
  } else if (chain.length === 0) {
    warnings.push(
      'The certificate of the issuer is missing: readers may not find the way to a root they trust.',
    );
  }
  const weak = [certificate, ...chain].filter((one) => !isSelfIssued(one)).map(weakHashOf);
  const hash = weak.find((name) => name !== undefined);
  if (hash !== undefined) {
    warnings.push(
      `A certificate of the chain is signed with ${hash}, which is broken: readers may refuse it.`,
    );
  }
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.some((purpose) => DOCUMENT_PURPOSES.has(purpose))) {
    warnings.push(
      'The extended key usage of the certificate does not name documents: some readers may refuse it.',
    );
  }
  if (isAuthority)
    warnings.push('The certificate is that of an authority, not of a person or an organization.');
  return warnings;
}
