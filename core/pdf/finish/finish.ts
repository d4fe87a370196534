/** From printed bytes to the finished document: conform → write and sign → check. Runs in a PDF worker. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { InfluxionError } from '../../error.ts';
import { appendRevision } from '../revision/append.ts';
import { compactCopy } from '../revision/compact.ts';
import { PdfDocument } from '../revision/document.ts';
import type { ByteSource } from '../revision/byte-source.ts';
import { createSignatureFonts, type SignatureFonts } from '../signing/appearance/signature-fonts.ts';
import { fileOutput } from '../signing/fill/file-output.ts';
import { memoryOutput } from '../signing/fill/memory-output.ts';
import type { SignedOutput } from '../signing/fill/signed-output.ts';
import type { Signer } from '../signing/keys/signer.ts';
import { planSignature } from '../signing/plan-signature.ts';
import { signPdf, type SigningResult, type WriteDocument } from '../signing/sign-pdf.ts';
import { parseCertificate, type Certificate } from '../signing/x509/certificate.ts';
import { checkConformance } from '../standards/check/check-conformance.ts';
import { conform } from '../standards/conform.ts';
import { standardNotMet } from '../standards/findings.ts';
import { standardsFrom } from '../standards/model.ts';
import type { ConformResult } from '../standards/plan.ts';
import { pageCountOf } from '../document-pages.ts';
import { openInput } from '../worker/open-input.ts';
import type { FinishedPdf, FinishTask, SignatureTask } from '../worker/pdf-task.ts';
import { takeAnchor } from './anchor.ts';
import { withPrintedTitle } from './printed-title.ts';
import { locateViolations } from './locate-violations.ts';

export interface FinishHost {
  readonly sign: Signer['sign'];
}

/** Errors: STANDARD_NOT_MET, ATTACHMENT_INVALID, PDF_DAMAGED, those of signPdf, and those of the disk. */
export async function finishPdf(task: FinishTask, host: FinishHost): Promise<FinishedPdf> {
  using input = openInput(task.input);
  const document = PdfDocument.open(input.source);
  const anchor = task.signature?.options.visible != null ? takeAnchor(document) : undefined;
  const { warnings, writer } = await conformed(document, task).catch((error: unknown) => {
    throw withPlaces(error, document);
  });
  const write: WriteDocument = (changed, apart) =>
    writer === 'compact'
      ? compactCopy(changed, { objectStreams: task.plan?.standards.pdfa?.part !== 1, apart })
      : appendRevision(changed);
  const finish = async (output: SignedOutput): Promise<SigningResult | undefined> => {
    const signed = await writeTo(output, { document, task, host, write, anchor });
    check(output.source(), task);
    return signed;
  };
  const finished = (bytes: Uint8Array | undefined, signed: SigningResult | undefined): FinishedPdf => ({
    bytes,
    warnings: [...warnings, ...(signed?.warnings ?? [])],
    level: signed?.level,
    pages: pageCountOf(document),
  });
  if (task.target === undefined) {
    const output = memoryOutput();
    const signed = await finish(output);
    return finished(output.bytes, signed);
  }
  const fd = openSync(task.target, 'wx+', 0o600);
  try {
    const signed = await finish(fileOutput(fd));
    fsyncSync(fd);
    return finished(undefined, signed);
  } finally {
    closeSync(fd);
  }
}

async function conformed(document: PdfDocument, task: FinishTask): Promise<ConformResult> {
  if (task.plan === undefined) return { warnings: [], writer: 'append' };
  return conform(document, {
    ...task.plan,
    metadata: withPrintedTitle(document, { plan: task.plan, hasTitle: task.hasTitle }),
  });
}

interface Writing {
  readonly document: PdfDocument;
  readonly task: FinishTask;
  readonly host: FinishHost;
  readonly write: WriteDocument;
  readonly anchor: ReturnType<typeof takeAnchor>;
}

async function writeTo(
  output: SignedOutput,
  { document, task, host, write, anchor }: Writing,
): Promise<SigningResult | undefined> {
  const { signature } = task;
  if (signature === undefined) {
    output.write(write(document, NONE));
    return undefined;
  }
  const { certificate, chain, type, hash, options, network, now, image } = signature;
  const signer: Signer = {
    certificate: certificateOf(certificate),
    chain: chain.map(certificateOf),
    type,
    hash,
    sign: host.sign,
  };
  const plan = await planSignature({
    options,
    signer,
    standards: standardsFrom(task.standards),
    now,
    fonts: fontsIn(signature.fontsFolder),
    placement: placementOf(options, anchor),
    image: image === undefined ? undefined : Buffer.from(image),
  });
  const level = options.level ?? 'B-B';
  return signPdf(document, { signer, level, plan, network, signal: NEVER }, output, write);
}

const certificates = new Map<string, Certificate>();
const MOST_CERTIFICATES = 32;

/** Documents by the thousand are signed with the same few. Errors: Asn1Error. */
function certificateOf(der: Uint8Array): Certificate {
  const key = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('latin1');
  const known = certificates.get(key);
  if (known !== undefined) return known;
  const certificate = parseCertificate(der);
  if (certificates.size >= MOST_CERTIFICATES) certificates.clear();
  certificates.set(key, certificate);
  return certificate;
}

const NONE: ReadonlySet<number> = new Set();
/** Whoever cancels ends the worker. */
const NEVER = new AbortController().signal;

function placementOf(
  { visible }: SignatureTask['options'],
  anchor: ReturnType<typeof takeAnchor>,
): ReturnType<typeof takeAnchor> {
  if (visible == null) return undefined;
  if (!('anchor' in visible)) return visible;
  if (anchor !== undefined) return anchor;
  throw new InfluxionError(
    'SIGNING_FAILED',
    `The element "${visible.anchor}" that shall hold the signature has no box on any page.`,
    { hint: 'Give it a width and a height, and see that it is not hidden and not outside the page range.' },
  );
}

let fonts: { readonly folder: string; readonly fonts: SignatureFonts } | undefined;

function fontsIn(folder: string): SignatureFonts {
  if (fonts?.folder !== folder) fonts = { folder, fonts: createSignatureFonts(folder) };
  return fonts.fonts;
}

/** Throws STANDARD_NOT_MET. */
function check(source: ByteSource, { standards }: FinishTask): void {
  if (standards.length === 0) return;
  const document = PdfDocument.open(source);
  const violations = checkConformance(document.reader, standards).flatMap((one) => one.violations);
  if (violations.length > 0) throw standardNotMet(locateViolations(document, violations));
}

/** A broken rule with its places. */
function withPlaces(error: unknown, document: PdfDocument): unknown {
  if (!InfluxionError.is(error) || error.details.violations === undefined) return error;
  // As it was printed: what was changed since may no longer be there to be found.
  const printed = PdfDocument.open(document.reader.source);
  const violations = locateViolations(printed, error.details.violations);
  return new InfluxionError(error.code, error.message, { ...error.details, violations }, error);
}
