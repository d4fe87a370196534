/** Limits that the parts of PDF/A set to what a reader must take. */
import type { PdfDocument, PdfPage } from '../revision/document.ts';
import { numberOf, PdfDict, PdfRef, PdfString } from '../revision/objects.ts';
import type { Findings } from './findings.ts';
import { pdfaName, type PdfALevel } from './model.ts';

/** ISO 19005-2 §6.1.13, 19005-3 §6.1.13, of the boundaries of a page, points. */
const LEAST_SIDE = 3;
const MOST_SIDE = 14_400;
const BOXES = ['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox'];

/** Bytes of a string (ISO 19005-1 §6.1.12 by PDF Reference 1.4 Appendix C; ISO 19005-2 §6.1.13). */
const MOST_STRING_BYTES = { 1: 65_535, 2: 32_767, 3: 32_767, 4: Infinity } as const;

/** Reports pages of impossible size; takes the address from links with a longer one, such as a file in a `data:` URL. */
export function applyLimits(document: PdfDocument, level: PdfALevel, findings: Findings): void {
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    if (level.part === 2 || level.part === 3) verifySize(document, page, { level, number, findings });
    dropLongAddresses(document, page, { level, number, findings });
  }
}

interface PageContext {
  readonly level: PdfALevel;
  readonly number: number;
  readonly findings: Findings;
}

function verifySize(document: PdfDocument, page: PdfPage, { level, number, findings }: PageContext): void {
  for (const key of BOXES) {
    const box = page.inherited(key);
    if (!Array.isArray(box)) continue;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = box.map((side) => numberOf(document.resolve(side)) ?? 0);
    const sides = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
    if (sides.every((side) => side >= LEAST_SIDE && side <= MOST_SIDE)) continue;
    const size = sides.map((side) => `${Math.round(side)} pt`).join(' × ');
    findings.violate({
      standard: pdfaName(level),
      rule: '6.1.13-11',
      message: `The page measures ${size}; each side must have ${LEAST_SIDE} to ${MOST_SIDE} pt (1 mm to 5 m).`,
      page: number,
    });
  }
}

function dropLongAddresses(document: PdfDocument, page: PdfPage, context: PageContext): void {
  const { level, number, findings } = context;
  for (const ref of document.arrayAt(page.dict, 'Annots') ?? []) {
    const annotation = document.resolve(ref);
    const action = annotation instanceof PdfDict ? document.dictAt(annotation, 'A') : undefined;
    const address = document.resolve(action?.get('URI'));
    if (!(address instanceof PdfString) || address.bytes.length <= MOST_STRING_BYTES[level.part]) continue;
    if (!(ref instanceof PdfRef)) continue;
    document.editDict(ref).delete('A');
    findings.warn({
      code: 'STANDARD_REPAIRED',
      message: `A link of page ${number} leads nowhere: its address has ${address.bytes.length} bytes, more than ${pdfaName(level)} allows`,
      page: number,
    });
  }
}
