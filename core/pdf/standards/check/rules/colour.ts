/** Output intents, ICC profiles, device colours, spot colours (ISO 19005-1 §6.2.2–6.2.3, ISO 19005-2 §6.2.3–6.2.4). */
import { PdfName, type PdfObject } from '../../../revision/objects.ts';
import { samePdf } from '../same-pdf.ts';
import type { ColourUse } from '../content/content-facts.ts';
import type { ColourSpace } from '../colour/colour-space.ts';
import type { IccProfile } from '../colour/icc-profile.ts';
import { intentSpace, type Facts, type OutputIntent } from '../facts.ts';
import { rule, type Check, type Place, type Rule } from '../rule.ts';

const RGB = 'RGB ';
const OUTPUT_SPACES = new Set([RGB, 'CMYK', 'GRAY']);
const INPUT_SPACES = new Set([...OUTPUT_SPACES, 'Lab ']);
const OUTPUT_CLASSES = new Set(['prtr', 'mntr']);
const INPUT_CLASSES = new Set([...OUTPUT_CLASSES, 'scnr', 'spac']);

/** Of the document, and in PDF/A-4 of its pages. */
function allIntents({ facts, level }: Check): readonly (readonly OutputIntent[])[] {
  if (level.part !== 4) return [facts.outputIntents];
  return facts.once('all intents', () => [
    facts.outputIntents,
    ...facts.pages.filter(({ dict }) => dict.has('OutputIntents')).map(({ dict }) => facts.intentsOf(dict)),
  ]);
}

const outputProfile = rule({ a1: '6.2.2-1', a23: '6.2.3-1', a4: '6.2.3-1' }, (check) => {
  const most = check.level.part === 1 ? 3 : 5;
  for (const intents of allIntents(check)) {
    for (const { profile, object } of intents) {
      if (profile === undefined) continue;
      const problem = profileProblem(profile, OUTPUT_CLASSES, OUTPUT_SPACES, most);
      if (problem !== undefined) check.report(`The profile of the output intent ${problem}.`, { object });
    }
  }
});

function profileProblem(
  { deviceClass, colourSpace, version }: IccProfile,
  classes: ReadonlySet<string>,
  spaces: ReadonlySet<string>,
  most: number,
): string | undefined {
  if (deviceClass === undefined || !classes.has(deviceClass)) {
    return `has the device class "${deviceClass ?? ''}", which is not allowed`;
  }
  if (colourSpace === undefined || !spaces.has(colourSpace)) {
    return `has the colour space "${colourSpace ?? ''}", which is not allowed`;
  }
  if (version === undefined || version >= most)
    return `is of ICC version ${version ?? 0}; it must be below ${most}`;
  return undefined;
}

const oneProfile = rule({ a1: '6.2.2-2', a23: '6.2.3-2', a4: '6.2.3-2' }, (check) => {
  for (const intents of allIntents(check)) {
    const objects = new Set(intents.flatMap(({ profileObject }) => profileObject ?? []));
    if (objects.size > 1)
      check.report('The output intents have different profiles.', { object: intents[0]?.object });
  }
});

const noProfileReference = rule({ a23: '6.2.3-3', a4: '6.2.3-3' }, (check) => {
  for (const intents of allIntents(check)) {
    for (const { dict, subtype, object } of intents) {
      if (dict.has('DestOutputProfileRef') && (check.level.part === 4 || subtype === 'GTS_PDFX')) {
        check.report('An output intent refers to a profile outside of the file.', { object });
      }
    }
  }
});

const iccProfile = rule({ a1: '6.2.3.2-1', a23: '6.2.4.2-1', a4: '6.2.4.2-1' }, (check) => {
  const most = check.level.part === 1 ? 3 : 5;
  for (const { space, place } of check.facts.content.colours) {
    if (space.icc === undefined) continue;
    const problem = profileProblem(space.icc, INPUT_CLASSES, INPUT_SPACES, most);
    if (problem !== undefined) {
      check.report(`An ICC profile ${problem}.`, { ...place, object: space.icc.object ?? place.object });
    }
  }
});

