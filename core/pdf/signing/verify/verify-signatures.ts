/**
 * Says of every signature of a PDF whether it is whole, over what, by whom, when, and how far that is proven (ETSI EN 319 102-1,
 * in the part that can be told from the file and the given roots; nothing is fetched).
 */
import { createHash } from 'node:crypto';
import type { SignatureLevel } from '../../../../contract/document.ts';
import type { SignatureReport } from '../../../../contract/verify.ts';
import { InfluxionError } from '../../../error.ts';
import type { ByteSource } from '../../revision/byte-source.ts';
import { PdfDocument } from '../../revision/document.ts';
import { namesItsCertificate, type CmsSigner } from '../cms/parse-cms.ts';
import { CERTIFICATIONS } from '../field/signature-dictionary.ts';
import { assertForSigning } from '../keys/certificate-use.ts';
import { serialText, type Certificate } from '../x509/certificate.ts';
import { buildChain, type CertificateChain } from './certificate-chain.ts';
import { changesAfter, type Changes } from './changes/changes-after.ts';
import {
  certificationOf,
  dateOf,
  factOf,
  findSignatures,
  lockOf,
  type FoundSignature,
} from './found-signatures.ts';
import { rootsFromPem } from './roots.ts';
import { isRight } from './signature-check.ts';
import { isEnd, type SignedRange } from './signed-range.ts';
import { documentStamp, proveTime, stampOver, type DocumentStamp, type TimeProof } from './time-proof.ts';
import {
  chainRevocation,
  joinData,
  NO_DATA,
  readOwnData,
  readSecurityStore,
  type ValidationData,
} from './validation-data.ts';

