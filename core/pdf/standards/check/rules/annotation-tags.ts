/** How annotations and fields are tagged and described (ISO 14289-1 §7.18, ISO 14289-2 §8.9 and §8.10). */
import { annotationsOf, FLAG, isOutsideCropBox, type Annotation } from '../annotations.ts';
import type { PdfDict } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';
import type { StructureNode } from '../structure/element-tree.ts';
import { attributesOf, elementRule, tagsOf } from '../tags.ts';

export interface TaggedAnnotation extends Annotation {
  /** As the file states it; undefined without an element. */
  readonly statedType: string | undefined;
  /** Standard type of the element that it belongs to. */
  readonly elementType: string | undefined;
  readonly contents: string | undefined;
}

/** `subtypes`: undefined for all; `isHidden`: also what nobody sees is judged. */
export function annotationRule(
  clauses: Clauses,
  subtypes: readonly string[] | undefined,
  judge: (annotation: TaggedAnnotation, check: Check) => string | undefined,
): Rule {
  return rule(clauses, (check) => {
    const { facts, level, report } = check;
    for (const annotation of annotationsOf(facts)) {
      const { dict, element, subtype, place } = annotation;
      if (subtypes !== undefined && !subtypes.includes(subtype ?? '')) continue;
      const message = judge(
        {
          ...annotation,
          statedType: facts.file.name(element?.get('S')),
          elementType: element && tagsOf(facts, level)?.type(element),
          contents: facts.file.text(dict.get('Contents')),
        },
        check,
      );
      if (message !== undefined) report(message, place);
    }
  });
}

/** PDF/UA-1 leaves alone what is hidden or beside the page. */
const isVisible = (annotation: Annotation, facts: Facts): boolean =>
  ((annotation.flags ?? 0) & FLAG.hidden) === 0 && !isOutsideCropBox(facts, annotation);

const alternate = ({ element }: Annotation, { file }: Facts): string | undefined =>
  file.text(element?.get('Alt'));

const isGiven = (text: string | undefined): boolean => text !== undefined && text !== '';

const inAnnot = annotationRule({ ua1: '7.18.1-1' }, undefined, (annotation, { facts }) => {
  if (['Widget', 'PrinterMark', 'Link'].includes(annotation.subtype ?? '')) return undefined;
  return isVisible(annotation, facts) && annotation.elementType !== 'Annot'
    ? 'An annotation is not in an Annot element.'
    : undefined;
});

const described = annotationRule({ ua1: '7.18.1-2' }, undefined, (annotation, { facts }) => {
  if (annotation.subtype === 'Widget' || !isVisible(annotation, facts)) return undefined;
  return isGiven(annotation.contents) || isGiven(alternate(annotation, facts))
    ? undefined
    : 'An annotation has neither /Contents nor an element with /Alt.';
});

/** A widget that is no field itself takes the name of its field. */
const fieldName = ({ dict }: Annotation, { file }: Facts): string | undefined =>
  file.text((dict.has('T') ? dict : file.dictOrStream(dict.get('Parent')))?.get('TU'));

const fieldNames = annotationRule({ ua1: '7.18.1-3' }, ['Widget'], (annotation, { facts }) => {
  if (!isVisible(annotation, facts)) return undefined;
  return isGiven(fieldName(annotation, facts)) || isGiven(alternate(annotation, facts))
    ? undefined
    : 'A field has neither /TU nor an element with /Alt.';
});

const noTraps = annotationRule({ ua1: '7.18.2-1' }, ['TrapNet'], (annotation, { facts }) =>
  isVisible(annotation, facts) ? 'There is an annotation for trapping.' : undefined,
);

const tabOrder = rule({ ua1: '7.18.3-1', ua2: '8.9.3.3-1' }, ({ facts, level, report }) => {
  const good = level.ua === 1 ? ['S'] : ['A', 'W', 'S'];
  const pages = new Set(annotationsOf(facts).map(({ page }) => page));
  for (const { dict, number, object } of pages) {
    if (!good.includes(facts.file.name(dict.get('Tabs')) ?? ''))
      report(`A page with annotations has no /Tabs of ${good.join(', ')}.`, { page: number, object });
  }
});

const inForm = annotationRule({ ua1: '7.18.4-1' }, ['Widget'], (annotation, { facts }) =>
  isVisible(annotation, facts) && annotation.elementType !== 'Form'
    ? 'A field is not in a Form element.'
    : undefined,
);

/** Among the items of an element, the objects that are widgets. */
const widgetsIn = ({ items }: StructureNode, { file }: Facts): PdfDict[] =>
  items.flatMap((item) => {
    const dict = file.dictOrStream(item);
    const object =
      dict && file.name(dict.get('Type')) === 'OBJR' ? file.dictOrStream(dict.get('Obj')) : undefined;
    return object !== undefined && file.name(object.get('Subtype')) === 'Widget' ? [object] : [];
  });

const oneWidget = elementRule({ ua1: '7.18.4-2' }, ['Form'], (node, { facts }) => {
  if (attributesOf(facts).name(node.dict, 'PrintField', 'Role') !== undefined) return undefined;
  const isSingle = node.items.length + node.kids.length === 1 && widgetsIn(node, facts).length === 1;
  return isSingle ? undefined : 'A Form element does not hold one field and nothing else.';
});

const widgetCount = elementRule({ ua2: '8.10.1-2' }, ['Form'], (node, { facts }) =>
  widgetsIn(node, facts).length > 1 ? 'A Form element holds more than one field.' : undefined,
);

const inLink = annotationRule({ ua1: '7.18.5-1' }, ['Link'], (annotation, { facts }) =>
  isVisible(annotation, facts) && annotation.elementType !== 'Link'
    ? 'A link is not in a Link element.'
    : undefined,
);

const linkContents = annotationRule({ ua1: '7.18.5-2' }, ['Link'], (annotation, { facts }) =>
  isVisible(annotation, facts) && !isGiven(annotation.contents) ? 'A link has no /Contents.' : undefined,
);

const marks = annotationRule({ ua1: '7.18.8-1' }, ['PrinterMark'], (annotation, { facts }) =>
  isVisible(annotation, facts) && annotation.statedType !== undefined
    ? "A printer's mark is part of the structure."
    : undefined,
);

export const ANNOTATION_TAGS: readonly Rule[] = [
  inAnnot,
  described,
  fieldNames,
  noTraps,
  tabOrder,
  inForm,
  oneWidget,
  widgetCount,
  inLink,
  linkContents,
  marks,
];
