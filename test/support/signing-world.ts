/** Signs small documents as the product does, with trust services on loopback. */
import path from 'node:path';
import type { SignatureOptions } from '../../contract/document.ts';
import { appendRevision } from '../../core/pdf/revision/append.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { createSignatureFonts } from '../../core/pdf/signing/appearance/signature-fonts.ts';
import type { Placement } from '../../core/pdf/signing/appearance/placement.ts';
import { memoryOutput } from '../../core/pdf/signing/fill/memory-output.ts';
import type { SignedOutput } from '../../core/pdf/signing/fill/signed-output.ts';
import { createSigner, type Signer } from '../../core/pdf/signing/keys/signer.ts';
import { planSignature } from '../../core/pdf/signing/plan-signature.ts';
import type { SigningNetwork } from '../../core/pdf/signing/trust/signing-network.ts';
import { signPdf, type SigningResult } from '../../core/pdf/signing/sign-pdf.ts';
import type { PdfStandard } from '../../contract/standard.ts';
import { standardsFrom } from '../../core/pdf/standards/model.ts';
import { buildPdf, onePage } from './pdf-builder.ts';
import type { Issued } from './signing-authority.ts';

export const signatureFonts = createSignatureFonts(path.resolve('assets', 'fonts'));

export const signerOf = ({ key, certificate }: Issued, ...chain: readonly Issued[]): Signer =>
  createSigner(
    key,
    certificate,
    chain.map((one) => one.certificate),
  );

export const NO_NETWORK: SigningNetwork = { timeStamp: undefined, revocation: 'off', timeoutMs: 2_000 };

export interface SignOptions extends SignatureOptions {
  readonly pdf?: Uint8Array;
  readonly network?: SigningNetwork;
  readonly standards?: readonly PdfStandard[];
  readonly placement?: Placement;
  readonly image?: Buffer;
  /** Default: one in memory. */
  readonly output?: SignedOutput;
  readonly now?: number;
  readonly signal?: AbortSignal;
}

export const plainPdf = (): Buffer => buildPdf(onePage());

/** Signs a document and gives it back, unless it goes into another output. */
export async function signWith(
  signer: Signer,
  options: SignOptions = {},
): Promise<SigningResult & { readonly bytes: Buffer }> {
  const { pdf, network, standards, placement, image, output, now, signal, ...signature } = options;
  const memory = memoryOutput();
  const plan = await planSignature({
    options: signature,
    signer,
    standards: standardsFrom(standards ?? []),
    now: now ?? Date.now(),
    fonts: signatureFonts,
    placement,
    image,
  });
  const result = await signPdf(
    PdfDocument.open(memorySource(pdf ?? plainPdf())),
    {
      signer,
      level: signature.level ?? 'B-B',
      plan,
      network: network ?? NO_NETWORK,
      signal: signal ?? new AbortController().signal,
    },
    output ?? memory,
    (document) => appendRevision(document),
  );
  return { ...result, bytes: memory.bytes };
}
