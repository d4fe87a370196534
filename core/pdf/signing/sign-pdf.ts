/** Signs a document at the PAdES level that was asked for (ETSI EN 319 142-1 §6): B-B, B-T, B-LT, B-LTA, or the best there is. */
import { createHash } from 'node:crypto';
import type { SignatureLevel } from '../../../contract/document.ts';
import type { JobWarning } from '../../../contract/job.ts';
import { InfluxionError } from '../../error.ts';
import { revisionAlone } from '../revision/append.ts';
import { PdfDocument } from '../revision/document.ts';
import type { PdfRef } from '../revision/objects.ts';
import { systemClock } from '../../ports.ts';
import { addTimeStamp, signatureValue } from './cms/add-time-stamp.ts';
import { buildCms } from './cms/build-cms.ts';
import { addSecurityStore } from './field/security-store.ts';
import { addSignatureField, addTimeStampField, type SignaturePlan } from './field/add-signature-field.ts';
import { contentsOf } from './field/signature-dictionary.ts';
import { TooLarge } from './fill/placeholder.ts';
import type { SignedOutput } from './fill/signed-output.ts';
import { storedContents } from './fill/stored-contents.ts';
import type { Signer } from './keys/signer.ts';
import { requestTimeStamp, type TimeStamp } from './trust/request-time-stamp.ts';
import { createRevocationCollector } from './trust/revocation.ts';
import { mayReach, type SigningNetwork, type TimeStampServer } from './trust/signing-network.ts';

export interface SigningRequest {
  readonly signer: Signer;
  /** `best`: as high as is reachable. */
  readonly level: SignatureLevel | 'best';
  readonly plan: Omit<SignaturePlan, 'reserve'>;
  readonly network: SigningNetwork;
  readonly signal: AbortSignal;
}

export interface SigningResult {
  /** The one that was reached. */
  readonly level: SignatureLevel;
  /** SIGNATURE_LEVEL_LOWER when a service that is set for it did not answer. */
  readonly warnings: readonly JobWarning[];
}

/** How the document is written, its signature dictionary standing by itself (`apart` of the compact writer). */
export type WriteDocument = (document: PdfDocument, apart: ReadonlySet<number>) => Iterable<Uint8Array>;

/** For a time stamp in the signature, or one of the document: chains of authorities differ. */
const TIME_STAMP_BYTES = 24 * 1024;
const ROUND_BYTES = 256;
/** The value of RSA-4096, names, digests and lengths. */
const STRUCTURE_BYTES = 1024;

/**
 * Adds the signature to what the document is about to become and writes it all into `output`; what levels above B-T need follows in
 * revisions of their own. Errors: SIGNING_FAILED for what cannot be; TIMESTAMP_FAILED, REVOCATION_UNAVAILABLE and
 * REVOCATION_IMPOSSIBLE when a level is asked for that a service did not help to reach; KEY_UNUSABLE for a revoked certificate. Then nothing in `output` is of
 * use.
 */
export async function signPdf(
  document: PdfDocument,
  request: SigningRequest,
  output: SignedOutput,
  write: WriteDocument,
): Promise<SigningResult> {
  assertReachable(request);
  const { warnings, attempt } = attempts(request);
  const { dictionary, stamp } = await writeSigned(document, request, { output, write, attempt });
  if (stamp === undefined) return { level: 'B-B', warnings };
  if (
    !wants(request, 'B-LT') ||
    !(await attempt(() => addEvidence(request, { output, dictionary, stamp })))
  ) {
    return { level: 'B-T', warnings };
  }
  if (!wants(request, 'B-LTA') || !(await attempt(() => addDocumentTimeStamp(request, output)))) {
    return { level: 'B-LT', warnings };
  }
  return { level: 'B-LTA', warnings };
}

const ORDER: readonly SignatureLevel[] = ['B-B', 'B-T', 'B-LT', 'B-LTA'];

/** Whether the request goes as far as a level. */
function wants({ level, network }: SigningRequest, step: SignatureLevel): boolean {
  if (level !== 'best') return ORDER.indexOf(level) >= ORDER.indexOf(step);
  return network.timeStamp !== undefined && (step === 'B-T' || network.revocation !== 'off');
}

/** Errors: SIGNING_FAILED when the settings lack what the level needs. */
function assertReachable(request: SigningRequest): void {
  const { network, level } = request;
  if (wants(request, 'B-T') && network.timeStamp === undefined) {
    throw new InfluxionError(
      'SIGNING_FAILED',
      `The level ${level} needs a time-stamp server, and none is set.`,
      {
        hint: 'Set the address of a time-stamp server in the settings, or sign with the level "B-B" or "best".',
      },
    );
  }
  if (wants(request, 'B-LT') && network.revocation === 'off') {
    throw new InfluxionError(
      'SIGNING_FAILED',
      `The level ${level} needs revocation data of the certificates, and fetching it is switched off.`,
      { hint: 'Allow it in the settings, or sign with the level "B-T" or "best".' },
    );
  }
}

