/** What a document holds to prove its signatures with: certificates, OCSP answers, revocation lists. */
import type { PdfDocument } from '../../revision/document.ts';
import { PdfStream, type PdfDict } from '../../revision/objects.ts';
import { Asn1Error, contextTag } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { readableCertificates, type ParsedCms } from '../cms/parse-cms.ts';
import { readCrl } from '../trust/crl.ts';
import { readOcspResponse, type OcspAnswer } from '../trust/ocsp.ts';
import { isSelfIssued, sameBytes, type Certificate } from '../x509/certificate.ts';

export interface ValidationData {
  readonly certificates: readonly Certificate[];
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

export const NO_DATA: ValidationData = { certificates: [], ocsps: [], crls: [] };

const MOST_ENTRIES = 200;
const MOST_ENTRY_BYTES = 32 * 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;
const SKEW_MS = 5 * 60_000;

/** Of the security store of a document (ISO 32000-2 §12.8.4.3); undefined when it has none. Throws PDF_DAMAGED. */
export function readSecurityStore(document: PdfDocument): ValidationData | undefined {
  const store = document.dictAt(document.root, 'DSS');
  if (store === undefined) return undefined;
  let left = MOST_BYTES;
  const read = (key: string): Uint8Array[] => {
    const streams = (document.arrayAt(store, key) ?? []).slice(0, MOST_ENTRIES);
    return streams.flatMap((object) => {
      const stream = document.resolve(object);
      if (!(stream instanceof PdfStream) || left <= 0) return [];
      const bytes = new Uint8Array(document.decodedBytes(stream, Math.min(left, MOST_ENTRY_BYTES)));
      left -= bytes.length;
      return [bytes];
    });
  };
  return { certificates: readableCertificates(read('Certs')), ocsps: read('OCSPs'), crls: read('CRLs') };
}

/** Of a signature itself: its certificates, and what Adobe's attribute carries (ISO 32000-2 §12.8.3.3.2). */
export function readOwnData({ certificates, crls, signers }: ParsedCms): ValidationData {
  const archive = signers[0]?.signedAttributes.get(OID.adobeRevocation);
  const list = (number: number): Uint8Array[] =>
    (archive?.find(contextTag(number))?.at(0).children ?? []).slice(0, MOST_ENTRIES).map(({ raw }) => raw);
  return { certificates, ocsps: list(1), crls: [...crls.slice(0, MOST_ENTRIES), ...list(0)] };
}

export const joinData = (...all: readonly ValidationData[]): ValidationData => ({
  certificates: all.flatMap(({ certificates }) => certificates),
  ocsps: all.flatMap(({ ocsps }) => ocsps),
  crls: all.flatMap(({ crls }) => crls),
});

export type Revocation = 'good' | 'revoked' | 'unknown';

/**
 * Whether a certificate was revoked at a time (milliseconds since the epoch), by data that its issuer answers for. Data that
 * had run out before that time tells nothing.
 */
export function revocationOf(
  certificate: Certificate,
  issuer: Certificate,
  { ocsps, crls }: ValidationData,
  at: number,
): Revocation {
  const answers = [
    ...ocsps.map((bytes) =>
      orNothing(() => answerOf(readOcspResponse(bytes, { certificate, issuer }), { issuer, crls, at })),
    ),
    ...crls.map((bytes) => orNothing(() => readCrl(bytes, certificate, issuer))),
  ].filter((answer) => answer !== undefined);
  if (answers.some(({ status, revokedAt = 0 }) => status === 'revoked' && revokedAt <= at)) return 'revoked';
  const isGood = answers.some(
    ({ status, nextUpdate }) => status !== 'unknown' && (nextUpdate ?? Infinity) + SKEW_MS >= at,
  );
  return isGood ? 'good' : 'unknown';
}

/**
 * What an answer is worth: a responder that is not the issuer itself must not have been revoked, unless its certificate says that
 * nobody need ask (RFC 6960 §4.2.2.2.1). It is asked of revocation lists, since no responder answers for itself.
 */
function answerOf(
  answer: OcspAnswer,
  { issuer, crls, at }: { issuer: Certificate; crls: readonly Uint8Array[]; at: number },
): OcspAnswer | undefined {
  const { responder, status } = answer;
  if (sameBytes(responder.der, issuer.der) || responder.hasNoCheck) return answer;
  const trust = revocationOf(responder, issuer, { certificates: [], ocsps: [], crls }, at);
  if (trust === 'revoked') return undefined;
  return trust === 'good' || status !== 'good' ? answer : { ...answer, status: 'unknown' };
}

/** Of every certificate of a chain but its root; the worst of them. */
export function chainRevocation(chain: readonly Certificate[], data: ValidationData, at: number): Revocation {
  const states = chain.slice(0, -1).map((certificate, index) => {
    const issuer = chain[index + 1];
    return issuer === undefined ? 'unknown' : revocationOf(certificate, issuer, data, at);
  });
  if (states.includes('revoked')) return 'revoked';
  const top = chain.at(-1);
  const isComplete = top !== undefined && isSelfIssued(top);
  return isComplete && states.every((state) => state === 'good') ? 'good' : 'unknown';
}

function orNothing<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Asn1Error) return undefined;
    throw error;
  }
}

/** Whether a dictionary is that of a document time stamp. */
export const isTimeStamp = (dict: PdfDict): boolean => dict.nameAt('SubFilter') === 'ETSI.RFC3161';
