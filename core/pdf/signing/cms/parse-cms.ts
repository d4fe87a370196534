/** `SignedData` with its signer (RFC 5652 §5), as anybody may have written it. */
import { createHash } from 'node:crypto';
import { Asn1Error, contextTag, readFirstAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { timeOf } from '../asn1/values.ts';
import { parseCertificate, sameBytes, type Certificate } from '../x509/certificate.ts';
import { hashOf, isSignedBy } from '../x509/verify-signature.ts';

export interface CmsSigner {
  /** The certificate that the signature names, when it is in the structure. */
  readonly certificate: Certificate | undefined;
  /** As Node names it; undefined for one that is unknown here. */
  readonly hash: string | undefined;
  /** Type → first value. Empty when the signature is over the content itself. */
  readonly signedAttributes: ReadonlyMap<string, Asn1>;
  readonly unsignedAttributes: ReadonlyMap<string, Asn1>;
  /** The signed attributes as they are signed. */
  readonly signedBytes: Uint8Array | undefined;
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly messageDigest: Uint8Array | undefined;
  /** Milliseconds since the epoch. */
  readonly signingTime: number | undefined;
  /** The time-stamp of the signature, itself CMS. */
  readonly timeStamp: Uint8Array | undefined;
}

export interface ParsedCms {
  readonly contentType: string;
  /** What is signed, unless it is detached. */
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Certificate[];
  /** DER. */
  readonly crls: readonly Uint8Array[];
  readonly signers: readonly CmsSigner[];
}

const MOST_CERTIFICATES = 100;
const MOST_SIGNERS = 10;

/** Bytes after the structure, such as the padding of a PDF string, are passed over. Errors: Asn1Error. */
export function parseCms(bytes: Uint8Array): ParsedCms {
  const info = readFirstAsn1(bytes).expect(TAG.sequence);
  if (info.at(0, TAG.oid).oid !== OID.signedData) throw new Asn1Error('It is not a signature in CMS.');
  const data = info.at(1, contextTag(0)).at(0, TAG.sequence);
  const encapsulated = data.at(2, TAG.sequence);
  const certificates = readableCertificates(
    (data.find(contextTag(0))?.children ?? [])
      .filter(({ tag }) => tag === TAG.sequence)
      .slice(0, MOST_CERTIFICATES)
      .map(({ raw }) => raw),
  );
  const signers = data.at(data.children.length - 1, TAG.set).children;
  if (signers.length > MOST_SIGNERS) throw new Asn1Error('The signature has too many signers.');
  return {
    contentType: encapsulated.at(0, TAG.oid).oid,
    content: encapsulated.find(contextTag(0))?.at(0).octets,
    certificates,
    crls: (data.find(contextTag(1))?.children ?? []).map(({ raw }) => raw),
    signers: signers.map((signer) => readSigner(signer, certificates)),
  };
}

/** Those that can be read; one that cannot must not hide what the others prove. */
export function readableCertificates(encoded: readonly Uint8Array[]): Certificate[] {
  return encoded.flatMap((bytes) => {
    try {
      return [parseCertificate(bytes)];
    } catch (error) {
      if (error instanceof Asn1Error) return [];
      throw error;
    }
  });
}

function readSigner(info: Asn1, certificates: readonly Certificate[]): CmsSigner {
  const signed = info.find(contextTag(0), 3);
  const next = signed === undefined ? 3 : 4;
  const signedAttributes = readAttributes(signed);
  const unsignedAttributes = readAttributes(info.find(contextTag(1), next));
  const time = signedAttributes.get(OID.signingTime);
  return {
    certificate: certificates.find((one) => isNamed(one, info.at(1))),
    hash: hashOf(info.at(2, TAG.sequence).at(0).oid),
    signedAttributes,
    unsignedAttributes,
    signedBytes: signed && Uint8Array.from([TAG.set, ...signed.raw.subarray(1)]),
    algorithm: info.at(next, TAG.sequence).raw,
    signature: info.at(next + 1, TAG.octetString).octets,
    messageDigest: signedAttributes.get(OID.messageDigest)?.expect(TAG.octetString).octets,
    signingTime: time && timeOf(time),
    timeStamp: unsignedAttributes.get(OID.signatureTimeStamp)?.raw,
  };
}

/** Errors: Asn1Error also for an attribute that stands twice, or without a value. */
function readAttributes(set: Asn1 | undefined): Map<string, Asn1> {
  const attributes = new Map<string, Asn1>();
  for (const one of set?.children ?? []) {
    const type = one.at(0, TAG.oid).oid;
    if (attributes.has(type)) throw new Asn1Error('An attribute stands twice in a signature.');
    attributes.set(type, one.at(1, TAG.set).at(0));
  }
  return attributes;
}

/** `SignerIdentifier`: issuer and number, or the identifier of the key [0]. */
function isNamed(certificate: Certificate, identifier: Asn1): boolean {
  if (identifier.tag === contextTag(0, false)) {
    return certificate.subjectKeyId !== undefined && sameBytes(certificate.subjectKeyId, identifier.content);
  }
  const issuer = identifier.at(0, TAG.sequence).raw;
  const serial = identifier.at(1, TAG.integer).content;
  return sameBytes(certificate.issuerName, issuer) && sameBytes(certificate.serial, serial);
}

/** Whether the signed attributes name this content and were signed by the certificate that the signature names. */
export function isIntact(signer: CmsSigner, contentDigest: Uint8Array): boolean {
  const { certificate, signedBytes, messageDigest, hash, algorithm, signature } = signer;
  if (certificate === undefined || signedBytes === undefined || messageDigest === undefined) return false;
  if (hash === undefined || !sameBytes(messageDigest, contentDigest)) return false;
  const { publicKey } = certificate;
  return isSignedBy({ data: signedBytes, signature, algorithm, hash, publicKey });
}

/**
 * Whether signing-certificate or signing-certificate-v2 names the certificate of the signer (RFC 5035 §3, §4); undefined when
 * the signature has neither.
 */
export function namesItsCertificate({ certificate, signedAttributes }: CmsSigner): boolean | undefined {
  const second = signedAttributes.get(OID.signingCertificateV2);
  const value = second ?? signedAttributes.get(OID.signingCertificate);
  if (value === undefined) return undefined;
  if (certificate === undefined) return false;
  const [first] = value.at(0, TAG.sequence).children;
  if (first === undefined) return false;
  const named = first.at(0).tag === TAG.sequence ? hashOf(first.at(0).at(0).oid) : second && 'sha256';
  const expected = first.children.find(({ tag }) => tag === TAG.octetString)?.octets;
  const hash = second === undefined ? 'sha1' : named;
  if (hash === undefined || expected === undefined) return false;
  return sameBytes(createHash(hash).update(certificate.der).digest(), expected);
}
