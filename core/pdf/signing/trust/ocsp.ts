/** Whether a certificate was revoked, asked of its issuer's responder (RFC 6960). */
import { createHash, randomBytes } from 'node:crypto';
import { Asn1Error, contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import * as der from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { timeOf } from '../asn1/values.ts';
import { parseCertificate, sameBytes, type Certificate } from '../x509/certificate.ts';
import { isIssuedBy } from '../x509/chain.ts';
import { hashOf, isSignedBy } from '../x509/verify-signature.ts';

export type RevocationStatus = 'good' | 'revoked' | 'unknown';

export interface OcspAnswer {
  readonly status: RevocationStatus;
  /** Milliseconds since the epoch. */
  readonly revokedAt: number | undefined;
  readonly producedAt: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  /** The certificate that signed the answer: the issuer's own, or one that the issuer made for it. */
  readonly responder: Certificate;
}

export interface OcspSubject {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

const NONCE_BYTES = 16;
const SUCCESSFUL = 0;
const GOOD = contextTag(0, false);
const REVOKED = contextTag(1);

/** The key's bits without the count of unused ones. */
const keyBits = (certificate: Certificate): Uint8Array =>
  readAsn1(certificate.publicKey).at(1, TAG.bitString).bits;

/** A request in DER, with SHA-1 in the identifier, which every responder takes (RFC 5019 §2.1.1). */
export function writeOcspRequest({ certificate, issuer }: OcspSubject): Uint8Array {
  const sha1 = (bytes: Uint8Array): Uint8Array => der.octetString(createHash('sha1').update(bytes).digest());
  const id = der.sequence(
    der.sequence(der.oid(OID.sha1), der.nothing()),
    sha1(issuer.subjectName),
    sha1(keyBits(issuer)),
    der.unsignedInteger(certificate.serial),
  );
  const nonce = der.octetString(der.octetString(randomBytes(NONCE_BYTES)));
  const extensions = der.sequence(der.sequence(der.oid(OID.ocspNonce), nonce));
  return der.sequence(der.sequence(der.sequence(der.sequence(id)), der.explicit(2, extensions)));
}

/**
 * What a response says of a certificate, once its signature was found right. Errors: Asn1Error (no response, a refusal, about
 * another certificate, signed by somebody else).
 */
export function readOcspResponse(bytes: Uint8Array, subject: OcspSubject): OcspAnswer {
  const response = readAsn1(bytes).expect(TAG.sequence);
  const outcome = response.at(0, TAG.enumerated).count;
  if (outcome !== SUCCESSFUL) throw new Asn1Error(`The responder refuses to answer (status ${outcome}).`);
  const kind = response.at(1, contextTag(0)).at(0, TAG.sequence);
  if (kind.at(0).oid !== OID.ocspBasic) throw new Asn1Error('The response is of an unknown kind.');
  const basic = readAsn1(kind.at(1, TAG.octetString).octets).expect(TAG.sequence);
  const data = basic.at(0, TAG.sequence);
  const version = data.at(0).tag === contextTag(0) ? 1 : 0;
  const single = data
    .at(version + 2, TAG.sequence)
    .children.find((one) => isAbout(one.at(0, TAG.sequence), subject));
  if (single === undefined) throw new Asn1Error('The response is about another certificate.');
  const status = single.at(1);
  const next = single.find(contextTag(0), 3);
  return {
    status: status.tag === GOOD ? 'good' : status.tag === REVOKED ? 'revoked' : 'unknown',
    revokedAt: status.tag === REVOKED ? timeOf(status.at(0)) : undefined,
    producedAt: timeOf(data.at(version + 1)),
    thisUpdate: timeOf(single.at(2)),
    nextUpdate: next && timeOf(next.at(0)),
    responder: responderOf(basic, subject.issuer),
  };
}

/** Whether a `CertID` names the certificate, under whichever hash it uses. */
function isAbout(id: Asn1, { certificate, issuer }: OcspSubject): boolean {
  const hash = hashOf(id.at(0, TAG.sequence).at(0).oid);
  if (hash === undefined || !sameBytes(id.at(3, TAG.integer).content, certificate.serial)) return false;
  const isHashOf = (element: Asn1, bytes: Uint8Array): boolean =>
    sameBytes(element.octets, createHash(hash).update(bytes).digest());
  return isHashOf(id.at(1), issuer.subjectName) && isHashOf(id.at(2), keyBits(issuer));
}

/** RFC 6960 §4.2.2.2: the issuer itself, or a certificate that it made for signing responses. */
function responderOf(basic: Asn1, issuer: Certificate): Certificate {
  const delegated = (basic.find(contextTag(0), 3)?.at(0, TAG.sequence).children ?? [])
    .map(({ raw }) => parseCertificate(raw))
    .filter((one) => one.extendedKeyUsage?.includes(OID.ocspSigning) === true && isIssuedBy(one, issuer));
  const responder = [issuer, ...delegated].find(({ publicKey }) =>
    isSignedBy({
      data: basic.at(0).raw,
      algorithm: basic.at(1, TAG.sequence).raw,
      signature: basic.at(2, TAG.bitString).bits,
      publicKey,
    }),
  );
  if (responder === undefined) throw new Asn1Error('The response is not signed by the issuer or for it.');
  return responder;
}
