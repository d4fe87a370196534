/** A time-stamp token (RFC 3161 §2.4.2) and whether it is what it claims. */
import { createHash } from 'node:crypto';
import { Asn1Error, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { timeOf } from '../asn1/values.ts';
import { isIntact, namesItsCertificate, parseCms, type CmsSigner } from '../cms/parse-cms.ts';
import { sameBytes, type Certificate } from '../x509/certificate.ts';
import { hashOf } from '../x509/verify-signature.ts';

export interface TimeStampToken {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly policy: string;
  /** As Node names it; undefined for one that is unknown here. */
  readonly hash: string | undefined;
  /** What was time-stamped. */
  readonly imprint: Uint8Array;
  readonly nonce: bigint | undefined;
  readonly certificates: readonly Certificate[];
  readonly signer: CmsSigner;
  /** `TSTInfo` in DER: what the signer signed. */
  readonly content: Uint8Array;
}

/** Errors: Asn1Error for what is no time-stamp token. */
export function parseTimeStampToken(bytes: Uint8Array): TimeStampToken {
  const { contentType, content, certificates, signers } = parseCms(bytes);
  const [signer, second] = signers;
  if (contentType !== OID.tstInfo || content === undefined) throw new Asn1Error('It is no time-stamp.');
  if (signer === undefined || second !== undefined) throw new Asn1Error('A time-stamp has one signer.');
  const info = readAsn1(content).expect(TAG.sequence);
  const imprint = info.at(2, TAG.sequence);
  return {
    time: timeOf(info.at(4, TAG.generalizedTime)),
    policy: info.at(1, TAG.oid).oid,
    hash: hashOf(imprint.at(0).at(0).oid),
    imprint: imprint.at(1, TAG.octetString).octets,
    nonce: nonceOf(info)?.integer,
    certificates,
    signer,
    content,
  };
}

/** After the time come accuracy (a sequence), ordering (a boolean) and the nonce. */
const nonceOf = (info: Asn1): Asn1 | undefined => info.find(TAG.integer, 5);

/** Why a token proves nothing about a digest, in words; undefined when it is whole and of a time-stamp authority. */
export function faultOfToken(token: TimeStampToken, digest: Uint8Array): string | undefined {
  const { signer, content, imprint, time } = token;
  const { certificate, hash } = signer;
  if (!sameBytes(imprint, digest)) return 'it is of other data';
  if (certificate === undefined) return 'the certificate of its authority is missing';
  if (hash === undefined || !isIntact(signer, createHash(hash).update(content).digest())) {
    return 'its signature is wrong';
  }
  if (namesItsCertificate(signer) !== true) return 'it does not name the certificate of its authority';
  if (certificate.extendedKeyUsage?.join() !== OID.timeStamping) {
    return 'its certificate is not one for time-stamps';
  }
  if (time < certificate.notBefore || time > certificate.notAfter) {
    return 'the certificate of its authority was not valid at that time';
  }
  return undefined;
}

/** `TimeStampResp` (RFC 3161 §2.4.2). Errors: Asn1Error. */
export function readTimeStampReply(bytes: Uint8Array): {
  readonly status: number;
  readonly token: Asn1 | undefined;
} {
  const reply = readAsn1(bytes).expect(TAG.sequence);
  const status = reply.at(0, TAG.sequence).at(0, TAG.integer).count;
  return { status, token: reply.find(TAG.sequence, 1) };
}
