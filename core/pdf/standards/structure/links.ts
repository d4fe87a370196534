/** Links say where they lead (ISO 14289-1 §7.18.1, §7.18.5) and are owned by a Link element. */
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfRef, PdfString } from '../../revision/objects.ts';
import { textOf, textString } from '../../revision/text-string.ts';
import type { AccessibleNames } from './accessible-name.ts';
import { ObjectReference, StructureElement } from './element.ts';

const MOST_CHARACTERS = 500;

/** Writes the accessible name of each link into its annotations. */
export function describeLinks(
  document: PdfDocument,
  links: readonly StructureElement[],
  names: AccessibleNames,
): void {
  for (const link of links) {
    const annotations = link.kids.filter((kid) => kid instanceof ObjectReference);
    if (annotations.length === 0) continue;
    const name = names.of(link);
    for (const { object } of annotations) {
      const annotation = document.editDict(new PdfRef(object));
      if (annotation.has('Contents')) continue;
      annotation.set('Contents', textString(shortened(name || targetOf(document, annotation) || 'Link')));
    }
  }
}

const shortened = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;

function targetOf(document: PdfDocument, annotation: PdfDict): string {
  const uri = document.resolve(document.dictAt(annotation, 'A')?.get('URI'));
  return uri instanceof PdfString ? textOf(uri) : '';
}

/** Link annotations of a page that no element owns get an element at the end of the document. */
export function adoptStrayLinks(
  document: PdfDocument,
  page: { readonly ref: PdfRef; readonly dict: PdfDict },
  owned: ReadonlySet<number>,
  top: StructureElement,
  nextKey: () => number,
): StructureElement[] {
  const made: StructureElement[] = [];
  for (const ref of document.arrayAt(page.dict, 'Annots') ?? []) {
    const annotation = document.resolve(ref);
    if (!(ref instanceof PdfRef) || owned.has(ref.number) || !(annotation instanceof PdfDict)) continue;
    if (annotation.nameAt('Subtype') !== 'Link') continue;
    const link = new StructureElement('Link', top);
    link.kids.push(new ObjectReference(link, ref.number, page.ref.number));
    top.kids.push(link);
    document.editDict(ref).set('StructParent', nextKey());
    made.push(link);
  }
  return made;
}