const COMPONENTS: Readonly<Record<string, number>> = { GRAY: 1, [RGB]: 3, 'Lab ': 3, CMYK: 4 };

/** The number of components that a profile is used with is its own; it concerns the output intent, too. */
const iccComponents = rule({ a1: '6.2.3.2-2' }, (check) => {
  const used = check.facts.content.colours.flatMap(({ space, place }) => {
    return space.icc === undefined ? [] : [{ profile: space.icc, place }];
  });
  const intended = check.facts.outputIntents.flatMap(({ profile, object }) => {
    return profile === undefined ? [] : [{ profile, place: { object } }];
  });
  for (const { profile, place } of [...used, ...intended]) {
    const { components, colourSpace = '' } = profile;
    if (components !== undefined && COMPONENTS[colourSpace] === components) continue;
    check.report(
      `/N of an ICC profile is ${components ?? 'missing'}; its colour space is "${colourSpace}".`,
      {
        ...place,
        object: profile.object ?? place.object,
      },
    );
  }
});

const DEVICE = {
  DeviceRGB: { space: RGB, words: 'RGB' },
  DeviceCMYK: { space: 'CMYK', words: 'CMYK' },
} as const;

function deviceRule(kind: keyof typeof DEVICE, clauses: Rule['clauses']): Rule {
  const { space, words } = DEVICE[kind];
  return rule(clauses, (check) => {
    for (const use of check.facts.content.colours) {
      if (use.space.kind !== kind) continue;
      const intent = intentAt(check, use);
      if (intent === space || (check.level.part === 4 && blendsIn(use.blending, kind))) continue;
      check.report(`${kind} is used without an output intent for ${words}.`, use.place);
    }
  });
}

function intentAt({ facts, level }: Check, { place }: ColourUse): string | undefined {
  if (level.part === 4) {
    const page = place.page === undefined ? undefined : facts.pages[place.page - 1];
    const own = page && intentSpace(pageIntents(facts, page.number));
    if (own !== undefined) return own;
  }
  return intentSpace(facts.outputIntents);
}

const pageIntents = (facts: Facts, page: number): readonly OutputIntent[] =>
  facts.once(`intents ${page}`, () => {
    const dict = facts.pages[page - 1]?.dict;
    return dict === undefined ? [] : facts.intentsOf(dict);
  });

/** The blending colour space is a device-independent one of the same kind. */
function blendsIn(blending: ColourSpace | undefined, kind: keyof typeof DEVICE): boolean {
  if (blending === undefined) return false;
  const type = blending.kind === 'ICCBased' ? blending.icc?.colourSpace : blending.kind;
  return kind === 'DeviceRGB' ? type === RGB || type === 'CalRGB' : type === 'CMYK';
}

const deviceRgb = deviceRule('DeviceRGB', { a1: '6.2.3.3-1', a23: '6.2.4.3-2', a4: '6.2.4.3-2' });
const deviceCmyk = deviceRule('DeviceCMYK', { a1: '6.2.3.3-2', a23: '6.2.4.3-3', a4: '6.2.4.3-3' });

const deviceGray = rule({ a1: '6.2.3.3-3', a23: '6.2.4.3-4', a4: '6.2.4.3-4' }, (check) => {
  for (const use of check.facts.content.colours) {
    if (use.space.kind !== 'DeviceGray' || intentAt(check, use) !== undefined) continue;
    check.report('DeviceGray is used without an output intent.', use.place);
  }
});

const overprint = rule({ a23: '6.2.4.2-2', a4: '6.2.4.2-2' }, ({ facts, report }) => {
  for (const { space, overprints, place } of facts.content.colours) {
    if (overprints && space.kind === 'ICCBased' && space.icc?.components === 4) {
      report('An ICC-based CMYK colour is overprinted with overprint mode 1.', place);
    }
  }
});

