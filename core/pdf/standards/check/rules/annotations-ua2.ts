/** How PDF/UA-2 wants annotations and fields (ISO 14289-2 §8.2.5.20, §8.9 and §8.10). */
import { FLAG } from '../annotations.ts';
import type { PdfDict, PdfObject } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { formFields } from '../form-fields.ts';
import { readXml, textOfXml } from '../metadata/xml-text.ts';
import { rule, type Rule } from '../rule.ts';
import { tagsOf } from '../tags.ts';
import type { Check } from '../rule.ts';
import { annotationRule, type TaggedAnnotation } from './annotation-tags.ts';

const MARKUP = [
  'Caret',
  'Circle',
  'FileAttachment',
  'FreeText',
  'Highlight',
  'Ink',
  'Line',
  'PolyLine',
  'Polygon',
  'Redact',
  'Square',
  'Squiggly',
  'Stamp',
  'StrikeOut',
  'Text',
  'Underline',
];

const MOST_PARENTS = 10_000;

/** Within an Artifact element, or not in the structure at all. */
function isArtifact({ element, statedType }: TaggedAnnotation, { facts, level }: Check): boolean {
  if (statedType === undefined) return true;
  const tree = tagsOf(facts, level);
  let current = element;
  for (let steps = 0; current !== undefined && steps < MOST_PARENTS; steps += 1) {
    if (tree?.type(current) === 'Artifact') return true;
    current = facts.file.dict(current.get('P'));
  }
  return false;
}

const isIn = ({ elementType }: TaggedAnnotation, ...types: string[]): boolean =>
  types.includes(elementType ?? '');

const links = annotationRule({ ua2: '8.2.5.20-1' }, ['Link'], (annotation, check) =>
  isIn(annotation, 'Link', 'Reference') || isArtifact(annotation, check)
    ? undefined
    : 'A link is in neither a Link nor a Reference element.',
);

const invisible = annotationRule({ ua2: '8.9.2.2-1' }, undefined, (annotation, check) =>
  ((annotation.flags ?? 0) & FLAG.invisible) !== 0 && !isArtifact(annotation, check)
    ? 'An invisible annotation is part of the structure.'
    : undefined,
);

const notShown = annotationRule({ ua2: '8.9.2.2-2' }, undefined, (annotation, check) => {
  const flags = annotation.flags ?? 0;
  const isHidden = (flags & FLAG.noView) !== 0 && (flags & FLAG.toggleNoView) === 0;
  return isHidden && !isArtifact(annotation, check)
    ? 'An annotation that is not shown is part of the structure.'
    : undefined;
});

const markup = annotationRule({ ua2: '8.9.2.3-1' }, MARKUP, (annotation, check) =>
  isIn(annotation, 'Annot') || isArtifact(annotation, check)
    ? undefined
    : 'A markup annotation is not in an Annot element.',
);

/** The text of rich text, a string or a stream of XML; undefined when it cannot be read. */
function richText({ file }: Facts, value: PdfObject | undefined): string | undefined {
  const stream = file.stream(value);
  const decoded = stream && file.decode(stream, 1024 * 1024);
  const text = decoded === undefined ? file.text(value) : Buffer.from(decoded).toString('utf8');
  const root = text === undefined ? undefined : readXml(text);
  return root && textOfXml(root);
}

const richContents = annotationRule({ ua2: '8.9.2.3-2' }, MARKUP, ({ dict, contents }, { facts }) =>
  dict.has('RC') && contents !== undefined && richText(facts, dict.get('RC')) !== contents
    ? 'The rich text of an annotation (/RC) differs from its /Contents.'
    : undefined,
);

const stamps = annotationRule({ ua2: '8.9.2.4.7-1' }, ['Stamp'], ({ dict, contents }, { facts }) =>
  facts.file.name(dict.get('Name')) === undefined && contents === undefined
    ? 'A stamp has neither /Name nor /Contents.'
    : undefined,
);

const described = (clause: string, subtype: string): Rule =>
  annotationRule({ ua2: clause }, [subtype], ({ contents }) =>
    contents === undefined ? `An annotation of type ${subtype} has no /Contents.` : undefined,
  );

const forbidden = (clause: string, subtype: string): Rule =>
  annotationRule({ ua2: clause }, [subtype], () => `There is an annotation of type ${subtype}.`);

const popups = annotationRule({ ua2: '8.9.2.4.9-1' }, ['Popup'], ({ statedType }) =>
  statedType === undefined ? undefined : 'A pop-up is part of the structure.',
);

