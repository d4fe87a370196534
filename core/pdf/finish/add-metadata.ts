/** Metadata alone: a revision of a few kilobytes behind a print, for which another thread would cost more than the work. */
import { appendRevision } from '../revision/append.ts';
import { memorySource } from '../revision/byte-source.ts';
import { PdfDocument } from '../revision/document.ts';
import { metadataModel } from '../standards/metadata-model.ts';
import { writeMetadata } from '../standards/metadata.ts';
import { withPrintedTitle } from './printed-title.ts';
import type { FinishOrder } from './finisher.ts';

/** At this size it takes the host a millisecond or two; to hand the file over and back takes it longer. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Whether nothing but metadata is asked for, and the file is small. */
export function isMetadataOnly(pdf: Uint8Array, { standards, plan, signature }: FinishOrder): boolean {
  return (
    standards.length === 0 &&
    signature === undefined &&
    plan?.attachments.length === 0 &&
    pdf.byteLength <= MOST_BYTES
  );
}

/** The print with the metadata of the plan. Throws PDF_DAMAGED. */
export function addMetadata(pdf: Uint8Array, { plan, hasTitle }: FinishOrder): Uint8Array {
  if (plan === undefined) return pdf;
  const document = PdfDocument.open(memorySource(pdf));
  const metadata = withPrintedTitle(document, { plan, hasTitle });
  writeMetadata(document, metadataModel(document, { ...plan, metadata }), []);
  return Buffer.concat([...appendRevision(document)]);
}
