/** Operators, resources, images, forms, graphics states (ISO 19005-1 §6.2.4–6.2.10, ISO 19005-2 §6.2.2, §6.2.5–6.2.9). */
import type { PdfDict } from '../../../revision/objects.ts';
import { PdfName, type PdfObject } from '../../../revision/objects.ts';
import { jpeg2000Facts } from '../colour/jpeg2000.ts';
import type { ImageUse } from '../content/content-facts.ts';
import { rule, type Check, type Clauses, type Place, type Rule } from '../rule.ts';

const operators = rule({ a1: '6.2.10-1', a23: '6.2.2-1', a4: '6.2.2-1' }, ({ facts, report }) => {
  for (const { thing, place } of facts.content.unknownOperators) {
    report(`A content stream has the unknown operator "${thing.slice(0, 20)}".`, place);
  }
});

const contentReadable = rule(
  { a1: 'syntax', a23: 'syntax', a4: 'syntax', ua1: 'syntax', ua2: 'syntax' },
  ({ facts, report }) => {
    for (const { thing, place } of facts.content.broken) {
      report(`A content stream cannot be read: ${thing}.`, place);
    }
  },
);

const ownResources = rule({ a23: '6.2.2-2', a4: '6.2.2-2' }, ({ facts, report }) => {
  for (const { thing, place } of facts.content.inheritedNames) {
    report(`A content stream uses "${thing.slice(0, 40)}" of another's /Resources.`, place);
  }
});

const definedResources = rule({ a4: '6.2.2-3' }, ({ facts, report }) => {
  for (const { thing, place } of facts.content.undefinedNames) {
    report(`A content stream uses "${thing.slice(0, 40)}", which its /Resources do not have.`, place);
  }
});

/** A key that an image dictionary must not have. */
const imageKey = (clauses: Clauses, key: string): Rule =>
  rule(clauses, ({ facts, report }) => {
    for (const { stream, place } of facts.content.images) {
      if (stream.dict.has(key)) report(`An image has /${key}.`, place);
    }
    for (const { thing, place } of facts.content.inlineImages) {
      if (thing.has(key)) report(`An image has /${key}.`, place);
    }
  });

const imageAlternates = imageKey({ a1: '6.2.4-1', a23: '6.2.8-1', a4: '6.2.7.1-1' }, 'Alternates');
const imageOpi = imageKey({ a1: '6.2.4-2', a23: '6.2.8-2', a4: '6.2.7.1-2' }, 'OPI');

const interpolation = rule({ a1: '6.2.4-3', a23: '6.2.8-3', a4: '6.2.7.1-3' }, ({ facts, report }) => {
  for (const { stream, place } of facts.content.images) {
    if (facts.file.bool(stream.dict.get('Interpolate')) === true)
      report('An image asks for /Interpolate.', place);
  }
  for (const { thing, place } of facts.content.inlineImages) {
    if (facts.file.bool(thing.get('I') ?? thing.get('Interpolate')) === true) {
      report('An inline image asks for interpolation.', place);
    }
  }
});

function bitsOf({ facts }: Check, dict: PdfDict): number | undefined {
  return facts.file.integer(dict.get('BPC') ?? dict.get('BitsPerComponent'));
}

const imageBits = rule({ a1: '6.2.4-4', a23: '6.2.8-4', a4: '6.2.7.1-4' }, (check) => {
  const { facts, level, report } = check;
  const allowed = level.part === 1 ? [1, 2, 4, 8] : [1, 2, 4, 8, 16];
  const images = [
    ...facts.content.images
      .filter(({ role }) => role !== 'mask')
      .map(({ stream, place }) => ({ dict: stream.dict, place })),
    ...facts.content.inlineImages.map(({ thing, place }) => ({ dict: thing, place })),
  ];
  for (const { dict, place } of images) {
    const bits = bitsOf(check, dict);
    if (bits !== undefined && !allowed.includes(bits))
      report(`An image has ${bits} bits per component.`, place);
  }
});

const maskBits = rule({ a1: '6.2.4-5', a23: '6.2.8-5', a4: '6.2.7.1-5' }, (check) => {
  for (const { stream, role, place } of check.facts.content.images) {
    if (role !== 'mask') continue;
    const bits = bitsOf(check, stream.dict);
    if (bits !== undefined && bits !== 1)
      check.report(`An image mask has ${bits} bits per component.`, place);
  }
});

/** JPEG 2000 data of an image (ISO 19005-2 §6.2.8.3). */
function jpxRule(
  clauses: Clauses,
  judge: (
    facts: NonNullable<ReturnType<typeof jpeg2000Facts>>,
    hasColourSpace: boolean,
  ) => string | undefined,
): Rule {
  return rule(clauses, ({ facts, report }) => {
    for (const { stream, place } of facts.content.images as readonly ImageUse[]) {
      const jpx = facts.once(`jpx ${place.object ?? ''}/${place.page ?? ''}`, () =>
        jpeg2000Facts(facts.file, stream),
      );
      if (jpx === undefined) continue;
      const message = judge(jpx, facts.file.resolve(stream.dict.get('ColorSpace')) !== null);
      if (message !== undefined) report(message, place);
    }
  });
}

