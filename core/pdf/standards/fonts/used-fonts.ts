/** The fonts that the pages name, each once. */
import { contentParts, resourceEntries } from '../../content/content-parts.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict } from '../../revision/objects.ts';

export function usedFonts(document: PdfDocument): Set<PdfDict> {
  const fonts = new Set<PdfDict>();
  for (const page of document.pages()) {
    for (const { resources } of contentParts(document, page)) {
      for (const [, entry] of resourceEntries(document, resources, 'Font')) {
        const font = document.resolve(entry);
        if (font instanceof PdfDict) fonts.add(font);
      }
    }
  }
  return fonts;
}
