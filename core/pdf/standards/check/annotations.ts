/** The annotations of all pages with what the rules ask about them (ISO 32000-2 §12.5). */
import type { PdfDict } from '../../revision/objects.ts';
import { PdfRef, type PdfObject } from '../../revision/objects.ts';
import { BudgetExceeded } from './budget.ts';
import { fieldTypeOf } from './field-type.ts';
import type { CheckedPage } from './file/page-walk.ts';
import type { Facts } from './facts.ts';
import type { Place } from './rule.ts';

export interface Annotation {
  readonly dict: PdfDict;
  readonly page: CheckedPage;
  readonly place: Place;
  readonly subtype: string | undefined;
  /** /F */
  readonly flags: number | undefined;
  /** Of the field that a widget belongs to. */
  readonly fieldType: string | undefined;
  readonly rect: readonly number[] | undefined;
  /** The structure element that its /StructParent leads to. */
  readonly element: PdfDict | undefined;
  readonly elementRef: PdfObject | undefined;
}

export const FLAG = { invisible: 1, hidden: 2, print: 4, noView: 32, toggleNoView: 256 } as const;

/** More are an attack: pages may share a list of annotations. */
const MOST_ANNOTATIONS = 1_000_000;

/** Throws BudgetExceeded. */
export function annotationsOf(facts: Facts): readonly Annotation[] {
  return facts.once('annotations', () => {
    const found: Annotation[] = [];
    for (const page of facts.pages) {
      for (const item of facts.file.array(page.dict.get('Annots')) ?? []) {
        const dict = facts.file.dict(item);
        if (dict === undefined) continue;
        if (found.length >= MOST_ANNOTATIONS)
          throw new BudgetExceeded('The pages have more annotations than can be checked.');
        found.push(annotation(facts, page, dict, item));
      }
    }
    return found;
  });
}

function annotation(facts: Facts, page: CheckedPage, dict: PdfDict, item: PdfObject): Annotation {
  const { file, parentTree } = facts;
  const elementRef = parentTree.entry(file.integer(dict.get('StructParent')));
  return {
    dict,
    page,
    place: { page: page.number, object: item instanceof PdfRef ? item.number : page.object },
    subtype: file.name(dict.get('Subtype')),
    flags: file.integer(dict.get('F')),
    fieldType: fieldTypeOf(file, dict),
    rect: rectangle(facts, dict.get('Rect')),
    element: file.dict(elementRef),
    elementRef,
  };
}

export function rectangle({ file }: Facts, object: PdfObject | undefined): readonly number[] | undefined {
  const sides = file.array(object)?.map((side) => file.number(side));
  return sides?.every((side) => side !== undefined) === true ? sides : undefined;
}

/** The keys of /AP; undefined without one. */
export const appearanceKeys = ({ file }: Facts, { dict }: Annotation): readonly string[] | undefined => {
  const appearances = file.dict(dict.get('AP'));
  return appearances && [...appearances.keys()];
};

export function isOutsideCropBox(facts: Facts, { page, rect }: Annotation): boolean {
  const crop =
    rectangle(facts, page.inherited('CropBox')) ?? rectangle(facts, page.inherited('MediaBox')) ?? [];
  if (rect === undefined || rect.length < 4 || crop.length < 4) return false;
  const [left = 0, bottom = 0, right = 0, top = 0] = rect;
  const [cropLeft = 0, cropBottom = 0, cropRight = 0, cropTop = 0] = crop;
  return cropBottom >= top || cropLeft >= right || cropTop <= bottom || cropRight <= left;
}
