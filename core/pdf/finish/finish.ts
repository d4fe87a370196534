/** From printed bytes to the finished document: conform → write → check. Runs in a PDF worker. */
import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { appendRevision } from '../revision/append.ts';
import { fileSource, memorySource, type ByteSource } from '../revision/byte-source.ts';
import { compactCopy } from '../revision/compact.ts';
import { PdfDocument } from '../revision/document.ts';
import { PdfDict, PdfString } from '../revision/objects.ts';
import { textOf } from '../revision/text-string.ts';
import { conform } from '../standards/conform.ts';
import type { ConformPlan } from '../standards/plan.ts';
import type { FinishedPdf, FinishTask, PdfInput } from '../worker/pdf-task.ts';

/** Errors: STANDARD_NOT_MET, ATTACHMENT_INVALID, PDF_DAMAGED, and those of the disk. */
export async function finishPdf(task: FinishTask): Promise<FinishedPdf> {
  using input = openInput(task.input);
  const document = PdfDocument.open(input.source);
  const plan = { ...task.plan, metadata: withPrintedTitle(document, task) };
  const { warnings, writer } = await conform(document, plan);
  const chunks =
    writer === 'compact'
      ? compactCopy(document, { objectStreams: plan.standards.pdfa?.part !== 1 })
      : appendRevision(document);
  if (task.target === undefined) {
    const bytes = Buffer.concat([...chunks]);
    return { bytes, warnings };
  }
  writeFile(task.target, chunks);
  return { bytes: undefined, warnings };
}

/** Chromium writes the text of `<title>` into Info, and an address where there is none. */
export function withPrintedTitle(
  document: PdfDocument,
  { plan, hasTitle }: Pick<FinishTask, 'plan' | 'hasTitle'>,
): ConformPlan['metadata'] {
  if (plan.metadata.title !== undefined || !hasTitle) return plan.metadata;
  const info = document.resolve(document.trailer.get('Info'));
  const title = info instanceof PdfDict ? document.resolve(info.get('Title')) : null;
  return { ...plan.metadata, title: title instanceof PdfString ? textOf(title) : undefined };
}

interface OpenInput extends Disposable {
  readonly source: ByteSource;
}

/** Whoever opens it disposes of it. */
export function openInput(input: PdfInput): OpenInput {
  if (input.kind === 'bytes') {
    return { source: memorySource(input.bytes), [Symbol.dispose]: () => undefined };
  }
  const fd = openSync(input.path, 'r');
  return { source: fileSource(fd, fstatSync(fd).size), [Symbol.dispose]: () => closeSync(fd) };
}

function writeFile(path: string, chunks: Iterable<Uint8Array>): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    for (const chunk of chunks) {
      let rest = chunk;
      while (rest.byteLength > 0) rest = rest.subarray(writeSync(fd, rest));
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
