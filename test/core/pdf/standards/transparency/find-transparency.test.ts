import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../../core/pdf/revision/document.ts';
import { transparencyOf } from '../../../../../core/pdf/standards/transparency/find-transparency.ts';
import { conformed, conformPlan } from '../../../../support/conformed.ts';
import { buildPdf, onePage, streamBody, type BuiltObject } from '../../../../support/pdf-builder.ts';

const FORM = '/Type/XObject/Subtype/Form/BBox[0 0 9 9]';

/** One page with these resources, and objects from number 10 on. */
const page = (resources: string, extra: readonly BuiltObject[] = [], entries = ''): Buffer =>
  buildPdf([
    ...onePage().map((object) =>
      object.number === 3
        ? { ...object, body: object.body.replace('/Resources<<>>', `/Resources<<${resources}>>${entries}`) }
        : object,
    ),
    ...extra,
  ]);

const rulesOf = (pdf: Buffer): string[] => {
  const document = PdfDocument.open(memorySource(pdf));
  return [...document.pages()].flatMap((each) => transparencyOf(document, each).map(({ rule }) => rule));
};

describe('transparencyOf', () => {
  it('takes what Chromium writes into every page for opaque', () => {
    expect(rulesOf(page('/ExtGState<</G3<</ca 1/BM/Normal>>/G4<</SMask/None/CA 1.0>>>>'))).toEqual([]);
  });

  it.each([
    ['translucent fills', '/ExtGState<</G<</ca .5>>>>', '6.4-6'],
    ['translucent strokes', '/ExtGState<</G<</CA .5>>>>', '6.4-5'],
    ['blending', '/ExtGState<</G<</BM/Multiply>>>>', '6.4-4'],
    ['blending by a list', '/ExtGState<</G<</BM[/Screen/Normal]>>>>', '6.4-4'],
  ])('finds %s', (_, resources, rule) => {
    expect(rulesOf(page(resources))).toEqual([rule]);
  });

  const translucent = { number: 11, body: '<</ca .5>>' };
  const state = '/Resources<</ExtGState<</G 11 0 R>>>>';

  it.each<[string, string, BuiltObject[], string]>([
    [
      'a form',
      '/XObject<</X 10 0 R>>',
      [{ number: 10, body: streamBody('', FORM + state) }, translucent],
      '6.4-6',
    ],
    [
      'a pattern',
      '/Pattern<</P 10 0 R>>',
      [{ number: 10, body: streamBody('', `/Type/Pattern/PatternType 1${state}`) }, translucent],
      '6.4-6',
    ],
    [
      'the glyphs of a Type 3 font, as of colour emoji',
      '/Font<</F 10 0 R>>',
      [
        {
          number: 10,
          body: '<</Type/Font/Subtype/Type3/CharProcs<</g 12 0 R>>/Resources<</XObject<</X 13 0 R>>>>>>',
        },
        { number: 12, body: streamBody('') },
        { number: 13, body: streamBody('', '/Type/XObject/Subtype/Image/SMask 14 0 R') },
        { number: 14, body: streamBody('') },
      ],
      '6.4-2',
    ],
    [
      'the group of a soft mask',
      '/ExtGState<</G<</SMask<</S/Luminosity/G 10 0 R>>>>>>',
      [{ number: 10, body: streamBody('', `${FORM}/Group<</S/Transparency>>`) }],
      '6.4-1',
    ],
    [
      'a form that is a group and nothing else',
      '/XObject<</X 10 0 R>>',
      [{ number: 10, body: streamBody('', `${FORM}/Group<</S/Transparency>>`) }],
      '6.4-3',
    ],
  ])('looks into %s', (_, resources, objects, rule) => {
    expect(rulesOf(page(resources, objects))).toEqual([rule]);
  });

  it('does not run in circles', () => {
    const form = { number: 10, body: streamBody('', `${FORM}/Resources<</XObject<</X 10 0 R>>>>`) };
    expect(rulesOf(page('/XObject<</X 10 0 R>>', [form]))).toEqual([]);
  });

  it('finds translucent annotations', () => {
    expect(rulesOf(page('', [], '/Annots[<</Type/Annot/CA .3>>]'))).toEqual(['6.5.3-1']);
  });
});

describe('the policy "error"', () => {
  it('names page and cause, and what to do', async () => {
    await expect(
      conformed(page('/ExtGState<</G<</ca .5>>>>'), conformPlan(['pdf/a-1b'])),
    ).rejects.toMatchObject({
      code: 'STANDARD_NOT_MET',
      message: expect.stringMatching(/rule 6\.4-6\)\. Page 1: It has translucent colours/) as string,
      details: { page: 1, hint: expect.stringContaining('"flatten"') as string },
    });
  });

  it('is for PDF/A-1 alone', async () => {
    await expect(
      conformed(page('/ExtGState<</G<</ca .5>>>>'), conformPlan(['pdf/a-2b'])),
    ).resolves.toBeDefined();
  });
});
