/** Spoilers of colour and graphics (ISO 19005-1 §6.2 and §6.4, ISO 19005-2 §6.2). */
import { OBJECT } from './bases.ts';
import { LENGTH } from './recipe.ts';
import {
  add,
  all,
  change,
  enter,
  paint,
  PDFA,
  PDFA_1,
  PDFA_23,
  PDFA_234,
  PDFA_4,
  remake,
  replaceIn,
  spoiler,
  UA,
  type Spoil,
  type Spoiler,
} from './spoiler.ts';

/** In the header of the ICC profile, at an offset. */
const inProfile = (offset: number, text: string): Spoil =>
  remake((recipe) => {
    const body = recipe.objects.get(OBJECT.profile) ?? '';
    const at = body.indexOf('stream\n') + 7 + offset;
    recipe.objects.set(OBJECT.profile, body.slice(0, at) + text + body.slice(at + text.length));
  });

const state = (entries: string): Spoil => enter(OBJECT.state, entries);
const image = (entries: string): Spoil => enter(OBJECT.image, entries);
const form = (entries: string): Spoil => enter(OBJECT.form, entries);
const artifact = (operators: string): Spoil => paint(OBJECT.content, `/Artifact BMC ${operators} EMC`);

const SECOND_INTENT =
  '<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(x)/Info(x)/DestOutputProfile 80 0 R>>';

/** The ICC profile once more, as object 80. */
const profileTwice: Spoil = remake((recipe) => {
  recipe.objects.set(80, recipe.objects.get(OBJECT.profile) ?? '');
});

