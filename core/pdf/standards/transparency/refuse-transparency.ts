import type { PdfDocument } from '../../revision/document.ts';
import type { Findings } from '../findings.ts';
import type { ConformPlan } from '../plan.ts';
import { transparencyOf } from './find-transparency.ts';

const HINT = {
  error:
    'Set the option transparency to "flatten" or "raster", make the colours opaque, or ask for pdf/a-2b, which allows it.',
  flatten:
    'This cannot be mixed in the page; set the option transparency to "raster", make it opaque, or ask for pdf/a-2b.',
  raster: 'Make it opaque, or ask for pdf/a-2b, which allows it.',
} as const;

/** Reports each page of a PDF/A-1 document that is transparent, with its cause. */
export function refuseTransparency(
  document: PdfDocument,
  { standard, policy }: { readonly standard: string; readonly policy: ConformPlan['transparency'] },
  findings: Findings,
): void {
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    for (const { rule, what } of transparencyOf(document, page)) {
      findings.violate({ standard, rule, page: number, message: `It has ${what}.`, hint: HINT[policy] });
    }
  }
}
