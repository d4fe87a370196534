/** Finishes printed documents: small ones in memory, large ones from file to file, the work itself in PDF workers. */
import type { SignatureOptions } from '../../../contract/document.ts';
import type { JobSignature, JobWarning } from '../../../contract/job.ts';
import type { PdfStandard } from '../../../contract/standard.ts';
import type { PrintResult } from '../engine.ts';
import type { Signer } from '../signing/keys/signer.ts';
import type { SigningKeys } from '../signing/keys/signing-keys.ts';
import type { SigningNetwork } from '../signing/trust/signing-network.ts';
import type { ConformPlan } from '../standards/plan.ts';
import type { FinishedPdf, FinishTask, PdfInput, SignatureTask } from '../worker/pdf-task.ts';
import type { PdfWorkers } from '../worker/pdf-workers.ts';
import { addMetadata, isMetadataOnly } from './add-metadata.ts';
import { readOnce, type Scratch } from './scratch.ts';

/** What a printed document shall become. */
export interface FinishOrder {
  readonly standards: readonly PdfStandard[];
  /** Undefined for a document that is only to be signed. */
  readonly plan: ConformPlan | undefined;
  readonly hasTitle: boolean;
  readonly signature: SignatureOrder | undefined;
}

export interface SignatureOrder {
  readonly keyId: string;
  readonly options: SignatureOptions;
  /** PNG or JPEG of a visible signature. */
  readonly image: Uint8Array | undefined;
}

export interface Finished {
  readonly pdf: PrintResult['pdf'];
  readonly warnings: readonly JobWarning[];
  readonly signature: JobSignature | undefined;
  /** Where it became known on the way. */
  readonly pages: number | undefined;
}

export interface FinishContext {
  /** Milliseconds for all of it, time stamps too. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told when the document is about to be signed. */
  readonly onSign: () => void;
}

export interface Finisher {
  /**
   * Errors: STANDARD_NOT_MET, ATTACHMENT_INVALID, PDF_TIMEOUT, PDF_TOO_COMPLEX, those of the disk; for a signature KEY_NOT_FOUND,
   * KEY_UNUSABLE, KEY_LOCKED and those of signPdf.
   */
  finish(pdf: PrintResult['pdf'], order: FinishOrder, context: FinishContext): Promise<Finished>;
}

/** What signing needs of the host. */
export interface Signing {
  readonly keys: Pick<SigningKeys, 'signer' | 'get'>;
  /** Whom a signature may reach, as it is set now. */
  readonly network: () => Promise<SigningNetwork>;
  /** The shipped fonts, in which visible signatures are set. */
  readonly fontsFolder: string;
}

export interface FinisherDeps {
  readonly workers: PdfWorkers;
  /** Opened when the first large document comes. */
  readonly openScratch: () => Promise<Scratch>;
  readonly signing: Signing;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createFinisher({ workers, openScratch, signing, now }: FinisherDeps): Finisher {
  let scratch: Promise<Scratch> | undefined;

  const run = (
    input: PdfInput,
    target: string | undefined,
    order: FinishOrder,
    { signer, network }: Awaited<ReturnType<typeof openSigner>>,
    context: FinishContext,
  ): Promise<FinishedPdf> => {
    const { standards, plan, hasTitle, signature } = order;
    const task: FinishTask = {
      input,
      target,
      standards,
      plan,
      hasTitle,
      signature:
        signature &&
        signer &&
        network &&
        signatureTask(signature, signer, network, signing.fontsFolder, now()),
    };
    return workers.run<'finish'>(
      { kind: 'finish', task },
      { ...context, ...(signer && { sign: (data, hash) => signer.sign(data, hash) }) },
      input.kind === 'bytes' ? ownedBy(input.bytes) : [],
    );
  };

  async function openSigner({ signature }: FinishOrder): Promise<{
    readonly signer?: Signer;
    readonly network?: SigningNetwork;
  }> {
    if (signature === undefined) return {};
    return { signer: await signing.keys.signer(signature.keyId), network: await signing.network() };
  }

  async function finishLarge(
    pdf: AsyncIterable<Uint8Array>,
    order: FinishOrder,
    context: FinishContext,
  ): Promise<readonly [PrintResult['pdf'], FinishedPdf]> {
    const files = await (scratch ??= openScratch());
    const path = await files.spool(pdf, context.signal);
    const target = files.path();
    try {
      const finished = await run({ kind: 'file', path }, target, order, await openSigner(order), context);
      return [readOnce(target, files), finished];
    } catch (error) {
      await files.remove(target);
      throw error;
    } finally {
      await files.remove(path);
    }
  }

  async function finishSmall(
    pdf: Uint8Array,
    order: FinishOrder,
    context: FinishContext,
  ): Promise<readonly [PrintResult['pdf'], FinishedPdf]> {
    const opened = await openSigner(order);
    const finished = await run({ kind: 'bytes', bytes: pdf }, undefined, order, opened, context);
    if (finished.bytes === undefined) throw new Error('A finished document is missing');
    return [finished.bytes, finished];
  }

  return {
    async finish(pdf, order, context) {
      if (pdf instanceof Uint8Array && isMetadataOnly(pdf, order)) {
        return { pdf: addMetadata(pdf, order), warnings: [], signature: undefined, pages: undefined };
      }
      const [bytes, { warnings, level, pages }] =
        pdf instanceof Uint8Array
          ? await finishSmall(pdf, order, context)
          : await finishLarge(pdf, order, context);
      const keyId = order.signature?.keyId;
      if (keyId === undefined || level === undefined)
        return { pdf: bytes, warnings, signature: undefined, pages };
      const { subject, warnings: aboutKey } = signing.keys.get(keyId);
      const all = [
        ...warnings,
        ...aboutKey.map((message): JobWarning => ({ code: 'CERTIFICATE_WARNING', message })),
      ];
      return { pdf: bytes, warnings: all, signature: { key_id: keyId, level, subject }, pages };
    },
  };
}

function signatureTask(
  { options, image }: SignatureOrder,
  { certificate, chain, type, hash }: Signer,
  network: SigningNetwork,
  fontsFolder: string,
  now: number,
): SignatureTask {
  return {
    options,
    certificate: certificate.der,
    chain: chain.map(({ der }) => der),
    type,
    hash,
    network,
    image,
    fontsFolder,
    now,
  };
}

/** A buffer that holds nothing else can be handed over; of a shared one the bytes are copied. */
function ownedBy({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > LEAST_TRANSFER
    ? [buffer]
    : [];
}

const LEAST_TRANSFER = 256 * 1024;
