import { describe, expect, it } from 'vitest';
import type { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { PdfString } from '../../../../core/pdf/revision/objects.ts';
import { serialize } from '../../../../core/pdf/revision/serialize.ts';
import { textOf } from '../../../../core/pdf/revision/text-string.ts';
import { conformed, conformPlan } from '../../../support/conformed.ts';
import { buildPdf, onePage } from '../../../support/pdf-builder.ts';

const print = buildPdf(
  [
    ...onePage(),
    { number: 5, body: '<</Title(file.html)/Creator(Mozilla)/Producer(Skia)/CreationDate(D:1999)>>' },
  ],
  { trailer: '/Root 1 0 R/Info 5 0 R' },
);

const metadata = {
  title: 'Tom & "Jerry" <1>\n\u0001é',
  author: 'Ada; Bob',
  subject: '\ud800 half',
  keywords: ['a', ' b '],
  language: 'de-AT',
  documentId: 'my-doc-123',
};

const xmpOf = (document: PdfDocument): string => {
  const stream = document.streamAt(document.root, 'Metadata');
  return stream === undefined ? '' : Buffer.from(document.rawBytes(stream)).toString('utf8');
};

const infoText = (document: PdfDocument, key: string): string | undefined => {
  const value = document.resolve(document.dictAt(document.trailer, 'Info')?.get(key));
  return value instanceof PdfString ? textOf(value) : undefined;
};

describe('metadata', () => {
  it('says the same in XMP and Info, whatever characters it has', async () => {
    const { document } = await conformed(print, conformPlan(['pdf/a-1b'], { metadata }));
    const xmp = xmpOf(document);
    expect(infoText(document, 'Title')).toBe('Tom & "Jerry" <1> é');
    expect(xmp).toContain('<rdf:li xml:lang="x-default">Tom &amp; "Jerry" &lt;1&gt; é</rdf:li>');
    expect(infoText(document, 'Author')).toBe('Ada; Bob');
    expect(xmp).toContain('<dc:creator><rdf:Seq><rdf:li>Ada; Bob</rdf:li></rdf:Seq></dc:creator>');
    expect(infoText(document, 'Subject')).toBe('\ufffd half');
    expect(infoText(document, 'Keywords')).toBe('a, b');
    expect(xmp).toContain('<pdf:Keywords>a, b</pdf:Keywords>');
    expect(infoText(document, 'CreationDate')).toBe("D:20260506070809+00'00'");
    expect(xmp).toContain('<xmp:CreateDate>2026-05-06T07:08:09+00:00</xmp:CreateDate>');
    expect(infoText(document, 'Producer')).toBe('Skia');
    expect(serialize(document.root.get('Lang') ?? null)).toBe('(de-AT)');
  });

  it('does not keep what Chromium makes up: a title from the address, its name, the language of its windows', async () => {
    const nothing = { ...metadata, title: undefined, language: undefined };
    const { document } = await conformed(print, conformPlan(['pdf/a-2b'], { metadata: nothing }));
    expect(infoText(document, 'Title')).toBeUndefined();
    expect(infoText(document, 'Creator')).toBe('Influxion');
    expect(document.root.has('Lang')).toBe(false);
  });

  it('claims exactly the levels asked for', async () => {
    const claims = async (...names: string[]) =>
      [
        ...xmpOf((await conformed(print, conformPlan(names))).document).matchAll(/<(pdf\w*id:\w+)>(\w+)</g),
      ].map(([, key, value]) => `${key}=${value}`);
    expect(await claims()).toEqual([]);
    expect(await claims('pdf/a-2b')).toEqual(['pdfaid:part=2', 'pdfaid:conformance=B']);
    expect(await claims('pdf/a-4')).toEqual(['pdfaid:part=4', 'pdfaid:rev=2020']);
  });

  it('has no Info in PDF/A-4, and says 2.0 in the header', async () => {
    const { document, bytes } = await conformed(print, conformPlan(['pdf/a-4']));
    expect(document.trailer.has('Info')).toBe(false);
    expect(document.get(5)).toBeNull();
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-2.0');
  });

  it('keeps the ID of a document and changes that of each saving', async () => {
    const ids = async () => {
      const { document } = await conformed(print, conformPlan(['pdf/a-2b'], { metadata }));
      return document.arrayAt(document.trailer, 'ID')?.map(serialize) ?? [];
    };
    const [first, second] = [await ids(), await ids()];
    expect(first[0]).toBe(second[0]);
    expect(first[1]).not.toBe(second[1]);
  });

  it.each(['pdf/a-1b', 'pdf/a-2b', 'pdf/a-4', ''])(
    'makes the same bytes again when it is reproducible (%s), also of a print of another time',
    async (level) => {
      const bytes = async (year: number) => {
        const printed = Buffer.from(print.toString('latin1').replace('D:1999', `D:${year}`), 'latin1');
        const now = new Date(Date.UTC(year));
        return (await conformed(printed, conformPlan([level], { metadata, seed: 'x', now }))).bytes;
      };
      const first = await bytes(2026);
      expect(first.equals(await bytes(2027))).toBe(true);
      expect(first.includes('D:2026')).toBe(false);
      expect(level !== '' || first.toString('latin1', 0, 8) === '%PDF-1.7').toBe(true);
    },
  );
});
