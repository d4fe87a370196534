/** Merging, over files of which a test knows every object; real documents at all standards are merged in test/conformance. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { MergeTask, MergedPdf } from '../../../../core/pdf/assembly/merge-task.ts';
import { mergePdfs } from '../../../../core/pdf/assembly/merge.ts';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { PdfDict, PdfRef, PdfString, type PdfObject } from '../../../../core/pdf/revision/objects.ts';
import { serialize } from '../../../../core/pdf/revision/serialize.ts';
import { textOf } from '../../../../core/pdf/revision/text-string.ts';
import { nameTreeEntries, numberTreeEntries } from '../../../../core/pdf/revision/tree-entries.ts';
import { createPdfWorkers } from '../../../../core/pdf/worker/pdf-workers.ts';
import { conformed, conformPlan } from '../../../support/conformed.ts';
import { silentLogger } from '../../../support/engine-folders.ts';
import { buildPdf, onePage, streamBody, type BuiltObject } from '../../../support/pdf-builder.ts';
import { readPdfPages } from '../../../support/pdf-text.ts';
import { issue } from '../../../support/signing-authority.ts';
import { plainPdf, signerOf, signWith } from '../../../support/signing-world.ts';
import { taggedPage, treeOf } from '../../../support/tagged-page.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'influxion-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
const target = (): string => path.join(folder, `merged-${(made += 1)}.pdf`);

function file(name: string, pdf: Uint8Array): { path: string; title: undefined } {
  const where = path.join(folder, `${(made += 1)}-${name}`);
  writeFileSync(where, pdf);
  return { path: where, title: undefined };
}

const taskOf = (inputs: MergeTask['inputs'], more: Partial<MergeTask> = {}): MergeTask => ({
  inputs,
  target: target(),
  standards: undefined,
  metadata: {
    title: 'All',
    author: undefined,
    subject: undefined,
    keywords: [],
    language: undefined,
    documentId: undefined,
  },
  stamp: undefined,
  fontsFolder: path.resolve('assets', 'fonts'),
  now: Date.UTC(2026, 4, 6),
  seed: 'test',
  ...more,
});

interface Merged extends MergedPdf {
  readonly document: PdfDocument;
  readonly bytes: Buffer;
}

async function merge(inputs: MergeTask['inputs'], more: Partial<MergeTask> = {}): Promise<Merged> {
  const task = taskOf(inputs, more);
  const result = await mergePdfs(task, () => undefined);
  const bytes = readFileSync(task.target);
  return { ...result, bytes, document: PdfDocument.open(memorySource(bytes)) };
}

/** Titles of an outline as nested lists. */
type Titles = readonly (string | Titles)[];
function titles(document: PdfDocument, holder = document.dictAt(document.root, 'Outlines')): Titles {
  const found: (string | Titles)[] = [];
  for (
    let item = document.dictAt(holder, 'First');
    item !== undefined;
    item = document.dictAt(item, 'Next')
  ) {
    const title = document.resolve(item.get('Title'));
    found.push(title instanceof PdfString ? textOf(title) : '?');
    if (item.has('First')) found.push(titles(document, item));
  }
  return found;
}

const pageNumbers = (document: PdfDocument): number[] => [...document.pages()].map(({ ref }) => ref.number);

/** The index of the page that an explicit destination leads to. */
const pageOf = (document: PdfDocument, place: PdfObject | undefined): number => {
  const array = document.resolve(place);
  const [page] = Array.isArray(array) ? array : [];
  return page instanceof PdfRef ? pageNumbers(document).indexOf(page.number) : -1;
};