export const COLOUR: readonly Spoiler[] = [
  spoiler('6.2.2-1 no output intent', [...PDFA, ...UA], change(OBJECT.catalog, '/OutputIntents[6 0 R]', '')),
  spoiler(
    '6.2.2-1 the output intent of another standard',
    PDFA,
    change(OBJECT.intent, 'GTS_PDFA1', 'GTS_PDFX'),
  ),
  spoiler(
    '6.2.2-1 an output intent without a profile',
    PDFA,
    change(OBJECT.intent, '/DestOutputProfile 7 0 R', ''),
  ),
  spoiler(
    '6.2.2-2 two output intents with their own profiles',
    PDFA,
    all(profileTwice, add({ 81: SECOND_INTENT }), change(OBJECT.catalog, '[6 0 R]', '[6 0 R 81 0 R]')),
  ),
  spoiler(
    '6.2.2 two output intents with one profile',
    PDFA,
    add(
      { 81: SECOND_INTENT.replace('80 0 R', '7 0 R') },
      change(OBJECT.catalog, '[6 0 R]', '[6 0 R 81 0 R]'),
    ),
  ),
  spoiler('6.2.3-1 a profile of ICC version 5', PDFA, inProfile(8, '\x05')),
  spoiler('6.2.3-1 a profile of ICC version 4', PDFA, inProfile(8, '\x04')),
  spoiler('6.2.3-1 a profile of an abstract class', PDFA, inProfile(12, 'abst')),
  spoiler('6.2.3-1 a profile for gray', PDFA, inProfile(16, 'GRAY')),
  spoiler('6.2.3-1 a profile for CMYK', PDFA, inProfile(16, 'CMYK')),
  spoiler(
    '6.2.3-2 a profile with the wrong number of components',
    PDFA,
    change(OBJECT.profile, '/N 3', '/N 4'),
  ),
  spoiler('6.2.3-2 a profile without a number of components', PDFA, change(OBJECT.profile, '/N 3', '')),
  spoiler(
    '6.2.3-3 a reference to a profile elsewhere',
    PDFA_234,
    enter(OBJECT.intent, '/DestOutputProfileRef<</URLs[]>>'),
  ),
  spoiler('6.2.3.3-1 CMYK without its intent', PDFA, artifact('0 0 0 1 k 0 0 9 9 re f')),
  spoiler('6.2.3.3 gray', PDFA, artifact('0.5 g 0 0 9 9 re f')),
  spoiler(
    '6.2.3.3-1 an image in CMYK',
    PDFA,
    change(
      OBJECT.image,
      /\/ColorSpace 32 0 R(.*)stream\n.*?\nendstream/s,
      `/ColorSpace/DeviceCMYK${LENGTH}>>\nstream\n${'\0'.repeat(16)}\nendstream`,
    ),
  ),
  spoiler(
    '6.2.3.3-1 a shading in CMYK',
    PDFA,
    change(
      OBJECT.shading,
      /\/ColorSpace\/DeviceRGB(.*)\/C0\[1 0 0\]\/C1\[0 0 1\]/,
      '/ColorSpace/DeviceCMYK/Coords[0 0 100 0]/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0 0]/C1[0 0 1 0]',
    ),
  ),
  spoiler(
    '6.2.3.4 a spot colour over CMYK',
    PDFA,
    all(
      change(OBJECT.spot, 'DeviceRGB', 'DeviceCMYK'),
      change(OBJECT.tint, /.*/s, '<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 0 0 1]/N 1>>'),
    ),
  ),
  spoiler(
    '6.2.4.4-2 a spot colour with two meanings',
    PDFA,
    all(
      add({
        80: '[/Separation/Spot/DeviceRGB 81 0 R]',
        81: '<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[1 0 0]/N 1>>',
      }),
      change(OBJECT.page, '/Cs1 19 0 R', '/Cs1 19 0 R/Cs2 80 0 R'),
      artifact('/Cs2 cs 1 scn 0 0 9 9 re f'),
    ),
  ),
  spoiler(
    '6.2.4.4-1 DeviceN without its colorants',
    PDFA,
    change(OBJECT.spot, '/Separation/Spot', '/DeviceN[/Spot]'),
  ),
  spoiler(
    '6.2.4.2-1 ICCBased with the wrong number of components',
    PDFA,
    all(profileTwice, change(80, '/N 3', '/N 1'), change(OBJECT.iccSpace, '7 0 R', '80 0 R')),
  ),
  spoiler('6.2.4-1 alternate images', PDFA, image('/Alternates[]')),
  spoiler('6.2.4-2 OPI on an image', PDFA, image('/OPI<<>>')),
  spoiler('6.2.4-3 interpolation', PDFA, image('/Interpolate true')),
  spoiler('6.2.4 no interpolation', PDFA, image('/Interpolate false')),
  spoiler(
    '6.2.4-4 interpolation of an image in the content',
    PDFA,
    artifact('BI /W 1 /H 1 /BPC 8 /CS /G /I true ID x EI'),
  ),
  spoiler(
    '6.2.8-5 three bits a component',
    PDFA_234,
    change(OBJECT.image, 'BitsPerComponent 8', 'BitsPerComponent 3'),
  ),
  spoiler('6.2.5-1 OPI on a form', PDFA, form('/OPI<<>>')),
  spoiler('6.2.5-2 PostScript in a form', PDFA, form('/Subtype2/PS')),
  spoiler('6.2.5-3 PostScript of a form', PDFA, form('/PS 4 0 R')),
  spoiler('6.2.6-1 a form that refers to another file', [...PDFA, 'pdf/ua-1'], form('/Ref<<>>')),
  spoiler(
    '6.2.7-1 a PostScript XObject',
    PDFA,
    all(
      add({ 80: `<</Type/XObject/Subtype/PS${LENGTH}>>\nstream\nx\nendstream` }),
      change(OBJECT.page, '/Fm1 17 0 R', '/Fm1 17 0 R/Ps1 80 0 R'),
      artifact('/Ps1 Do'),
    ),
  ),
  spoiler('6.2.8-1 a transfer function', PDFA, state('/TR/Identity')),
  spoiler('6.2.8-2 a transfer function of the second kind', PDFA, state('/TR2/Identity')),
  spoiler('6.2.8 the usual transfer function', PDFA, state('/TR2/Default')),
  spoiler('6.2.5-3 the origin of a halftone', PDFA_234, state('/HTO[0 0]')),
  spoiler(
    '6.2.5-4 a halftone of type 6',
    PDFA_234,
    add({ 80: `<</HalftoneType 6/Width 1/Height 1${LENGTH}>>\nstream\nx\nendstream` }, state('/HT 80 0 R')),
  ),
  spoiler(
    '6.2.5-5 a halftone with a name',
    PDFA_234,
    state('/HT<</HalftoneType 1/Frequency 60/Angle 0/SpotFunction/Round/HalftoneName(x)>>'),
  ),
  spoiler('6.2.9-1 an unknown rendering intent', PDFA, change(OBJECT.state, '/Perceptual', '/Pretty')),
  spoiler('6.2.9-1 an unknown rendering intent in content', PDFA, artifact('/Pretty ri')),
  spoiler('6.2.10-1 an unknown operator', PDFA, artifact('1 2 xyz')),
  spoiler('6.2.10 an unknown operator in a compatibility section', PDFA, artifact('BX 1 2 xyz EX')),
  spoiler(
    '6.2.2-2 resources of the parent',
    PDFA,
    remake((recipe) => {
      const page = recipe.objects.get(OBJECT.page) ?? '';
      const resources = /\/Resources(<<.*>>)>>$/s.exec(page)?.[1] ?? '';
      replaceIn(recipe, OBJECT.page, `/Resources${resources}`, '');
      replaceIn(recipe, OBJECT.pages, '<<', `<</Resources${resources}`);
    }),
  ),
  spoiler(
    '6.2.2-2 a form that uses the resources of its page',
    PDFA,
    all(change(OBJECT.form, '0 1 0 rg', '/G1 gs 0 1 0 rg'), change(OBJECT.form, '/Resources<<>>', '')),
  ),
  spoiler('6.2.2 a font that is not there', PDFA, artifact('BT /F9 12 Tf (x) Tj ET')),
  spoiler('6.4-1 a soft mask in a graphics state', PDFA, state('/SMask<</Type/Mask/S/Alpha/G 17 0 R>>')),
  spoiler('6.4 no soft mask', PDFA, state('/SMask/None')),
  spoiler(
    '6.4-2 an image with a soft mask',
    PDFA,
    add(
      {
        80: `<</Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray${LENGTH}>>\nstream\nxxxx\nendstream`,
      },
      image('/SMask 80 0 R'),
    ),
  ),
  spoiler('6.4-3 a transparency group', PDFA, form('/Group<</S/Transparency/CS/DeviceRGB>>')),
  spoiler('6.4-3 a group in CMYK', PDFA, form('/Group<</S/Transparency/CS/DeviceCMYK>>')),
  spoiler(
    '6.4-3 a transparency group of the page',
    PDFA,
    enter(OBJECT.page, '/Group<</S/Transparency/CS/DeviceRGB>>'),
  ),
  spoiler('6.4-4 a blend mode', PDFA, state('/BM/Multiply')),
  spoiler('6.2.10-1 an unknown blend mode', PDFA, state('/BM/Pretty')),
  spoiler('6.4 the usual blend mode', PDFA, state('/BM/Normal')),
  spoiler('6.4-5 transparent strokes', PDFA, state('/CA 0.5')),
  spoiler('6.4-6 transparent fills', PDFA, state('/ca 0.5')),
  spoiler(
    '6.2.10-2 transparency without a blending space',
    PDFA_234,
    all(change(OBJECT.catalog, '/OutputIntents[6 0 R]', ''), state('/ca 0.5')),
  ),
  spoiler('6.2.4.2-2 overprinting in an ICC space of CMYK', PDFA_23, state('/OPM 1/OP true/op true')),
  spoiler(
    '6.2.2 a page with its own output intent',
    PDFA_4,
    all(change(OBJECT.catalog, '/OutputIntents[6 0 R]', ''), enter(OBJECT.page, '/OutputIntents[6 0 R]')),
  ),
  spoiler(
    '6.2.10 a page in device colours without an intent',
    PDFA_1,
    all(change(OBJECT.catalog, '/OutputIntents[6 0 R]', ''), change(OBJECT.shading, '/DeviceRGB', ' 32 0 R')),
  ),
];
