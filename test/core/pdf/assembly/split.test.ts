/** Cutting a print, over files of which a test knows every object; real prints are cut in test/core/document/gang.test.ts. */
import { describe, expect, it } from 'vitest';
import { comparePdfs } from '../../../../core/pdf/assembly/compare/compare.ts';
import { splitPdf } from '../../../../core/pdf/assembly/split/split.ts';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { buildPdf, streamBody, type BuiltObject } from '../../../support/pdf-builder.ts';
import { readPdfPages } from '../../../support/pdf-text.ts';
import { treeOf } from '../../../support/tagged-page.ts';

/** ToUnicode of a font whose codes are Latin-1. */
const MAP = Array.from({ length: 96 }, (_, index) => {
  const hex = (index + 32).toString(16).padStart(2, '0');
  return `<${hex}> <00${hex}>`;
}).join('\n');

const hex = (text: string): string => Buffer.from(text).toString('hex');

interface Changes {
  readonly places?: string;
  readonly annotation?: string;
  readonly body?: string;
}

/** Two documents of one page each, with tags and a link. */
function print({ places, annotation, body }: Changes = {}): Buffer {
  const page = (number: number, key: number): BuiltObject => ({
    number,
    body: `<</Type /Page\n/Resources <</Font <</F5 12 0 R>>>>\n/MediaBox [0 0 595 842]\n/Contents ${number + 1} 0 R\n/Annots [${number + 20} 0 R]\n/StructParents ${key}\n/Parent 2 0 R>>`,
  });
  const content = (number: number, text: string): BuiltObject => ({
    number,
    body: streamBody(`/P <</MCID 0>>BDC\nBT\n/F5 9 Tf\n1 0 0 1 50 700 Tm\n<${hex(text)}> Tj\nET\nEMC`),
  });
  const link = (number: number, key: number, url: string): BuiltObject => ({
    number,
    body:
      annotation ??
      `<</Type /Annot\n/Subtype /Link\n/Rect [0 0 9 9]\n/A <</S /URI\n/URI (${url})>>\n/StructParent ${key}>>`,
  });
  const tagged = (number: number, root: number, pageNumber: number): BuiltObject[] => [
    {
      number,
      body: `<</Type /StructElem\n/S /NonStruct\n/P ${root} 0 R\n/K [${number + 1} 0 R]${body ?? ''}>>`,
    },
    {
      number: number + 1,
      body: `<</Type /StructElem\n/S /P\n/P ${number} 0 R\n/Pg ${pageNumber} 0 R\n/ID (node${number})\n/K 0>>`,
    },
  ];
  return buildPdf(
    [
      {
        number: 1,
        body: '<</Type /Catalog\n/Pages 2 0 R\n/Dests 9 0 R\n/StructTreeRoot 30 0 R\n/Lang (en)>>',
      },
      { number: 2, body: '<</Type /Pages\n/Count 2\n/Kids [3 0 R 5 0 R]>>' },
      page(3, 0),
      content(4, 'Alice (3 0 R)'),
      page(5, 2),
      content(6, 'Bob'),
      { number: 9, body: places ?? '<</one [3 0 R /XYZ 0 842 0]\n/two [5 0 R /XYZ 0 842 0]>>' },
      { number: 12, body: '<</Type /Font\n/Subtype /Type1\n/BaseFont /Helvetica\n/ToUnicode 13 0 R>>' },
      { number: 13, body: streamBody(`96 beginbfchar\n${MAP}\nendbfchar`) },
      { number: 14, body: '<</Title (Both)\n/Producer (Test)>>' },
      link(23, 1, 'https://alice.example/5 0 R'),
      link(25, 3, 'https://bob.example/'),
      {
        number: 30,
        body: '<</Type /StructTreeRoot\n/K 31 0 R\n/ParentTreeNextKey 4\n/ParentTree <</Nums [0 [33 0 R] 2 [35 0 R]]>>\n/IDTree <</Names [(node32) 33 0 R (node34) 35 0 R]>>>>',
      },
      { number: 31, body: '<</Type /StructElem\n/S /Document\n/Lang (en)\n/P 30 0 R\n/K [32 0 R 34 0 R]>>' },
      ...tagged(32, 31, 3),
      ...tagged(34, 31, 5),
    ],
    { trailer: '/Root 1 0 R/Info 14 0 R' },
  );
}

