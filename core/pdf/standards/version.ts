/** The version of PDF that a file says it is. */
import type { PdfDocument } from '../revision/document.ts';
import type { Standards } from './model.ts';
import type { ConformResult } from './plan.ts';

/**
 * PDF/A-1 builds on PDF 1.4, which Chromium writes; PDF/A-2 and 3 and PDF/UA-1 on 1.7; PDF/A-4 and PDF/UA-2 on 2.0, and for
 * those the header itself must say so (ISO 19005-4 §6.1.2, ISO 14289-2 §6.1).
 */
export function setVersion(
  document: PdfDocument,
  { pdfa, ua }: Standards,
  writer: ConformResult['writer'],
): void {
  // A copy has object streams, which came with PDF 1.5.
  if (pdfa === undefined && ua === undefined && writer === 'append') return;
  document.version = versionFor({ pdfa, ua }) ?? document.version;
  if (document.root.has('Version')) document.editDict(document.rootRef).delete('Version');
}

/** Undefined for PDF/A-1, which takes any up to that of its writer. */
export function versionFor({ pdfa, ua }: Standards): string | undefined {
  if (pdfa?.part === 4 || ua === 2) return '2.0';
  return pdfa?.part === 1 ? undefined : '1.7';
}
