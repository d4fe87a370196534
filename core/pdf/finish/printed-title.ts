import type { PdfDocument } from '../revision/document.ts';
import { PdfDict, PdfString } from '../revision/objects.ts';
import { textOf } from '../revision/text-string.ts';
import type { ConformPlan } from '../standards/plan.ts';

/**
 * The metadata of a plan with the title of the HTML where it names none. Chromium writes the text of `<title>` into Info, and an
 * address where there is none, so `hasTitle` says whether somebody meant it.
 */
export function withPrintedTitle(
  document: PdfDocument,
  { plan: { metadata }, hasTitle }: { readonly plan: ConformPlan; readonly hasTitle: boolean },
): ConformPlan['metadata'] {
  if (metadata.title !== undefined || !hasTitle) return metadata;
  const info = document.resolve(document.trailer.get('Info'));
  const title = info instanceof PdfDict ? document.resolve(info.get('Title')) : null;
  return { ...metadata, title: title instanceof PdfString ? textOf(title) : undefined };
}