const jpxChannels = jpxRule({ a23: '6.2.8.3-1', a4: '6.2.7.3-1' }, ({ channels }) =>
  channels === 1 || channels === 3 || channels === 4
    ? undefined
    : `A JPEG 2000 image has ${channels} colour channels; 1, 3 or 4 are allowed.`,
);

const jpxSpecs = jpxRule({ a23: '6.2.8.3-2', a4: '6.2.7.3-2' }, ({ specs, approximate }, hasColourSpace) =>
  hasColourSpace || specs === 1 || approximate === 1
    ? undefined
    : 'A JPEG 2000 image has several colour specifications and not one of them marked.',
);

const jpxMethod = jpxRule({ a23: '6.2.8.3-3', a4: '6.2.7.3-3' }, ({ method }, hasColourSpace) =>
  hasColourSpace || method === 1 || method === 2 || method === 3
    ? undefined
    : 'A JPEG 2000 image specifies its colours by a method that is not allowed.',
);

const jpxEnumerated = jpxRule({ a23: '6.2.8.3-4', a4: '6.2.7.3-4' }, ({ enumerated }, hasColourSpace) =>
  hasColourSpace || enumerated !== 19 ? undefined : 'A JPEG 2000 image is in the colour space CIEJab.',
);

const jpxDepth = jpxRule({ a23: '6.2.8.3-5', a4: '6.2.7.3-5' }, ({ depth, hasDepths }) =>
  !hasDepths && depth !== undefined && depth >= 1 && depth <= 38
    ? undefined
    : 'The channels of a JPEG 2000 image differ in depth, or are not 1 to 38 bits deep.',
);

const postScriptForms = rule({ a1: '6.2.5-1', a23: '6.2.9-1' }, ({ facts, level, report }) => {
  for (const { thing, place } of facts.content.forms) {
    const { dict } = thing;
    const hasPs = dict.has('PS') || facts.file.name(dict.get('Subtype2')) === 'PS';
    if (hasPs) report('A form has PostScript in it.', place);
    else if (level.part !== 1 && dict.has('OPI')) report('A form has /OPI.', place);
  }
});

const formOpi = rule({ a1: '6.2.4-2', a4: '6.2.8.1-1' }, ({ facts, report }) => {
  for (const { thing, place } of facts.content.forms) {
    if (thing.dict.has('OPI')) report('A form has /OPI.', place);
  }
});

const referenceForms = rule(
  { a1: '6.2.6-1', a23: '6.2.9-2', a4: '6.2.8.2-1', ua1: '7.20-1' },
  ({ facts, report }) => {
    for (const { thing, place } of facts.content.forms) {
      if (thing.dict.has('Ref')) report('A form stands for a page of another file (/Ref).', place);
    }
  },
);

const postScript = rule({ a1: '6.2.7-1', a23: '6.2.9-3' }, ({ facts, report }) => {
  for (const place of facts.content.postScript) report('A content stream paints PostScript.', place);
});

const stateRule = (
  clauses: Clauses,
  judge: (state: PdfDict, check: Check, place: Place) => string | undefined,
): Rule =>
  rule(clauses, (check) => {
    for (const { thing, place } of check.facts.content.graphicsStates) {
      const message = judge(thing, check, place);
      if (message !== undefined) check.report(message, place);
    }
  });

const transfer = stateRule({ a1: '6.2.8-1', a23: '6.2.5-1', a4: '6.2.5-1' }, (state) =>
  state.has('TR') ? 'A graphics state has a transfer function (/TR).' : undefined,
);

const transfer2 = stateRule({ a1: '6.2.8-2', a23: '6.2.5-2', a4: '6.2.5-2' }, (state, { facts }) =>
  state.has('TR2') && facts.file.name(state.get('TR2')) !== 'Default'
    ? 'A graphics state has a transfer function (/TR2).'
    : undefined,
);

const halftoneOrigin = stateRule({ a23: '6.2.5-3', a4: '6.2.5-3' }, (state, { level }) => {
  const key = level.part === 4 ? 'HTO' : 'HTP';
  return state.has(key) ? `A graphics state has /${key}.` : undefined;
});

interface Halftone {
  readonly dict: PdfDict | undefined;
  readonly type: number | undefined;
  readonly colorant: string | undefined;
  readonly place: Place;
}