export interface SignatureTrust {
  /** Certificates in PEM that are trusted as roots. None: nobody said whom to trust, so that trust is unknown. */
  readonly roots: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * In the order in which the signatures were made. Reading and computing block. Errors: PDF_DAMAGED, PDF_ENCRYPTED;
 * VALIDATION_FAILED for roots that cannot be read. What is wrong with a signature stands in its report.
 */
export function verifySignatures(source: ByteSource, { roots, now }: SignatureTrust): SignatureReport[] {
  const trusted = roots.length === 0 ? undefined : roots.flatMap(rootsFromPem);
  const document = PdfDocument.open(source);
  const found = findSignatures(document, source);
  if (found.length === 0) return [];
  const store = readSecurityStore(document);
  const options = { roots: trusted, now };
  const scene: Scene = { source, document, store, options, stamps: [], proofs: new Map() };
  for (const signature of found) proveStamp(scene, signature);
  return found.map((signature) => report(scene, signature));
}

interface Scene {
  readonly source: ByteSource;
  readonly document: PdfDocument;
  readonly store: ValidationData | undefined;
  readonly options: { readonly roots: readonly Certificate[] | undefined; readonly now: number };
  readonly stamps: DocumentStamp[];
  /** Of document time stamps. */
  readonly proofs: Map<FoundSignature, TimeProof>;
}

function proveStamp({ source, store, options, stamps, proofs }: Scene, found: FoundSignature): void {
  const { range } = found;
  if (!found.isTimeStamp || range === undefined) return;
  const sources = { pool: store?.certificates ?? [], roots: options.roots };
  const proof = proveTime(range.contents, stampOver(source, range), sources);
  proofs.set(found, proof);
  const stamp = documentStamp(proof, range, source);
  if (stamp !== undefined) stamps.push(stamp);
}

function report(scene: Scene, found: FoundSignature): SignatureReport {
  const { source, document } = scene;
  const { dict, range } = found;
  const changes = range === undefined ? BROKEN : changesOf(scene, dict, range);
  const judged = found.isTimeStamp ? judgeStamp(scene, found) : judgeSignature(scene, found);
  return {
    field: found.field,
    kind: found.isTimeStamp ? 'document-timestamp' : 'signature',
    sub_filter: found.subFilter,
    covers_whole_file: range !== undefined && isEnd(source, range.end),
    changes_after: changes.verdict,
    changes: [...changes.words],
    certify: certificationOf(document, dict),
    reason: factOf(document, dict, 'Reason'),
    location: factOf(document, dict, 'Location'),
    contact: factOf(document, dict, 'ContactInfo'),
    ...judged,
    problems: [...(found.fault === undefined ? [] : [found.fault]), ...judged.problems],
  };
}

/** Nobody knows what such a signature is over. */
const BROKEN: Changes = { verdict: 'forbidden', words: [] };

function changesOf(
  { source, document: after }: Scene,
  dict: FoundSignature['dict'],
  { end }: SignedRange,
): Changes {
  return changesAfter({
    source,
    after,
    end,
    rules: (before) => {
      const certification = before.dictAt(before.dictAt(before.root, 'Perms'), 'DocMDP');
      const certified = certification === undefined ? null : certificationOf(before, certification);
      return {
        permission: certified === null ? undefined : CERTIFICATIONS[certified],
        isLocked: lockOf(after, dict),
      };
    },
  });
}

type Judged = Pick<
  SignatureReport,
  'signer' | 'chain' | 'level' | 'intact' | 'trust' | 'revocation' | 'signed_at' | 'time_stamp' | 'problems'
>;

const UNREADABLE: Judged = {
  signer: null,
  chain: [],
  level: null,
  intact: false,
  trust: 'unknown',
  revocation: 'unknown',
  signed_at: null,
  time_stamp: null,
  problems: [],
};

function judgeStamp({ store, options, proofs, stamps }: Scene, found: FoundSignature): Judged {
  const proof = proofs.get(found);
  const end = found.range?.end ?? 0;
  if (proof?.authority === undefined) return { ...UNREADABLE, problems: [...(proof?.problems ?? [])] };
  const later = stamps.filter((stamp) => stamp.end > end).map(({ time }) => time);
  const at = Math.min(options.now, ...later);
  const chain = proof.chain?.certificates ?? [];
  const wrong = proof.problems.some((problem) => problem.startsWith('The time stamp'));
  return {
    ...UNREADABLE,
    signer: describe(proof.authority),
    chain: chain.map(({ subject }) => subject),
    intact: !wrong,
    trust: proof.chain?.trust ?? 'unknown',
    revocation: chainRevocation(chain, joinData(store ?? NO_DATA, ownData(found)), at),
    time_stamp: stampOf(proof),
    problems: [...proof.problems],
  };
}

const ownData = ({ cms }: FoundSignature): ValidationData => (cms === undefined ? NO_DATA : readOwnData(cms));

const stampOf = ({ time, authority, problems }: TimeProof): SignatureReport['time_stamp'] =>
  time === undefined
    ? null
    : { time: iso(time), authority: authority?.subject ?? '', valid: problems.length === 0 };

const iso = (time: number): string => new Date(time).toISOString();

const describe = (certificate: Certificate): SignatureReport['signer'] => ({
  subject: certificate.subject,
  issuer: certificate.issuer,
  serial: serialText(certificate),
  fingerprint: certificate.fingerprint,
  not_before: iso(certificate.notBefore),
  not_after: iso(certificate.notAfter),
});

function judgeSignature(scene: Scene, found: FoundSignature): Judged {
  const { source, document, store, options, stamps } = scene;
  const { cms, range, dict } = found;
  const claimed = dateOf(factOf(document, dict, 'M'));
  const [signer] = cms?.signers ?? [];
  const signedAt = claimed ?? signer?.signingTime;
  const unreadable = { ...UNREADABLE, signed_at: signedAt === undefined ? null : iso(signedAt) };
  if (cms === undefined || range === undefined || signer === undefined) return unreadable;
  const { certificate } = signer;
  if (certificate === undefined) {
    return { ...unreadable, problems: ['The certificate of the signer is not in the signature.'] };
  }
  const own = ownData(found);
  const pool = [...own.certificates, ...(store?.certificates ?? [])];
  const proof =
    signer.timeStamp &&
    proveTime(signer.timeStamp, (hash) => createHash(hash).update(signer.signature).digest(), {
      pool,
      roots: options.roots,
    });
  const later = stamps.filter(({ end }) => end > range.end);
  const times = [
    ...(proof?.problems.length === 0 ? [proof.time ?? Infinity] : []),
    ...later.map(({ time }) => time),
  ];
  const proven = times.length === 0 ? undefined : Math.min(...times);
  const at = proven ?? options.now;
  const chain = buildChain(certificate, { pool, roots: options.roots, at });
  // A certificate that nobody issued is revoked by nobody.
  const isAlone = chain.certificates.length === 1;
  const data = joinData(store ?? NO_DATA, own);
  const revocation = isAlone ? 'unknown' : chainRevocation(chain.certificates, data, at);
  const intact = isRight({ subFilter: found.subFilter, cms, signer }, range, source);
  const level = levelOf({ found, signer, intact, claimed, store, chain, proof, later, at });
  return {
    signer: describe(certificate),
    chain: chain.certificates.map(({ subject }) => subject),
    level,
    intact,
    trust: chain.trust,
    revocation,
    signed_at: unreadable.signed_at,
    time_stamp: proof === undefined ? null : stampOf(proof),
    problems: [
      ...(intact ? [] : ['What was signed was changed, or the signature is wrong.']),
      ...signerProblems(cms.signers.length, signer, certificate),
      ...(revocation === 'revoked' ? ['A certificate of the chain was revoked.'] : []),
      ...(proof?.problems ?? []),
      ...chain.problems,
      ...unprovenProblems(certificate, { proven, signedAt, now: options.now }),
    ],
  };
}

function signerProblems(signers: number, signer: CmsSigner, certificate: Certificate): string[] {
  const problems: string[] = [];
  if (signers > 1)
    problems.push('The signature has more than one signer, of whom only the first was checked.');
  if (namesItsCertificate(signer) === false) {
    problems.push('The signature names another certificate than the one it was made with.');
  }
  if (signer.hash === undefined) problems.push('The signature uses a hash that cannot be checked.');
  if (signer.hash === 'sha1') problems.push('The signature uses SHA-1, which is broken.');
  try {
    assertForSigning(certificate);
  } catch (error) {
    if (!InfluxionError.is(error)) throw error;
    problems.push(error.message);
  }
  return problems;
}

function unprovenProblems(
  { notAfter }: Certificate,
  { proven, signedAt, now }: { proven: number | undefined; signedAt: number | undefined; now: number },
): string[] {
  const isExpired = proven === undefined && now > notAfter && signedAt !== undefined && signedAt <= notAfter;
  return isExpired ? ['No time stamp proves that it was signed before the certificate expired.'] : [];
}

interface LevelFacts {
  readonly found: FoundSignature;
  readonly signer: CmsSigner;
  readonly intact: boolean;
  readonly claimed: number | undefined;
  readonly store: ValidationData | undefined;
  readonly chain: CertificateChain;
  readonly proof: TimeProof | undefined;
  readonly later: readonly DocumentStamp[];
  readonly at: number;
}

/** ETSI EN 319 142-1 §6.3. Null for what is no PAdES baseline signature. */
function levelOf({
  found,
  signer,
  intact,
  claimed,
  store,
  chain,
  proof,
  later,
  at,
}: LevelFacts): SignatureLevel | null {
  const isBaseline =
    intact &&
    found.subFilter === 'ETSI.CAdES.detached' &&
    found.cms?.signers.length === 1 &&
    namesItsCertificate(signer) === true &&
    signer.signingTime === undefined &&
    claimed !== undefined;
  if (!isBaseline) return null;
  if (proof?.problems.length !== 0 && later.length === 0) return 'B-B';
  const isProven = (certificates: readonly Certificate[], time: number): boolean =>
    store !== undefined && chainRevocation(certificates, store, time) === 'good';
  const stampChain = proof?.chain?.certificates ?? [];
  if (!isProven(chain.certificates, at) || (stampChain.length > 0 && !isProven(stampChain, at))) return 'B-T';
  return later.some(({ coversStore }) => coversStore) ? 'B-LTA' : 'B-LT';
}
