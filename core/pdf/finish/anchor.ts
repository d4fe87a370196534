/** Finds the link that the engine laid over an element (core/pdf/page/anchor-link.ts), and takes every trace of it out. */
import { ANCHOR_URL } from '../page/anchor-link.ts';
import type { PdfDocument, PdfPage } from '../revision/document.ts';
import { numberTreeValue, setNumberTreeValue } from '../revision/number-tree.ts';
import { numberOf, PdfDict, PdfRef, PdfString, type PdfObject } from '../revision/objects.ts';

/** A box on a page, in points from its top left corner. */
export interface PageBox {
  /** From 1. */
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The box of the anchor, the first part when it is broken over pages; undefined when it is not printed. */
export function takeAnchor(document: PdfDocument): PageBox | undefined {
  let found: PageBox | undefined;
  let number = 0;
  for (const page of document.pages()) {
    number += 1;
    for (const ref of linksOf(document, page)) {
      const annotation = document.get(ref.number);
      if (!(annotation instanceof PdfDict) || !leadsToAnchor(document, annotation)) continue;
      found ??= boxOf(document, page, annotation, number);
      removeAnnotation(document, page, ref);
      removeStructure(document, annotation);
      document.delete(ref);
    }
  }
  return found;
}

function linksOf(document: PdfDocument, { dict }: PdfPage): PdfRef[] {
  return (document.arrayAt(dict, 'Annots') ?? []).filter((item) => item instanceof PdfRef);
}

function leadsToAnchor(document: PdfDocument, annotation: PdfDict): boolean {
  const uri = document.resolve(document.dictAt(annotation, 'A')?.get('URI'));
  return uri instanceof PdfString && Buffer.from(uri.bytes).toString('latin1') === ANCHOR_URL;
}

function boxOf(
  document: PdfDocument,
  page: PdfPage,
  annotation: PdfDict,
  number: number,
): PageBox | undefined {
  const numbers = (object: PdfObject): number[] =>
    Array.isArray(object) ? object.map((item) => numberOf(document.resolve(item)) ?? 0) : [];
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers(document.resolve(annotation.get('Rect')));
  const [left = 0, , , top = 0] = numbers(page.inherited('MediaBox'));
  const [width, height] = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
  if (width === 0 || height === 0) return undefined;
  return { page: number, x: Math.min(x1, x2) - left, y: top - Math.max(y1, y2), width, height };
}

function removeAnnotation(document: PdfDocument, { ref }: PdfPage, annotation: PdfRef): void {
  const page = document.editDict(ref);
  const rest = linksOf(document, { ref, dict: page, inherited: () => null }).filter(
    ({ number }) => number !== annotation.number,
  );
  if (rest.length === 0) page.delete('Annots');
  else page.set('Annots', rest);
}

/** Takes the link's structure element out of the tree: from its parent and from the parent tree (ISO 32000-2 §14.7.5). */
function removeStructure(document: PdfDocument, annotation: PdfDict): void {
  const tree = document.dictAt(document.root, 'StructTreeRoot');
  const key = document.numberAt(annotation, 'StructParent');
  if (tree === undefined || key === undefined) return;
  const element = numberTreeValue(document, tree.get('ParentTree'), key);
  if (!(element instanceof PdfRef)) return;
  setNumberTreeValue(document, tree.get('ParentTree'), key, null);
  const dict = document.get(element.number);
  const parent = dict instanceof PdfDict ? dict.get('P') : undefined;
  if (!(dict instanceof PdfDict) || !(parent instanceof PdfRef)) return;
  // An image keeps its place: the link was laid around it.
  const inner = kidsOf(document, dict).filter((kid) => kid instanceof PdfRef);
  for (const kid of inner) document.editDict(kid).set('P', parent);
  const holder = document.editDict(parent);
  const kids = kidsOf(document, holder).flatMap((kid) =>
    kid instanceof PdfRef && kid.number === element.number ? inner : [kid],
  );
  holder.set('K', kids);
  document.delete(element);
}

function kidsOf(document: PdfDocument, element: PdfDict): PdfObject[] {
  const kids = document.resolve(element.get('K'));
  if (Array.isArray(kids)) return kids;
  return element.has('K') ? [element.get('K') ?? null] : [];
}
