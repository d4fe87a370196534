/** Transparency: forbidden in PDF/A-1 (ISO 19005-1 §6.4), bound to a blending space later (ISO 19005-2 §6.2.10). */
import { PdfName, type PdfDict } from '../../../revision/objects.ts';
import { intentSpace, type Facts } from '../facts.ts';
import { rule, type Check, type Clauses, type Place, type Rule } from '../rule.ts';

const stateRule = (clauses: Clauses, judge: (state: PdfDict, check: Check) => string | undefined): Rule =>
  rule(clauses, (check) => {
    for (const { thing, place } of check.facts.content.graphicsStates) {
      const message = judge(thing, check);
      if (message !== undefined) check.report(message, place);
    }
  });

const softMask = stateRule({ a1: '6.4-1' }, (state, { facts }) =>
  state.has('SMask') && facts.file.name(state.get('SMask')) !== 'None'
    ? 'A graphics state has a soft mask.'
    : undefined,
);

const imageSoftMask = rule({ a1: '6.4-2' }, ({ facts, report }) => {
  const { images, forms } = facts.content;
  for (const { stream, place } of images) {
    if (stream.dict.has('SMask')) report('An image has a soft mask.', place);
  }
  for (const { thing, place } of forms) if (thing.dict.has('SMask')) report('A form has a soft mask.', place);
});

const groups = rule({ a1: '6.4-3' }, ({ facts, report }) => {
  for (const { thing, place } of facts.content.groups) {
    if (facts.file.name(thing.get('S')) === 'Transparency') report('There is a transparency group.', place);
  }
});

const blendMode1 = stateRule({ a1: '6.4-4' }, (state, { facts }) => {
  const mode = facts.file.name(state.get('BM'));
  return state.has('BM') && mode !== 'Normal' && mode !== 'Compatible'
    ? `A graphics state has the blend mode ${mode ?? 'of an array'}.`
    : undefined;
});

const alpha = (clauses: Clauses, key: 'CA' | 'ca'): Rule =>
  stateRule(clauses, (state, { facts }) => {
    const value = facts.file.resolve(state.get(key));
    if (value === null) return undefined;
    const number = facts.file.number(value);
    return number !== undefined && Math.abs(number - 1) < 0.000001
      ? undefined
      : `A graphics state has the opacity ${number ?? 'of something else'} (/${key}).`;
  });

const strokeAlpha = alpha({ a1: '6.4-5' }, 'CA');
const fillAlpha = alpha({ a1: '6.4-6' }, 'ca');

const BLEND_MODES = new Set([
  'Normal',
  'Compatible',
  'Multiply',
  'Screen',
  'Overlay',
  'Darken',
  'Lighten',
  'ColorDodge',
  'ColorBurn',
  'HardLight',
  'SoftLight',
  'Difference',
  'Exclusion',
  'Hue',
  'Saturation',
  'Color',
  'Luminosity',
]);

const blendModes = rule({ a23: '6.2.10-1', a4: '6.2.9-1' }, (check) => {
  for (const { mode, place } of blendModesOf(check)) {
    if (!BLEND_MODES.has(mode)) check.report(`"${mode.slice(0, 40)}" is no blend mode.`, place);
  }
});

function blendModesOf({ facts, level }: Check): { mode: string; place: Place }[] {
  const { file } = facts;
  const states = facts.content.graphicsStates.flatMap(({ thing, place }) => {
    const value = file.resolve(thing.get('BM'));
    // An array was a list to choose from before PDF 2.0.
    const first =
      Array.isArray(value) && level.part !== 4 ? value.find((item) => file.name(item) !== undefined) : value;
    const mode = file.name(first);
    return mode === undefined ? [] : [{ mode, place }];
  });
  if (level.part !== 4) return states;
  return [...states, ...annotationModes(facts)];
}

function annotationModes({ file, pages }: Facts): { mode: string; place: Place }[] {
  return pages.flatMap((page) =>
    (file.array(page.dict.get('Annots')) ?? []).flatMap((annotation) => {
      const mode = file.resolve(file.dict(annotation)?.get('BM'));
      return mode instanceof PdfName ? [{ mode: mode.name, place: { page: page.number } }] : [];
    }),
  );
}

const blendingSpace = rule({ a23: '6.2.10-2', a4: '6.2.9-2' }, ({ facts, level, report }) => {
  if (intentSpace(facts.outputIntents) !== undefined) return;
  const { transparentPages } = facts.content;
  const modes = level.part === 4 ? annotationModes(facts).filter(({ mode }) => mode !== 'Normal') : [];
  const pages = new Set([...transparentPages, ...modes.flatMap(({ place }) => place.page ?? [])]);
  for (const number of pages) {
    const page = facts.pages[number - 1];
    if (page === undefined) continue;
    if (level.part === 4 && intentSpace(facts.intentsOf(page.dict)) !== undefined) continue;
    const group = facts.file.dict(page.dict.get('Group'));
    if (facts.spaces.parse(group?.get('CS'), undefined) !== undefined) continue;
    report('The page has transparency, but neither an output intent nor a blending colour space.', {
      page: number,
      object: page.object,
    });
  }
});

export const TRANSPARENCY: readonly Rule[] = [
  softMask,
  imageSoftMask,
  groups,
  blendMode1,
  strokeAlpha,
  fillAlpha,
  blendModes,
  blendingSpace,
];
