/** Chromium writes no structure for a document without content, whose boxes and lines are all artifacts. */
import { showsContent } from '../../content/artifacts.ts';
import { pageContent, readingContent } from '../../content/page-content.ts';
import type { PdfDocument, PdfPage } from '../../revision/document.ts';
import { name, PdfDict } from '../../revision/objects.ts';
import { readTree, type StructureTree } from './read-tree.ts';

/** A structure without elements; undefined when a page shows text or an image, which it would deny. Throws PDF_DAMAGED. */
export function emptyTree(document: PdfDocument, pages: readonly PdfPage[]): StructureTree | undefined {
  if (pages.some(({ dict }) => readingContent(() => showsContent(pageContent(document, dict)))))
    return undefined;
  const root = document.add(PdfDict.of({ Type: name('StructTreeRoot') }));
  document.editDict(document.rootRef).set('StructTreeRoot', root);
  return readTree(document);
}