const attached = annotationRule({ ua2: '8.9.2.4.10-1' }, ['FileAttachment'], ({ dict }, { facts }) => {
  const specification = facts.file.dict(dict.get('FS'));
  return dict.has('FS') && facts.file.name(specification?.get('AFRelationship')) === undefined
    ? 'The file of an annotation has no /AFRelationship.'
    : undefined;
});

const empty = annotationRule({ ua2: '8.9.2.4.13-1' }, ['Widget'], (annotation, check) => {
  const [left, bottom, right, top] = annotation.rect ?? [];
  const isEmpty = top !== undefined && left === right && bottom === top;
  return isEmpty && !isArtifact(annotation, check)
    ? 'A field without a size is part of the structure.'
    : undefined;
});

const marks = annotationRule({ ua2: '8.9.2.4.14-1' }, ['PrinterMark'], (annotation, check) =>
  isArtifact(annotation, check) ? undefined : "A printer's mark is part of the structure.",
);

const watermarks = annotationRule({ ua2: '8.9.2.4.16-1' }, ['Watermark'], (annotation, check) =>
  isIn(annotation, 'Annot') || isArtifact(annotation, check)
    ? undefined
    : 'A watermark in the structure is not in an Annot element.',
);

const sameTexts = annotationRule({ ua2: '8.9.4.2-1' }, undefined, ({ contents, element }, { facts }) => {
  const alternate = facts.file.text(element?.get('Alt'));
  return contents !== undefined && alternate !== undefined && contents !== alternate
    ? 'The /Contents of an annotation differ from the /Alt of its element.'
    : undefined;
});

/** A widget that is a field or belongs to one, in the structure. */
const isField = ({ dict }: { dict: PdfDict }): boolean => dict.has('T') || dict.has('Parent');

const fieldRule = (
  clause: string,
  judge: (annotation: TaggedAnnotation, check: Check) => string | undefined,
): Rule =>
  annotationRule({ ua2: clause }, ['Widget'], (annotation, check) =>
    isField(annotation) && !isArtifact(annotation, check) ? judge(annotation, check) : undefined,
  );

const fieldsInForm = fieldRule('8.10.1-1', (annotation) =>
  isIn(annotation, 'Form') ? undefined : 'A field is not in a Form element.',
);

/** Beside the field, its element holds a label with something in it. */
function hasLabel({ element }: TaggedAnnotation, { facts, level }: Check): boolean {
  const { file } = facts;
  const kids = element?.get('K');
  return (file.array(kids) ?? (kids === undefined ? [] : [kids])).some((kid) => {
    const dict = file.dict(kid);
    if (dict === undefined || (file.name(dict.get('Type')) ?? 'StructElem') !== 'StructElem') return false;
    const within = file.resolve(dict.get('K'));
    const isEmpty = within === null || (Array.isArray(within) && within.length === 0);
    return tagsOf(facts, level)?.type(dict) === 'Lbl' && !isEmpty;
  });
}

const labels = fieldRule('8.10.2.3-1', (annotation, check) =>
  annotation.contents === undefined && !hasLabel(annotation, check)
    ? 'A field has neither a label (Lbl) nor /Contents.'
    : undefined,
);

const activeFields = fieldRule('8.10.2.3-2', ({ dict, contents }) =>
  dict.has('AA') && contents === undefined ? 'A field with actions has no /Contents.' : undefined,
);

const richValues = rule({ ua2: '8.10.3.3-1' }, ({ facts, report }) => {
  const { file } = facts;
  for (const { dict, type, place } of formFields(facts)) {
    if (type !== 'Tx' || !dict.has('RV')) continue;
    const stream = file.stream(dict.get('V'));
    const decoded = stream && file.decode(stream, 1024 * 1024);
    const value = decoded === undefined ? file.text(dict.get('V')) : Buffer.from(decoded).toString('latin1');
    if (value === undefined || richText(facts, dict.get('RV')) !== value)
      report('The rich text of a field (/RV) differs from its value (/V).', place);
  }
});

export const ANNOTATIONS_UA2: readonly Rule[] = [
  links,
  invisible,
  notShown,
  markup,
  richContents,
  stamps,
  described('8.9.2.4.8-1', 'Ink'),
  popups,
  attached,
  forbidden('8.9.2.4.11-1', 'Sound'),
  forbidden('8.9.2.4.11-2', 'Movie'),
  described('8.9.2.4.12-1', 'Screen'),
  empty,
  marks,
  forbidden('8.9.2.4.15-1', 'TrapNet'),
  watermarks,
  described('8.9.2.4.19-1', '3D'),
  described('8.9.2.4.19-2', 'RichMedia'),
  sameTexts,
  fieldsInForm,
  labels,
  activeFields,
  richValues,
];
