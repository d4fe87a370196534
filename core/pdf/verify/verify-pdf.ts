/** What a PDF claims, what it meets, who signed it. Runs in a PDF worker: the file may be anybody's. */
import { createHash } from 'node:crypto';
import type { VerifyReport } from '../../../contract/verify.ts';
import type { ByteSource } from '../revision/byte-source.ts';
import { PdfDocument } from '../revision/document.ts';
import { verifySignatures } from '../signing/verify/verify-signatures.ts';
import { checkConformance } from '../standards/check/check-conformance.ts';
import { claimsOf } from '../standards/claims.ts';
import { openInput } from '../worker/open-input.ts';
import type { VerifyTask } from '../worker/pdf-task.ts';
import { summarize } from './summary.ts';

/** Less than the whole verification may take, so that a file that tires the checker still gets its report. */
const CHECK_MS = 60_000;

/** Errors: PDF_DAMAGED, PDF_ENCRYPTED, and those of the disk. */
export function verifyPdf(task: VerifyTask): VerifyReport {
  using input = openInput(task.input);
  const { source } = input;
  const document = PdfDocument.open(source);
  const claims = claimsOf(document);
  const standards = [...new Set([...claims, ...task.standards])];
  const conformance = checkConformance(document.reader, standards, { milliseconds: CHECK_MS });
  const signatures = verifySignatures(source, { roots: task.roots, now: task.now });
  const facts = {
    size: source.size,
    sha256: hashOf(source),
    pages: pagesOf(document),
    version: document.nameAt(document.root, 'Version') ?? document.reader.headerVersion ?? '?',
    claims,
    conformance,
    signatures,
  };
  return { ...facts, ...summarize(facts) };
}

const CHUNK_BYTES = 1024 * 1024;

function hashOf(source: ByteSource): string {
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; at += CHUNK_BYTES) hash.update(source.read(at, CHUNK_BYTES));
  return hash.digest('hex');
}

function pagesOf(document: PdfDocument): number | null {
  return document.numberAt(document.dictAt(document.root, 'Pages'), 'Count') ?? null;
}