function halftones({ facts }: Check): readonly Halftone[] {
  return facts.once('halftones', () =>
    facts.content.graphicsStates.flatMap(({ thing, place }) =>
      halftonesOf(facts.file.resolve(thing.get('HT')), undefined, place, 0),
    ),
  );

  function halftonesOf(
    value: PdfObject,
    colorant: string | undefined,
    place: Place,
    depth: number,
  ): Halftone[] {
    if (value instanceof PdfName) {
      const isDefault = value.name === 'Default';
      return [{ dict: undefined, type: isDefault ? 1 : undefined, colorant, place }];
    }
    const dict = facts.file.dictOrStream(value);
    if (dict === undefined) return [];
    const type = facts.file.integer(dict.get('HalftoneType'));
    const own: Halftone = { dict, type, colorant, place };
    if (type !== 5 || depth > 4) return [own];
    const parts = [...dict].flatMap(([key, part]) =>
      facts.file.dictOrStream(part) === undefined
        ? []
        : halftonesOf(facts.file.resolve(part), key, place, depth + 1),
    );
    return [own, ...parts];
  }
}

const halftoneTypes = rule({ a23: '6.2.5-4', a4: '6.2.5-4' }, (check) => {
  for (const { type, place } of halftones(check)) {
    if (type !== 1 && type !== 5)
      check.report(`A halftone is of type ${type ?? 'unknown'}; 1 and 5 are allowed.`, place);
  }
});

const halftoneNames = rule({ a23: '6.2.5-5', a4: '6.2.5-5' }, (check) => {
  for (const { dict, place } of halftones(check)) {
    if (check.facts.file.string(dict?.get('HalftoneName')) !== undefined)
      check.report('A halftone has a name.', place);
  }
});

const PRIMARIES = new Set([undefined, 'Cyan', 'Magenta', 'Yellow', 'Black']);

const halftoneTransfer = rule({ a23: '6.2.5-6', a4: '6.2.5-6' }, (check) => {
  for (const { dict, colorant, place } of halftones(check)) {
    if (colorant === 'Default') continue;
    const hasTransfer = check.facts.file.resolve(dict?.get('TransferFunction')) !== null;
    if (hasTransfer === PRIMARIES.has(colorant)) {
      check.report('A halftone has a transfer function where it must not, or none where it must.', place);
    }
  }
});

const INTENTS = new Set(['RelativeColorimetric', 'AbsoluteColorimetric', 'Perceptual', 'Saturation']);

const intents = rule({ a1: '6.2.9-1', a23: '6.2.6-1' }, ({ facts, report }) => {
  const { content, file } = facts;
  const named = [...content.intents].map(([thing, place]) => ({ thing, place }));
  const states = content.graphicsStates.flatMap(({ thing, place }) => {
    const intent = file.name(thing.get('RI'));
    return intent === undefined ? [] : [{ thing: intent, place }];
  });
  const inline = content.inlineImages.flatMap(({ thing, place }) => {
    const intent = file.name(thing.get('Intent'));
    return intent === undefined ? [] : [{ thing: intent, place }];
  });
  for (const { thing, place } of [...named, ...states, ...inline]) {
    if (!INTENTS.has(thing)) report(`"${thing.slice(0, 40)}" is no rendering intent.`, place);
  }
});

const INLINE_FILTERS = new Set([
  'ASCIIHexDecode',
  'ASCII85Decode',
  'FlateDecode',
  'RunLengthDecode',
  'CCITTFaxDecode',
  'DCTDecode',
  'AHx',
  'A85',
  'Fl',
  'RL',
  'CCF',
  'DCT',
]);

const inlineFilters = rule({ a1: '6.1.10-2', a23: '6.1.10-1', a4: '6.1.9-1' }, ({ facts, level, report }) => {
  for (const { thing, place } of facts.content.inlineImages) {
    const value = facts.file.resolve(thing.get('F') ?? thing.get('Filter'));
    for (const item of Array.isArray(value) ? value : [value]) {
      const name = facts.file.name(item);
      if (name === undefined) continue;
      const isAllowed = level.part === 1 ? name !== 'LZW' && name !== 'LZWDecode' : INLINE_FILTERS.has(name);
      if (!isAllowed) report(`An inline image has the filter ${name.slice(0, 40)}.`, place);
    }
  }
});

export const GRAPHICS: readonly Rule[] = [
  contentReadable,
  operators,
  ownResources,
  definedResources,
  imageAlternates,
  imageOpi,
  interpolation,
  imageBits,
  maskBits,
  jpxChannels,
  jpxSpecs,
  jpxMethod,
  jpxEnumerated,
  jpxDepth,
  postScriptForms,
  formOpi,
  referenceForms,
  postScript,
  transfer,
  transfer2,
  halftoneOrigin,
  halftoneTypes,
  halftoneNames,
  halftoneTransfer,
  intents,
  inlineFilters,
];
