/** Time stamps: those in a signature, and those of a document that cover it. */
import type { ByteSource } from '../../revision/byte-source.ts';
import { PdfDocument } from '../../revision/document.ts';
import { Asn1Error } from '../asn1/asn1.ts';
import { faultOfToken, parseTimeStampToken, type TimeStampToken } from '../trust/time-stamp-token.ts';
import type { Certificate } from '../x509/certificate.ts';
import { buildChain, type CertificateChain } from './certificate-chain.ts';
import { digestOf, firstBytes, type SignedRange } from './signed-range.ts';

export interface TimeProof {
  /** Milliseconds since the epoch; undefined when the token cannot be read. */
  readonly time: number | undefined;
  readonly authority: Certificate | undefined;
  readonly chain: CertificateChain | undefined;
  /** In words; none: it proves its time. */
  readonly problems: readonly string[];
}

export interface ProofSources {
  readonly pool: readonly Certificate[];
  readonly roots: readonly Certificate[] | undefined;
}

/** `digest`: makes the hash of what the token is for, by the name of the hash. */
export function proveTime(
  bytes: Uint8Array,
  digest: (hash: string) => Uint8Array,
  { pool, roots }: ProofSources,
): TimeProof {
  let token: TimeStampToken;
  try {
    token = parseTimeStampToken(bytes);
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    const problems = ['The time stamp is damaged.'];
    return { time: undefined, authority: undefined, chain: undefined, problems };
  }
  const { time, certificates, signer, hash } = token;
  const fault = hash === undefined ? 'it uses an unknown hash' : faultOfToken(token, digest(hash));
  const { certificate: authority } = signer;
  const chain = authority && buildChain(authority, { pool: [...certificates, ...pool], roots, at: time });
  const problems = [
    ...(fault === undefined ? [] : [`The time stamp proves nothing: ${fault}.`]),
    ...(chain?.problems ?? []).map((problem) => `Time stamp: ${problem}`),
  ];
  return { time, authority, chain, problems };
}

/** A time stamp of the document that proves that what it covers existed. */
export interface DocumentStamp {
  readonly time: number;
  readonly end: number;
  /** Whether the security store is among what it covers. */
  readonly coversStore: boolean;
}

export function documentStamp(
  { time, problems }: TimeProof,
  { end }: SignedRange,
  source: ByteSource,
): DocumentStamp | undefined {
  if (time === undefined || problems.length > 0) return undefined;
  const covered = PdfDocument.open(firstBytes(source, end));
  return { time, end, coversStore: covered.root.has('DSS') };
}

export const stampOver = (source: ByteSource, range: SignedRange) => (hash: string) =>
  digestOf(source, range, hash);
