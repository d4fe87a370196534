import { describe, expect, it } from 'vitest';
import { appendRevision } from '../../../../core/pdf/revision/append.ts';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { name, PdfDict, PdfRef, PdfStream } from '../../../../core/pdf/revision/objects.ts';
import { serialize } from '../../../../core/pdf/revision/serialize.ts';
import { textString } from '../../../../core/pdf/revision/text-string.ts';
import { readPdfPages } from '../../../support/pdf-text.ts';
import { buildPdf, onePage, streamBody } from '../../../support/pdf-builder.ts';

const open = (pdf: Uint8Array) => PdfDocument.open(memorySource(pdf));
const collect = (chunks: Iterable<Uint8Array>) => Buffer.concat([...chunks]);

describe('serialize', () => {
  it('writes what PDF can read: no exponents, escaped names, strings of any bytes', () => {
    expect(serialize([1e-7, -0.000001, 1e21, 2.5, 3])).toBe('[0 0 1000000000000000000000 2.5 3]');
    expect(serialize(name('a b/c#'))).toBe('/a#20b#2fc#23');
    expect(serialize(textString('é'))).toBe('<FEFF00E9>');
    expect(serialize(textString('a(b'))).toBe('<612862>');
    expect(serialize(PdfDict.of({ A: new PdfRef(3), B: undefined }))).toBe('<</A 3 0 R>>');
  });
});

describe('appending', () => {
  it('leaves every byte of the file as it was and adds what changed', () => {
    const pdf = buildPdf(onePage());
    const document = open(pdf);
    document.editDict(document.rootRef).set('Lang', textString('de'));
    const out = collect(appendRevision(document));
    expect(out.subarray(0, pdf.length).equals(pdf)).toBe(true);
    expect(out.length - pdf.length).toBeLessThan(250);
    const again = open(out);
    expect(serialize(again.root.get('Lang') ?? null)).toBe('(de)');
    expect(again.reader.sections).toHaveLength(2);
  });

  it('patches the version in place and begins on a line of its own', () => {
    const pdf = buildPdf(onePage());
    const document = open(pdf.subarray(0, pdf.length - 1));
    document.version = '2.0';
    document.editDict(document.rootRef).set('A', 1);
    const out = collect(appendRevision(document));
    expect(out.toString('latin1', 0, 9)).toBe('%PDF-2.0\n');
    expect(open(out).root.get('A')).toBe(1);
  });

  it('frees what was deleted', () => {
    const document = open(buildPdf([...onePage(), { number: 5, body: '(gone)' }]));
    document.delete(new PdfRef(5));
    const again = open(collect(appendRevision(document)));
    expect(again.get(5)).toBeNull();
  });

  it('follows a cross-reference stream with one', () => {
    const packed = collect(compactCopy(open(buildPdf(onePage())), { objectStreams: true }));
    const document = open(packed);
    document.editDict(document.rootRef).set('A', 1);
    const again = open(collect(appendRevision(document)));
    expect(again.reader.sections.map(({ kind }) => kind)).toEqual(['stream', 'stream']);
    expect(again.root.get('A')).toBe(1);
    expect([...again.pages()]).toHaveLength(1);
  });
});

describe('the compact copy', () => {
  it.each([true, false])('keeps objects, drops replaced ones (object streams: %s)', async (objectStreams) => {
    const extra = [
      { number: 5, body: `(${'old '.repeat(200)})` },
      { number: 6, body: '(deleted)' },
      { number: 7, body: streamBody('endobj\nendstream\n0 obj', '/Kept true') },
    ];
    const document = open(buildPdf([...onePage(), ...extra]));
    document.set(new PdfRef(5), textString('new'));
    document.delete(new PdfRef(6));
    const added = document.add(PdfStream.of(new PdfDict(), Buffer.from('added')));
    const out = collect(compactCopy(document, { objectStreams }));
    expect(out.includes('old old')).toBe(false);
    const again = open(out);
    expect(again.reader.sections).toHaveLength(1);
    expect(serialize(again.get(5))).toBe('(new)');
    expect(again.get(6)).toBeNull();
    const read = (number: number) =>
      Buffer.from(again.decodedBytes(again.get(number) as PdfStream)).toString();
    expect(read(7)).toBe('endobj\nendstream\n0 obj');
    expect(read(added.number)).toBe('added');
    expect((await readPdfPages(out)).sizes).toEqual([[595, 842]]);
  });

  it('leaves the streams of an older packing behind', () => {
    const once = collect(compactCopy(open(buildPdf(onePage())), { objectStreams: true }));
    const twice = collect(compactCopy(open(once), { objectStreams: true }));
    expect(twice.toString('latin1').match(/\/ObjStm/g)).toHaveLength(1);
    expect([...open(twice).pages()]).toHaveLength(1);
  });

  it('writes what has to stand by itself outside of object streams', () => {
    const document = open(buildPdf(onePage()));
    const apart = document.add(PdfDict.of({ Type: name('Sig') }));
    const out = collect(compactCopy(document, { objectStreams: true, apart: new Set([apart.number]) }));
    expect(out.includes('/Type /Sig')).toBe(true);
  });

  it('lets the index of an object stream point at the objects, not at the space before them', () => {
    const packed = open(collect(compactCopy(open(buildPdf(onePage())), { objectStreams: true })));
    const streams = [...packed.reader.objectNumbers()]
      .map((number) => packed.get(number))
      .filter((object) => object instanceof PdfStream && object.dict.nameAt('Type') === 'ObjStm');
    expect(streams).toHaveLength(1);
    for (const stream of streams as PdfStream[]) {
      const text = Buffer.from(packed.decodedBytes(stream)).toString('latin1');
      const first = packed.numberAt(stream.dict, 'First') ?? 0;
      const index = text.slice(0, first).trim().split(' ').map(Number);
      const starts = index.filter((_, position) => position % 2 === 1).map((at) => text.charAt(first + at));
      expect(starts.filter((start) => start.trim() === '')).toEqual([]);
    }
  });

  it('gives the same bytes for the same document', () => {
    const make = () => collect(compactCopy(open(buildPdf(onePage())), { objectStreams: true }));
    expect(make().equals(make())).toBe(true);
  });
});

describe('pages', () => {
  it('inherits attributes and refuses a tree that runs in a circle', () => {
    const [page] = open(buildPdf(onePage())).pages();
    expect(page?.inherited('MediaBox')).toEqual([0, 0, 595, 842]);
    const [catalog] = onePage();
    const circle = buildPdf([
      ...(catalog ? [catalog] : []),
      { number: 2, body: '<</Type/Pages/Kids[2 0 R]/Count 1>>' },
    ]);
    expect(() => [...open(circle).pages()]).toThrow(/page tree/);
  });
});
