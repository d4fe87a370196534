/** PDF/A-1 allows no real number beyond 32,767 (ISO 19005-1 §6.1.12), which every print of more than eleven pages has. */
import { ContentEdits } from '../content/content-edits.ts';
import { nearCoordinates } from '../content/far-coordinates.ts';
import type { PdfDocument } from '../revision/document.ts';
import { editPage, pageContent, readingContent } from '../content/page-content.ts';

/**
 * For documents whose structure is not repaired, which does the same on its way. Whether a page had to change, so that the file is
 * better written anew. Throws PDF_DAMAGED.
 */
export function bringPagesNear(document: PdfDocument): boolean {
  let isChanged = false;
  for (const page of document.pages()) {
    const bytes = pageContent(document, page.dict);
    const edits = new ContentEdits();
    readingContent(() => {
      nearCoordinates(bytes, edits);
    });
    isChanged ||= !edits.isEmpty;
    editPage(document, page, bytes, edits);
  }
  return isChanged;
}