/** Two pages, the first with a link to `#there` on the second, and an outline. */
function linked(text: string): Buffer {
  return buildPdf(
    [
      { number: 1, body: '<</Type/Catalog/Pages 2 0 R/Dests 9 0 R/Outlines 7 0 R>>' },
      { number: 2, body: '<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2/MediaBox[0 0 595 842]>>' },
      {
        number: 3,
        body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 10 0 R>>>>/Annots[6 0 R]>>',
      },
      { number: 4, body: streamBody(`BT /F1 9 Tf 50 700 Td (${text}) Tj ET`) },
      {
        number: 5,
        body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 10 0 R>>>>/Rotate 90>>',
      },
      { number: 6, body: '<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/P 3 0 R/Dest/there>>' },
      { number: 7, body: '<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>' },
      { number: 8, body: `<</Title(Chapter of ${text})/Parent 7 0 R/Dest[5 0 R/XYZ 0 842 0]>>` },
      { number: 9, body: '<</there[5 0 R/XYZ 0 500 0]>>' },
      { number: 10, body: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>' },
      { number: 11, body: `<</Title(Document ${text})>>` },
    ],
    { trailer: '/Root 1 0 R/Info 11 0 R' },
  );
}

describe('merging', () => {
  it('gives each document a bookmark over its own outline, which leads to its own pages', async () => {
    const { document, pages } = await merge([
      file('a.pdf', linked('A')),
      { ...file('b.pdf', linked('B')), title: 'Named' },
    ]);
    expect(pages).toBe(4);
    expect(titles(document)).toEqual(['Document A', ['Chapter of A'], 'Named', ['Chapter of B']]);
    const second = document.dictAt(
      document.dictAt(document.dictAt(document.root, 'Outlines'), 'First'),
      'Next',
    );
    expect(pageOf(document, second?.get('Dest'))).toBe(2);
    expect(pageOf(document, document.dictAt(second, 'First')?.get('Dest'))).toBe(3);
    expect(document.numberAt(second, 'Count')).toBe(-1);
  });

  it('keeps links within their own document when both have a destination of that name', async () => {
    const { document } = await merge([file('a.pdf', linked('A')), file('b.pdf', linked('B'))]);
    const places = new Map(
      [...nameTreeEntries(document, document.dictAt(document.dictAt(document.root, 'Names'), 'Dests'))].map(
        ([name, place]) => [textOf(name), pageOf(document, place)],
      ),
    );
    expect(places).toEqual(
      new Map([
        ['there', 1],
        ['there-2', 3],
      ]),
    );
    const names = [...document.pages()].flatMap(({ dict }) =>
      (document.arrayAt(dict, 'Annots') ?? []).map((each) => {
        const dest = (document.resolve(each) as PdfDict).get('Dest');
        return dest instanceof PdfString ? textOf(dest) : dest;
      }),
    );
    expect(names).toEqual(['there', 'there-2']);
  });

  it('keeps what pages inherit, and writes equal fonts and content once', async () => {
    const { document, bytes } = await merge([file('a.pdf', linked('same')), file('b.pdf', linked('same'))]);
    expect((await readPdfPages(bytes)).sizes).toEqual([
      [595, 842],
      [595, 842],
      [595, 842],
      [595, 842],
    ]);
    expect([...document.pages()].map(({ dict }) => document.numberAt(dict, 'Rotate'))).toEqual([
      undefined,
      90,
      undefined,
      90,
    ]);
    const contents = [...document.pages()].map(({ dict }) => serialize(dict.get('Contents') ?? null));
    expect(new Set(contents).size).toBe(1);
    const fonts = [...document.reader.objectNumbers()].filter((number) => {
      const object = document.get(number);
      return object instanceof PdfDict && object.nameAt('Type') === 'Font';
    });
    expect(fonts).toHaveLength(1);
  });

  it('makes a balanced tree of many pages, in order', async () => {
    const one = file('one.pdf', buildPdf(onePage()));
    const { document, pages } = await merge(Array.from({ length: 70 }, () => one));
    expect(pages).toBe(70);
    expect(pageNumbers(document)).toHaveLength(70);
    expect(document.numberAt(document.dictAt(document.root, 'Pages'), 'Count')).toBe(70);
    expect(titles(document)).toHaveLength(70);
  });

  it('sets numbers on the pages as an artifact, turned as the page is', async () => {
    const stamp = { text: 'Seite {page} von {pages}', place: 'bottom-right', size: 9, margin: 20 } as const;
    const { document, bytes } = await merge([file('a.pdf', linked('A'))], { stamp });
    const { texts } = await readPdfPages(bytes);
    expect(texts.map((text) => /Seite.*/.exec(text)?.[0].trim())).toEqual(['Seite 1 von 2', 'Seite 2 von 2']);
    const [, second] = document.pages();
    const streams = document.arrayAt(second?.dict, 'Contents') ?? [];
    const last = document.resolve(streams.at(-1));
    if (last === null || typeof last !== 'object' || !('data' in last)) throw new Error('no content');
    expect(Buffer.from(document.decodedBytes(last)).toString()).toMatch(
      /^Q\n\/Artifact <<\/Type \/Pagination>> BDC q 0 g BT .* 0 1 -1 0 /,
    );
  });

  it('refuses a stamp of characters that its font lacks', async () => {
    const stamp = { text: '頁 {page}', place: 'top-left', size: 9, margin: 20 } as const;
    await expect(merge([file('a.pdf', linked('A'))], { stamp })).rejects.toThrow(/頁/);
  });
});

const withTable = (lang: string): Buffer => {
  const bytes = taggedPage(
    ['Document', ['H1', 'Head'], ['Custom', { ID: '(cell)' }, 'Text']],
    [{ number: 90, body: '<</Custom/P>>' }],
  ).toString('latin1');
  // Of the same length, so that the offsets hold.
  return Buffer.from(bytes.replace('/Lang(en)', `/Lang(${lang})`), 'latin1');
};

describe('structure', () => {
  it('is one tree, whose parent tree leads from every page to its own elements', async () => {
    const { document } = await merge([file('a.pdf', withTable('en')), file('b.pdf', withTable('de'))]);
    expect(treeOf(document)).toEqual([
      'Document',
      ['Document', ['H1', 0], ['Custom', 1]],
      ['Document', ['H1', 0], ['Custom', 1]],
    ]);
    const root = document.dictAt(document.root, 'StructTreeRoot');
    const parents = new Map(numberTreeEntries(document, root?.get('ParentTree')));
    for (const { ref, dict } of document.pages()) {
      const owners = document.resolve(parents.get(document.numberAt(dict, 'StructParents') ?? -1));
      const types = (owners as PdfObject[]).map((owner) => {
        const element = document.resolve(owner) as PdfDict;
        expect(element.get('Pg')).toEqual(ref);
        return element.nameAt('S');
      });
      expect(types).toEqual(['H1', 'Custom']);
    }
  });

  it('keeps the language of a document that has another one than the whole', async () => {
    const { document } = await merge([file('a.pdf', withTable('en')), file('b.pdf', withTable('de'))]);
    const top = document.dictAt(document.dictAt(document.root, 'StructTreeRoot'), 'K');
    const languages = (document.arrayAt(top, 'K') ?? []).map((each) =>
      (document.resolve(each) as PdfDict).get('Lang'),
    );
    expect(languages.map((each) => (each instanceof PdfString ? textOf(each) : each))).toEqual([
      undefined,
      'de',
    ]);
    expect(serialize(document.root.get('Lang') ?? null)).toBe('(en)');
  });

  it('makes IDs of elements unique', async () => {
    const { document } = await merge([file('a.pdf', withTable('en')), file('b.pdf', withTable('en'))]);
    const ids = [...document.reader.objectNumbers()].flatMap((number) => {
      const object = document.get(number);
      return object instanceof PdfDict && object.nameAt('S') === 'Custom'
        ? [serialize(object.get('ID') ?? null)]
        : [];
    });
    expect(new Set(ids).size).toBe(2);
  });

  it('is left out, with the keys of its pages, when a document has none', async () => {
    const { document } = await merge([file('a.pdf', withTable('en')), file('b.pdf', linked('B'))]);
    expect(document.root.has('StructTreeRoot')).toBe(false);
    expect([...document.pages()].some(({ dict }) => dict.has('StructParents'))).toBe(false);
  });
});

describe('standards and what a document carries', () => {
  const attached = (text: string) => ({
    filename: 'notes.txt',
    mimeType: 'text/plain',
    bytes: Buffer.from(text),
    relationship: 'Data' as const,
    description: undefined,
    profile: undefined,
  });

  it('claims what all documents claim, and says so when that is less', async () => {
    const a = await conformed(buildPdf(onePage()), conformPlan(['pdf/a-3u']));
    const b = await conformed(buildPdf(onePage()), conformPlan(['pdf/a-3b']));
    const same = await merge([file('a.pdf', a.bytes), file('a.pdf', a.bytes)]);
    expect(same).toMatchObject({ standards: ['pdf/a-3u'], warnings: [] });
    expect(same.document.arrayAt(same.document.root, 'OutputIntents')).toHaveLength(1);
    const mixed = await merge([file('a.pdf', a.bytes), file('b.pdf', b.bytes)]);
    expect(mixed).toMatchObject({ standards: ['pdf/a-3b'], warnings: [{ code: 'STANDARD_NOT_KEPT' }] });
    const none = await merge([file('a.pdf', a.bytes), file('c.pdf', plainPdf())]);
    expect(none).toMatchObject({ standards: [], warnings: [{ code: 'STANDARD_NOT_KEPT' }] });
  });

  it('hands out no file that does not meet the standard that is asked for', async () => {
    await expect(merge([file('a.pdf', linked('A'))], { standards: ['pdf/a-2b'] })).rejects.toThrow(
      /pdf\/a-2b/,
    );
  });

  it('keeps attached files, those of the same name under one of their own', async () => {
    const make = async (text: string) =>
      (await conformed(buildPdf(onePage()), conformPlan(['pdf/a-3b'], { attachments: [attached(text)] })))
        .bytes;
    const [a, b] = [await make('a'), await make('b')];
    const { document } = await merge([file('a.pdf', a), file('b.pdf', b), file('a.pdf', a)]);
    const files = document.dictAt(document.dictAt(document.root, 'Names'), 'EmbeddedFiles');
    expect([...nameTreeEntries(document, files)].map(([name]) => textOf(name))).toEqual([
      'notes-2.txt',
      'notes.txt',
    ]);
    expect(document.arrayAt(document.root, 'AF')).toHaveLength(2);
  });

  it('leaves signatures out and says whose', async () => {
    const signed = await signWith(signerOf(issue({ name: 'Somebody' })));
    const { document, warnings } = await merge([file('signed.pdf', signed.bytes), file('b.pdf', plainPdf())]);
    expect(warnings).toMatchObject([{ code: 'SIGNATURE_REMOVED' }]);
    expect(warnings[0]?.message).toContain('signed.pdf');
    expect(document.root.has('AcroForm')).toBe(false);
    expect([...document.pages()].some(({ dict }) => dict.has('Annots'))).toBe(false);
  });
});

describe('what cannot be merged', () => {
  const catalog = (entries: string, more: readonly BuiltObject[] = []): Buffer =>
    buildPdf([
      { number: 1, body: `<</Type/Catalog/Pages 2 0 R${entries}>>` },
      ...onePage().slice(1),
      ...more,
    ]);

  it.each([
    [
      'encrypted',
      buildPdf(onePage(), { trailer: '/Root 1 0 R/Encrypt 9 0 R' }),
      'PDF_ENCRYPTED',
      /encrypted/,
    ],
    ['broken', Buffer.from('%PDF-1.7\nnothing'), 'PDF_DAMAGED', /startxref/],
    [
      'empty',
      buildPdf([
        { number: 1, body: '<</Type/Catalog/Pages 2 0 R>>' },
        { number: 2, body: '<</Type/Pages/Kids[]/Count 0>>' },
      ]),
      'PDF_NOT_MERGEABLE',
      /no pages/,
    ],
    [
      'form',
      catalog('/AcroForm<</Fields[5 0 R]>>', [{ number: 5, body: '<</FT/Tx/T(name)>>' }]),
      'PDF_NOT_MERGEABLE',
      /form fields/,
    ],
    ['layers', catalog('/OCProperties<</OCGs[]>>'), 'PDF_NOT_MERGEABLE', /layers/],
  ] as const)('is refused by name before anything is written: %s', async (name, pdf, code, message) => {
    const task = taskOf([file('good.pdf', plainPdf()), file(`${name}.pdf`, pdf)]);
    let error: unknown;
    try {
      await mergePdfs(task, () => undefined);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect((error as Error).message).toContain(`${name}.pdf`);
    expect(() => readFileSync(task.target)).toThrow(/ENOENT/);
  });

  it('is nothing at all', async () => {
    await expect(merge([])).rejects.toThrow(/no PDF/);
  });

  it('is a resource that refers to itself for ever, which ends all the same', async () => {
    const loop = buildPdf([
      ...onePage().slice(0, 2),
      { number: 3, body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 5 0 R>>' },
      { number: 4, body: streamBody('BT ET') },
      { number: 5, body: '<</XObject<</X 6 0 R>>/Self 5 0 R>>' },
      { number: 6, body: streamBody('', '/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources 5 0 R') },
    ]);
    const { document } = await merge([file('loop.pdf', loop), file('loop.pdf', loop)]);
    const [page] = document.pages();
    const form = document.streamAt(document.dictAt(document.dictAt(page?.dict, 'Resources'), 'XObject'), 'X');
    expect(form?.dict.has('Resources')).toBe(true);
  });
});

describe('in a worker', () => {
  it('tells its progress and can be stopped', async () => {
    const workers = createPdfWorkers({ workers: 1, logger: silentLogger });
    try {
      const one = file('one.pdf', plainPdf());
      const told: number[] = [];
      const task = taskOf([one, one, one]);
      const result = await workers.run<'merge'>(
        { kind: 'merge', task },
        { timeoutMs: 20_000, signal: new AbortController().signal, onProgress: (done) => told.push(done) },
      );
      expect(result.pages).toBe(3);
      expect(told).toEqual([1, 2, 3]);
      const many = taskOf(Array.from({ length: 20_000 }, () => one));
      const stop = new AbortController();
      const running = workers.run(
        { kind: 'merge', task: many },
        { timeoutMs: 60_000, signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
      );
      await expect(running).rejects.toThrow('enough');
    } finally {
      await workers.close();
    }
  });
});
