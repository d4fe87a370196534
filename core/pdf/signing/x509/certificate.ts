/** A certificate as signing and its checks need it (RFC 5280 §4.1). */
import { createHash } from 'node:crypto';
import { contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { timeOf } from '../asn1/values.ts';
import { readExtensions, type Extensions } from './extensions.ts';
import { describeName } from './names.ts';

export interface Certificate extends Extensions {
  readonly der: Uint8Array;
  /** The part that the issuer signed. */
  readonly signed: Uint8Array;
  /** The content octets of the number. */
  readonly serial: Uint8Array;
  /** As text, RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  /** The names as they are written, for comparing. */
  readonly subjectName: Uint8Array;
  readonly issuerName: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** The algorithm of the issuer's signature with its parameters. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureOid: string;
  readonly signature: Uint8Array;
  /** SHA-256 of the whole, `AB:CD:…`. */
  readonly fingerprint: string;
}

/** Errors: Asn1Error for what is no certificate. */
export function parseCertificate(der: Uint8Array): Certificate {
  const certificate = readAsn1(der).expect(TAG.sequence);
  const signed = certificate.at(0, TAG.sequence);
  const version = signed.at(0).tag === contextTag(0) ? 1 : 0;
  const field = (index: number, tag: number): Asn1 => signed.at(version + index, tag);
  const issuer = field(2, TAG.sequence);
  const validity = field(3, TAG.sequence);
  const subject = field(4, TAG.sequence);
  return {
    der,
    signed: signed.raw,
    serial: field(0, TAG.integer).content,
    subject: describeName(subject),
    issuer: describeName(issuer),
    subjectName: subject.raw,
    issuerName: issuer.raw,
    notBefore: timeOf(validity.at(0)),
    notAfter: timeOf(validity.at(1)),
    publicKey: field(5, TAG.sequence).raw,
    signatureAlgorithm: certificate.at(1, TAG.sequence).raw,
    signatureOid: certificate.at(1).at(0).oid,
    signature: certificate.at(2, TAG.bitString).bits,
    fingerprint: fingerprintOf(der),
    ...readExtensions(signed.find(contextTag(3))?.at(0, TAG.sequence)),
  };
}

function fingerprintOf(der: Uint8Array): string {
  const digest = createHash('sha256').update(der).digest('hex').toUpperCase();
  return (digest.match(/../g) ?? []).join(':');
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Issued in its own name; whether it also signed itself is another question. */
export const isSelfIssued = (certificate: Certificate): boolean =>
  sameBytes(certificate.issuerName, certificate.subjectName);

const WEAK_SIGNATURES = new Map<string, string>([
  [OID.md5WithRsa, 'MD5'],
  [OID.sha1WithRsa, 'SHA-1'],
  [OID.ecdsaWithSha1, 'SHA-1'],
]);

/** The broken hash that the issuer signed with, or undefined. */
export const weakHashOf = (certificate: Certificate): string | undefined =>
  WEAK_SIGNATURES.get(certificate.signatureOid);

/** The number as hexadecimal digits. */
export const serialText = (certificate: Certificate): string =>
  Buffer.from(certificate.serial)
    .toString('hex')
    .replace(/^0+(?=.)/, '')
    .toUpperCase();