type Attempt = (step: () => Promise<void>) => Promise<boolean>;

/** Steps that may fail under `best`: then they are told about and left out. */
function attempts({ level }: SigningRequest): { warnings: JobWarning[]; attempt: Attempt } {
  const warnings: JobWarning[] = [];
  return {
    warnings,
    async attempt(step) {
      try {
        await step();
        return true;
      } catch (error) {
        const isService =
          InfluxionError.is(error) &&
          (error.code === 'TIMESTAMP_FAILED' ||
            error.code === 'REVOCATION_UNAVAILABLE' ||
            error.code === 'REVOCATION_IMPOSSIBLE');
        if (level !== 'best' || !isService) throw error;
        warnings.push({
          code: 'SIGNATURE_LEVEL_LOWER',
          message: `The signature has a lower level than it could have. ${error.message}`,
        });
        return false;
      }
    },
  };
}

interface Writing {
  readonly output: SignedOutput;
  readonly write: WriteDocument;
  readonly attempt: Attempt;
}

interface Signed {
  readonly dictionary: PdfRef;
  readonly stamp: TimeStamp | undefined;
}

async function writeSigned(
  document: PdfDocument,
  request: SigningRequest,
  { output, write, attempt }: Writing,
): Promise<Signed> {
  const { signer, plan } = request;
  const certificates = [signer.certificate, ...signer.chain].reduce((sum, { der }) => sum + der.length, 0);
  const size = certificates + STRUCTURE_BYTES + (wants(request, 'B-T') ? TIME_STAMP_BYTES : 0);
  const { dictionary } = addSignatureField(document, { ...plan, reserve: rounded(size) });
  let stamp: TimeStamp | undefined;
  const make = async (digest: Uint8Array): Promise<Uint8Array> => {
    const cms = await buildCms({ digest, hash: signer.hash, signer });
    if (!wants(request, 'B-T')) return cms;
    let token: Uint8Array | undefined;
    await attempt(async () => {
      const value = createHash(signer.hash).update(signatureValue(cms)).digest();
      stamp = await stampDigest(value, request);
      token = stamp.token;
    });
    return token === undefined ? cms : addTimeStamp(cms, token);
  };
  const run = async (): Promise<void> => {
    output.write(write(document, new Set([dictionary.number])));
    await output.fill(dictionary.number, signer.hash, make);
  };
  await withRoom(run, (room) => document.editDict(dictionary).set('Contents', contentsOf(room)));
  return { dictionary, stamp };
}

/** Runs, and once more with the room that was missing. */
async function withRoom(run: () => Promise<void>, enlarge: (bytes: number) => void): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    // The next time stamp may differ in size.
    enlarge(rounded(error.size + ROUND_BYTES));
    await run();
  }
}

const rounded = (bytes: number): number => Math.ceil(bytes / ROUND_BYTES) * ROUND_BYTES;

function stampDigest(digest: Uint8Array, { signer, network, signal }: SigningRequest): Promise<TimeStamp> {
  // assertReachable saw that there is one.
  const { url, user, password = '' } = network.timeStamp as TimeStampServer;
  return requestTimeStamp({
    url,
    ...(user !== undefined && { auth: { user, password } }),
    hash: signer.hash,
    digest,
    timeoutMs: network.timeoutMs,
    signal,
  });
}

/** The security store, in a revision of its own. */
async function addEvidence(
  { signer, network, signal }: SigningRequest,
  { output, dictionary, stamp }: { output: SignedOutput; dictionary: PdfRef; stamp: TimeStamp },
): Promise<void> {
  const { facts } = stamp;
  const known = [...signer.chain, ...facts.certificates];
  const collector = createRevocationCollector({
    isAllowed: (url) => mayReach(network, url),
    signal,
    timeoutMs: network.timeoutMs,
    clock: systemClock,
  });
  await collector.add(signer.certificate, known);
  if (facts.signer.certificate !== undefined) await collector.add(facts.signer.certificate, known);
  const document = PdfDocument.open(output.source());
  addSecurityStore(document, collector.data(), storedContents(document, dictionary));
  output.append(revisionAlone(document));
}

/** A time stamp over everything so far, in a revision of its own. */
async function addDocumentTimeStamp(request: SigningRequest, output: SignedOutput): Promise<void> {
  const before = output.source().size;
  const run = async (reserve: number): Promise<void> => {
    const document = PdfDocument.open(output.source());
    const { dictionary } = addTimeStampField(document, { reserve, standards: request.plan.standards });
    output.append(revisionAlone(document));
    const make = async (digest: Uint8Array): Promise<Uint8Array> =>
      (await stampDigest(digest, request)).token;
    await output.fill(dictionary.number, request.signer.hash, make);
  };
  let reserve = rounded(TIME_STAMP_BYTES);
  try {
    await withRoom(
      () => run(reserve),
      (room) => {
        output.cut(before);
        reserve = room;
      },
    );
  } catch (error) {
    output.cut(before);
    throw error;
  }
}