const documents = [
  { name: 'one', title: 'First', text: 'Alice (3 0 R)' },
  { name: 'two', title: 'Zweites – ü', text: 'Bob' },
];

const open = (pdf: Uint8Array): PdfDocument => PdfDocument.open(memorySource(pdf));

describe('cutting', () => {
  it('gives each document its own page, text, link, tags and title', async () => {
    const cuts = splitPdf({ pdf: print(), documents });
    const pages = await Promise.all((cuts ?? []).map(({ pdf }) => readPdfPages(pdf)));
    expect(pages.map(({ texts, title }) => [texts, title])).toEqual([
      [['Alice (3 0 R)'], 'First'],
      [['Bob'], 'Zweites – ü'],
    ]);
    for (const [index, { pdf }] of (cuts ?? []).entries()) {
      const text = Buffer.from(pdf).toString('latin1');
      expect(text.includes('alice.example/5 0 R')).toBe(index === 0);
      expect(text.includes('bob.example')).toBe(index === 1);
      expect(treeOf(pdf)).toEqual(['Document', ['P', 0]]);
      expect(open(pdf).root.has('Dests')).toBe(false);
    }
  });

  it('tells by the characters whether a page shows what is not its own, or lacks something', () => {
    const cuts = splitPdf({ pdf: print(), documents });
    expect(cuts?.map(({ difference }) => difference)).toEqual(['0 ', '0 ']);
    const wrong = splitPdf({
      pdf: print(),
      documents: documents.map((each) => ({ ...each, text: 'Bobby' })),
    });
    expect(wrong?.[1]?.difference).toBe('0 b-1 y-1');
  });

  it.each([
    ['a document without a place', { places: '<</one [3 0 R /XYZ 0 842 0]>>' }],
    ['documents in another order', { places: '<</one [5 0 R /XYZ 0 0 0]\n/two [3 0 R /XYZ 0 0 0]>>' }],
    ['pages before the first document', { places: '<</one [5 0 R /XYZ 0 0 0]\n/two [5 0 R /XYZ 0 0 0]>>' }],
    ['a body that something is said about', { body: '\n/Lang (de)' }],
    [
      'a link to the page of another',
      {
        annotation: '<</Type /Annot\n/Subtype /Link\n/Rect [0 0 9 9]\n/Dest [5 0 R /Fit]\n/StructParent 1>>',
      },
    ],
  ] as const)('is refused for %s', (_, changes) => {
    expect(splitPdf({ pdf: print(changes), documents })).toBeUndefined();
  });

  it('is refused for a file that is no print, in words', () => {
    expect(() => splitPdf({ pdf: Buffer.from('nothing'), documents })).toThrow(/not a PDF/);
    const packed = Buffer.concat([...compactCopy(open(print()), { objectStreams: true })]);
    expect(() => splitPdf({ pdf: packed, documents })).toThrow(/no plain print/);
  });
});

describe('comparing', () => {
  const cuts = splitPdf({ pdf: print(), documents }) ?? [];
  const [one = new Uint8Array(), two = new Uint8Array()] = cuts.map(({ pdf }) => pdf);

  it('finds nothing between equal files', () => {
    expect(comparePdfs({ alone: one, cut: one })).toBeUndefined();
  });

  it.each([
    ['text', (text: string) => text.replace(hex('Alice'), hex('Alicf')), /text/],
    ['place', (text: string) => text.replace('50 700 Tm', '50 701 Tm'), /at .* 50 701|701/],
    [
      'a hair of a place',
      (text: string) => text.replace('50 700 Tm', '50 7e0 Tm').replace('7e0', '700'),
      undefined,
    ],
    ['link', (text: string) => text.replace('alice.example', 'alicf.example'), /links/],
    ['tag', (text: string) => text.replace('/S /P\n', '/S /H\n'), /tags/],
    ['title', (text: string) => text.replace('(First)', '(Firsu)'), /facts/],
    ['page', (text: string) => text.replace('[0 0 595 842]', '[0 0 595 843]'), /MediaBox/],
  ] as const)('tells another %s', (_, change, expected) => {
    const changed = Buffer.from(change(Buffer.from(one).toString('latin1')), 'latin1');
    const difference = comparePdfs({ alone: one, cut: changed });
    if (expected === undefined) expect(difference).toBeUndefined();
    else expect(difference).toMatch(expected);
  });

  it('tells one document from another', () => {
    expect(comparePdfs({ alone: one, cut: two })).toMatch(/page 1: its text/);
  });
});
