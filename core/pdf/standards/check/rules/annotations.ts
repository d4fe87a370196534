/** Annotations (ISO 19005-1 §6.5, ISO 19005-2 §6.3). */
import { PdfDict, PdfStream } from '../../../revision/objects.ts';
import { annotationsOf, appearanceKeys, FLAG, type Annotation } from '../annotations.ts';
import { intentSpace } from '../facts.ts';
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';

function annotationRule(
  clauses: Clauses,
  judge: (annotation: Annotation, check: Check) => string | undefined,
): Rule {
  return rule(clauses, (check) => {
    for (const annotation of annotationsOf(check.facts)) {
      const message = judge(annotation, check);
      if (message !== undefined) check.report(message, annotation.place);
    }
  });
}

const PLAIN =
  'Text Link FreeText Line Square Circle Highlight Underline Squiggly StrikeOut Stamp Ink Popup Widget PrinterMark TrapNet';
const LATER = `${PLAIN} Polygon PolyLine Caret Watermark Redact`;

function allowedTypes({ level }: Check): readonly string[] {
  if (level.part === 1) return PLAIN.split(' ');
  const types = LATER.split(' ');
  if (level.part !== 4) return [...types, 'FileAttachment'];
  types.push('Projection');
  if (level.conformance === 'E') types.push('3D', 'RichMedia');
  if (level.conformance === 'E' || level.conformance === 'F') types.push('FileAttachment');
  return types;
}

const types = annotationRule({ a1: '6.5.2-1', a23: '6.3.1-1', a4: '6.3.1-1' }, ({ subtype }, check) =>
  allowedTypes(check).includes(subtype ?? '')
    ? undefined
    : `An annotation of the type ${(subtype ?? 'unknown').slice(0, 40)} is not allowed.`,
);

const opacity = annotationRule({ a1: '6.5.3-1' }, ({ dict }, { facts }) => {
  const opaque = facts.file.number(dict.get('CA'));
  return opaque === undefined || opaque === 1 ? undefined : 'An annotation is not opaque.';
});

const hasFlags = annotationRule({ a23: '6.3.2-1', a4: '6.3.2-1' }, ({ subtype, flags }) =>
  subtype === 'Popup' || flags !== undefined ? undefined : 'An annotation has no flags (/F).',
);

const FORBIDDEN_1 = FLAG.hidden | FLAG.invisible | FLAG.noView;

const flags1 = annotationRule({ a1: '6.5.3-2' }, ({ flags }) =>
  flags !== undefined && (flags & FLAG.print) !== 0 && (flags & FORBIDDEN_1) === 0
    ? undefined
    : 'An annotation is not printed, or hidden.',
);

const flags2 = annotationRule({ a23: '6.3.2-2', a4: '6.3.2-2' }, ({ flags }) =>
  flags === undefined || ((flags & FLAG.print) !== 0 && (flags & (FORBIDDEN_1 | FLAG.toggleNoView)) === 0)
    ? undefined
    : 'An annotation is not printed, or hidden.',
);

const colours = annotationRule({ a1: '6.5.3-3' }, ({ dict }, { facts }) => {
  const hasColour = ['C', 'IC'].some((key) => facts.file.array(dict.get(key)) !== undefined);
  return !hasColour || intentSpace(facts.outputIntents) === 'RGB '
    ? undefined
    : 'An annotation has a colour, which needs an output intent for RGB.';
});

const needsAppearance = annotationRule({ a23: '6.3.3-1', a4: '6.3.3-1' }, (annotation, { facts, level }) => {
  const { subtype, rect } = annotation;
  const isEmpty = rect !== undefined && rect[0] === rect[2] && rect[1] === rect[3];
  const isExempt =
    subtype === 'Popup' || subtype === 'Link' || (level.part === 4 && subtype === 'Projection');
  return isEmpty || isExempt || appearanceKeys(facts, annotation) !== undefined
    ? undefined
    : 'An annotation has no appearance.';
});

const normalAlone = annotationRule(
  { a1: '6.5.3-4', a23: '6.3.3-2', a4: '6.3.3-2' },
  (annotation, { facts }) => {
    const keys = appearanceKeys(facts, annotation);
    return keys === undefined || (keys.length === 1 && keys[0] === 'N')
      ? undefined
      : 'An annotation has other appearances than the normal one.';
  },
);

const isButton = ({ subtype, fieldType }: Annotation): boolean => subtype === 'Widget' && fieldType === 'Btn';

const buttons = annotationRule({ a1: '6.5.3-5', a23: '6.3.3-3', a4: '6.3.3-3' }, (annotation, { facts }) => {
  const keys = appearanceKeys(facts, annotation);
  if (keys?.length !== 1 || keys[0] !== 'N' || !isButton(annotation)) return undefined;
  const normal = facts.file.resolve(facts.file.dict(annotation.dict.get('AP'))?.get('N'));
  const hasStates =
    normal instanceof PdfDict && [...normal.values()].some((state) => facts.file.stream(state) !== undefined);
  return hasStates ? undefined : 'The appearance of a button is not a list of states.';
});

const streams = annotationRule({ a1: '6.5.3-6', a23: '6.3.3-4', a4: '6.3.3-4' }, (annotation, { facts }) => {
  const keys = appearanceKeys(facts, annotation);
  if (keys?.length !== 1 || keys[0] !== 'N' || isButton(annotation)) return undefined;
  const normal = facts.file.resolve(facts.file.dict(annotation.dict.get('AP'))?.get('N'));
  return normal instanceof PdfStream ? undefined : 'The appearance of an annotation is no stream.';
});

export const ANNOTATIONS: readonly Rule[] = [
  types,
  opacity,
  hasFlags,
  flags1,
  flags2,
  colours,
  needsAppearance,
  normalAlone,
  buttons,
  streams,
];