const ownCmykProfile = rule({ a4: '6.2.4.2-3' }, (check) => {
  const profiles = allIntents(check).flatMap((intents) => intents.flatMap(({ profile }) => profile ?? []));
  for (const { space, blending, place } of check.facts.content.colours) {
    const { icc } = space;
    if (space.kind !== 'ICCBased' || icc?.components !== 4) continue;
    const others = [...profiles, ...(blending?.icc === undefined ? [] : [blending.icc])];
    if (others.some((other) => isSame(icc, other))) {
      check.report('A CMYK colour has the very profile of the output intent or the blending space.', place);
    }
  }
});

function isSame(a: IccProfile, b: IccProfile): boolean {
  if (a.object !== undefined && a.object === b.object) return true;
  const digest = a.digest();
  return digest !== undefined && digest === b.digest();
}

const deviceNComponents = rule({ a1: '6.1.12-9', a23: '6.1.13-9' }, ({ facts, level, report }) => {
  const most = level.part === 1 ? 8 : 32;
  for (const { space, place } of facts.content.colours) {
    const count = space.kind === 'DeviceN' ? (space.colorants?.length ?? 0) : 0;
    if (count > most) report(`A DeviceN colour space has ${count} colorants; ${most} are allowed.`, place);
  }
});

const colorants = rule({ a23: '6.2.4.4-1', a4: '6.2.4.4-1' }, ({ facts, report }) => {
  for (const { space, place } of facts.content.colours) {
    if (space.kind === 'DeviceN' && space.hasColorants === false) {
      report('A DeviceN colour space has a spot colour that its /Colorants do not have.', place);
    }
  }
});

const separations = rule({ a23: '6.2.4.4-2', a4: '6.2.4.4-2' }, ({ facts, report }) => {
  const byName = new Map<string, { alternate: PdfObject; transform: PdfObject }>();
  for (const { space, place } of facts.content.colours) {
    const name = space.kind === 'Separation' ? facts.file.name(space.colorants?.[0]) : undefined;
    if (name === undefined || space.tint === undefined) continue;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, space.tint);
    else if (
      !samePdf(facts.file, known.alternate, space.tint.alternate) ||
      !samePdf(facts.file, known.transform, space.tint.transform)
    ) {
      report(`The spot colour "${name.slice(0, 60)}" is defined in two ways.`, place);
    }
  }
});

const unicodeNames = rule({ a23: '6.1.8-1', a4: '6.1.7-1' }, ({ facts, report }) => {
  const { file } = facts;
  const look = (name: PdfObject | undefined, what: string, place: Place): void => {
    if (name instanceof PdfName && !isUtf8(name.name)) report(`${what} is not UTF-8.`, place);
  };
  for (const { thing: resources, place } of facts.content.resources) {
    for (const font of file.dict(resources.get('Font'))?.values() ?? []) {
      look(file.resolve(file.dict(font)?.get('BaseFont')), 'The name of a font', place);
    }
    for (const space of file.dict(resources.get('ColorSpace'))?.values() ?? []) {
      for (const name of facts.spaces.parse(space, resources)?.colorants ?? []) {
        look(file.resolve(name), 'The name of a colorant', place);
      }
    }
  }
  for (const { space, place } of facts.content.colours) {
    for (const name of space.colorants ?? []) look(file.resolve(name), 'The name of a colorant', place);
  }
  for (const [key, value] of file.dict(facts.structTreeRoot?.get('RoleMap')) ?? []) {
    look(PdfName.of(key), 'A structure type', {});
    look(file.resolve(value), 'A structure type', {});
  }
});

/** Names are kept as Latin-1 characters. */
function isUtf8(name: string): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(name, 'latin1'));
    return true;
  } catch {
    return false;
  }
}

export const COLOUR: readonly Rule[] = [
  outputProfile,
  oneProfile,
  noProfileReference,
  iccProfile,
  iccComponents,
  deviceRgb,
  deviceCmyk,
  deviceGray,
  overprint,
  ownCmykProfile,
  deviceNComponents,
  colorants,
  separations,
  unicodeNames,
];
