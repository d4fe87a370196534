/** Documents as `conform` leaves them, written and read again. */
import { appendRevision } from '../../core/pdf/revision/append.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { conform } from '../../core/pdf/standards/conform.ts';
import { standardsFrom } from '../../core/pdf/standards/model.ts';
import type { ConformPlan, ConformResult } from '../../core/pdf/standards/plan.ts';
import { standardOf } from '../../contract/standard.ts';

export function conformPlan(
  names: readonly string[],
  changes: Partial<Omit<ConformPlan, 'standards'>> = {},
): ConformPlan {
  return {
    standards: standardsFrom(names.flatMap((name) => standardOf(name) ?? [])),
    metadata: {
      title: 'A title',
      author: undefined,
      subject: undefined,
      keywords: [],
      language: 'en',
      documentId: undefined,
    },
    attachments: [],
    transparency: 'error',
    now: new Date('2026-05-06T07:08:09.123Z'),
    seed: undefined,
    ...changes,
  };
}

export interface Conformed extends ConformResult {
  readonly bytes: Buffer;
  readonly document: PdfDocument;
}

export async function conformed(pdf: Uint8Array, plan: ConformPlan): Promise<Conformed> {
  const document = PdfDocument.open(memorySource(pdf));
  const result = await conform(document, plan);
  const chunks =
    result.writer === 'append'
      ? appendRevision(document)
      : compactCopy(document, { objectStreams: plan.standards.pdfa?.part !== 1 });
  const bytes = Buffer.concat([...chunks]);
  return { ...result, bytes, document: PdfDocument.open(memorySource(bytes)) };
}
