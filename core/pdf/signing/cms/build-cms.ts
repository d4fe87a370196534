/**
 * The signature of a document as CMS (RFC 5652), as ETSI EN 319 122-1 §5 wants it of CAdES and EN 319 142-1 §6 of PAdES B-B:
 * detached, one signer, content-type, message-digest and signing-certificate-v2, and no signing-time, which stands in the
 * signature dictionary instead.
 */
import { createHash } from 'node:crypto';
import * as der from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Signer } from '../keys/signer.ts';
import { hashAlgorithm, type SignatureHash } from './signature-hash.ts';

export interface CmsRequest {
  /** Of the signed bytes of the document. */
  readonly digest: Uint8Array;
  readonly hash: SignatureHash;
  readonly signer: Signer;
}

const VERSION = 1;

const ECDSA = {
  sha256: OID.ecdsaWithSha256,
  sha384: OID.ecdsaWithSha384,
  sha512: OID.ecdsaWithSha512,
} as const;

/** `ContentInfo` in DER. Errors: those of the platform's signing. */
export async function buildCms({ digest, hash, signer }: CmsRequest): Promise<Uint8Array> {
  const { certificate, chain } = signer;
  const attributes = der.setOf(
    attribute(OID.contentType, der.oid(OID.pkcs7Data)),
    attribute(OID.messageDigest, der.octetString(digest)),
    attribute(OID.signingCertificateV2, signingCertificate(certificate.der)),
  );
  const signature = await signer.sign(attributes, hash);
  const signerInfo = der.sequence(
    der.integer(VERSION),
    der.sequence(certificate.issuerName, der.unsignedInteger(certificate.serial)),
    hashAlgorithm(hash),
    der.implicit(0, attributes),
    signatureAlgorithm(signer.type, hash),
    der.octetString(signature),
  );
  const certificates = der.setOf(...[certificate, ...chain].map((one) => one.der));
  const signedData = der.sequence(
    der.integer(VERSION),
    der.setOf(hashAlgorithm(hash)),
    der.sequence(der.oid(OID.pkcs7Data)),
    der.implicit(0, certificates),
    der.setOf(signerInfo),
  );
  return der.sequence(der.oid(OID.signedData), der.explicit(0, signedData));
}

/** `Attribute` with one value (RFC 5652 §5.3). */
const attribute = (type: string, value: Uint8Array): Uint8Array =>
  der.sequence(der.oid(type), der.setOf(value));

/** `SigningCertificateV2` of one certificate; its hash is SHA-256, which is then not named (RFC 5035 §3). */
function signingCertificate(certificate: Uint8Array): Uint8Array {
  const hash = createHash('sha256').update(certificate).digest();
  return der.sequence(der.sequence(der.sequence(der.octetString(hash))));
}

/** RSA is named without a hash, as every reader of CMS must take it (RFC 3370 §3.2). */
const signatureAlgorithm = (type: 'rsa' | 'ec', hash: SignatureHash): Uint8Array =>
  type === 'rsa'
    ? der.sequence(der.oid(OID.rsaEncryption), der.nothing())
    : der.sequence(der.oid(ECDSA[hash]));
