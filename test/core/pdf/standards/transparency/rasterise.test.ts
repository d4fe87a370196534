import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pageStreams } from '../../../../../core/pdf/content/content-parts.ts';
import type { PdfDocument } from '../../../../../core/pdf/revision/document.ts';
import { PdfDict, PdfString, type PdfObject } from '../../../../../core/pdf/revision/objects.ts';
import { conformed, conformPlan } from '../../../../support/conformed.ts';
import { compositeFont } from '../../../../support/font-builder.ts';
import { buildPdf, streamBody } from '../../../../support/pdf-builder.ts';

const FORM = '/Type/XObject/Subtype/Form/BBox[0 0 200 200]';

/** Page 1 is opaque, page 2 paints a translucent red square over blue; both paint the form 20, page 2 also 21. */
const print = buildPdf([
  { number: 1, body: '<</Type/Catalog/Pages 2 0 R>>' },
  { number: 2, body: '<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2/MediaBox[0 0 200 200]>>' },
  {
    number: 3,
    body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X1 20 0 R>>>>>>',
  },
  { number: 4, body: streamBody('0 1 0 rg 0 0 50 50 re f /X1 Do') },
  {
    number: 5,
    body: '<</Type/Page/Parent 2 0 R/Contents 6 0 R/Group<</S/Transparency>>/Resources<</ExtGState<</G 7 0 R>>/Font<</F1 10 0 R/F3 15 0 R>>/XObject<</X1 20 0 R/X2 21 0 R>>>>>>',
  },
  {
    number: 6,
    body: streamBody(
      'q 0 0 1 rg 0 0 100 100 re f /G gs 1 0 0 rg 0 0 100 100 re f Q /P <</MCID 0>> BDC BT 0 Tr /F1 12 Tf 10 150 Td <0001> Tj ET EMC BT /F3 9 Tf <41> Tj ET /X1 Do /X2 Do',
    ),
  },
  { number: 7, body: '<</ca .5>>' },
  ...compositeFont(10, { glyphs: [10, 10], widths: '0 [500] 1 [600]', texts: { '0001': '0041' } }),
  {
    number: 15,
    body: '<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[7]/Encoding<</Differences[65/g]>>/CharProcs<</g 16 0 R>>>>',
  },
  { number: 16, body: streamBody('7 0 d0 0 0 5 5 re f') },
  { number: 20, body: streamBody('1 0 0 rg 0 0 9 9 re f', FORM) },
  {
    number: 21,
    body: streamBody(
      '/G gs BT /F1 9 Tf <0001> Tj ET',
      `${FORM}/Group<</S/Transparency>>/Resources<</ExtGState<</G 7 0 R>>/Font<</F1 10 0 R>>>>`,
    ),
  },
]);

const plan = conformPlan(['pdf/a-1b'], { transparency: 'raster' });

const contentsOf = (document: PdfDocument): string[] =>
  [...document.pages()].map(({ dict }) =>
    pageStreams(document, dict)
      .map((stream) => Buffer.from(document.decodedBytes(stream)).toString('latin1'))
      .join('\n'),
  );

const dictOf = (object: PdfObject): PdfDict => {
  if (object instanceof PdfDict) return object;
  throw new Error('There is no dictionary');
};

describe('pages as pictures', () => {
  it('replaces only the page concerned, and says which', async () => {
    const { document, warnings, writer } = await conformed(print, plan);
    const [first, second] = contentsOf(document);
    expect(first).toBe('0 1 0 rg 0 0 50 50 re f /X1 Do');
    expect(second).toContain('/Artifact BMC\nq 200 0 0 200 0 0 cm /Picture Do Q\nEMC\n3 Tr\n');
    expect(writer).toBe('compact');
    expect(warnings).toMatchObject([{ code: 'PAGE_RASTERISED', page: 2 }]);
  });

  it('keeps text and its tags, and nothing that paints', async () => {
    const { document } = await conformed(print, plan);
    const second = contentsOf(document)[1] ?? '';
    const rest = second.slice(second.indexOf('3 Tr'));
    expect(rest.replaceAll('\n', ' ').trim()).toBe(
      '3 Tr q Q /P <</MCID 0>> BDC BT /F1 12 Tf 10 150 Td <0001> Tj ET EMC BT /F3 9 Tf <41> Tj ET /X1 Do /X2 Do',
    );
  });

  it('paints what the page looked like: red over blue, half and half', async () => {
    const { document } = await conformed(print, plan);
    const page = [...document.pages()][1];
    const picture = document.streamAt(
      document.dictAt(document.dictAt(page?.dict, 'Resources'), 'XObject'),
      'Picture',
    );
    if (picture === undefined) throw new Error('There is no picture');
    const space = document.arrayAt(picture.dict, 'ColorSpace') ?? [];
    const [width = 0, height = 0] = ['Width', 'Height'].map((key) => document.numberAt(picture.dict, key));
    expect([width, height]).toEqual([556, 556]);
    const pixels = inflateSync(document.rawBytes(picture));
    const palette = space[3] instanceof PdfString ? space[3].bytes : new Uint8Array();
    const index = (pixels[(height - 250) * width + 250] ?? 0) * 3;
    const [red = 0, green = 0, blue = 0] = palette.subarray(index, index + 3);
    expect(Math.abs(red - 128)).toBeLessThan(3);
    expect(green).toBe(0);
    expect(Math.abs(blue - 128)).toBeLessThan(3);
  });

  it('leaves a form that opaque pages paint too as it is, and empties the others', async () => {
    const { document } = await conformed(print, plan);
    const forms = [...document.pages()].map(({ dict }) =>
      document.dictAt(document.dictAt(dict, 'Resources'), 'XObject'),
    );
    const content = (page: number, key: string): string => {
      const stream = document.streamAt(forms[page], key);
      return stream === undefined ? '' : Buffer.from(document.decodedBytes(stream)).toString('latin1');
    };
    expect(content(0, 'X1')).toBe('1 0 0 rg 0 0 9 9 re f');
    expect(content(1, 'X1')).toBe('');
    expect(content(1, 'X2').replaceAll('\n', ' ')).toBe('BT /F1 9 Tf <0001> Tj ET ');
    expect(document.streamAt(forms[1], 'X2')?.dict.has('Group')).toBe(false);
  });

  it('empties the glyphs of Type 3 fonts, which mode 3 does not hide, and keeps their widths', async () => {
    const { document } = await conformed(print, plan);
    const page = [...document.pages()][1];
    const font = dictOf(
      document.resolve(document.dictAt(document.dictAt(page?.dict, 'Resources'), 'Font')?.get('F3')),
    );
    const glyph = document.streamAt(document.dictAt(font, 'CharProcs'), 'g');
    expect(glyph && Buffer.from(document.decodedBytes(glyph)).toString()).toBe('7 0 d0\n');
  });

  it('carries nothing transparent along', async () => {
    const { bytes } = await conformed(print, plan);
    expect(bytes.includes('Transparency')).toBe(false);
    expect(bytes.includes('/ca ')).toBe(false);
  });

  it('leaves an opaque document alone', async () => {
    const opaque = Buffer.from(
      print.toString('latin1').replace('/ca .5', '/ca 1.').replaceAll('/S/Transparency', '/S/Transparenc_'),
      'latin1',
    );
    const { warnings, writer } = await conformed(opaque, plan);
    expect({ warnings, writer }).toEqual({ warnings: [], writer: 'append' });
  });
});
