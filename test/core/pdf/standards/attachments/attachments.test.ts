import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { attachmentProblem } from '../../../../../core/pdf/standards/attachments/attachment-rules.ts';
import { readFacturX } from '../../../../../core/pdf/standards/attachments/factur-x.ts';
import { standardsFrom } from '../../../../../core/pdf/standards/model.ts';
import type { AttachedFile } from '../../../../../core/pdf/standards/plan.ts';
import { PdfDict, PdfString } from '../../../../../core/pdf/revision/objects.ts';
import { serialize } from '../../../../../core/pdf/revision/serialize.ts';
import { textOf } from '../../../../../core/pdf/revision/text-string.ts';
import type { PdfStandard } from '../../../../../contract/standard.ts';
import { baseFile } from '../../../../conformance/spoil/bases.ts';
import { conformed, conformPlan } from '../../../../support/conformed.ts';
import { buildPdf, onePage } from '../../../../support/pdf-builder.ts';

const INVOICE = readFileSync(new URL('../../../../fixtures/factur-x/factur-x.xml', import.meta.url));
const GUIDELINE = 'urn:cen.eu:en16931:2017';

const file = (filename: string, changes: Partial<AttachedFile> = {}): AttachedFile => ({
  filename,
  mimeType: undefined,
  bytes: Buffer.from('data '.repeat(50)),
  relationship: undefined,
  description: undefined,
  profile: undefined,
  ...changes,
});

const invoice = (changes: Partial<AttachedFile> = {}): AttachedFile =>
  file('factur-x.xml', { bytes: INVOICE, profile: 'factur-x', ...changes });

const withGuideline = (id: string): Buffer =>
  Buffer.from(INVOICE.toString('utf8').replace(`>${GUIDELINE}<`, `>${id}<`));

const problem = (standard: PdfStandard | undefined, ...files: AttachedFile[]): string | undefined =>
  attachmentProblem(standardsFrom(standard === undefined ? [] : [standard]), files);

const print = buildPdf(onePage());

describe('which files a level takes', () => {
  it.each<[PdfStandard | undefined, string | undefined]>([
    [undefined, undefined],
    ['pdf/a-1b', '6.1.11-1'],
    ['pdf/a-2b', '6.8-5'],
    ['pdf/a-3b', undefined],
    ['pdf/a-4', '6.9-3'],
    ['pdf/a-4e', undefined],
    ['pdf/a-4f', undefined],
    ['pdf/ua-1', undefined],
  ])('%s and a text file: %s', (standard, rule) => {
    if (rule === undefined) expect(problem(standard, file('a.txt'))).toBeUndefined();
    else expect(problem(standard, file('a.txt'))).toContain(`(rule ${rule})`);
  });

  it('takes PDF/A files where only those are allowed, by what they say of themselves', async () => {
    const of = async (level: string) =>
      file('a.pdf', { bytes: (await conformed(print, conformPlan([level]))).bytes });
    expect(problem('pdf/a-2b', await of('pdf/a-2b'))).toBeUndefined();
    expect(problem('pdf/a-2b', await of('pdf/a-3b'))).toContain('PDF/A-1 or PDF/A-2');
    expect(problem('pdf/a-4', await of('pdf/a-4'))).toBeUndefined();
    expect(problem('pdf/a-4', file('a.pdf', { bytes: print }))).toContain('6.9-3');
    expect(problem('pdf/a-2b', file('a.pdf', { bytes: Buffer.from('%PDF-1.4 broken') }))).toContain('6.8-5');
  });

  it('proves in the pipeline that a file is the PDF/A that it says it is', async () => {
    const archive = Buffer.from(baseFile(['pdf/a-2b']));
    const liar = Buffer.from(
      archive.toString('latin1').replace('/FontFile2 10 0 R', '/FontNone2 10 0 R'),
      'latin1',
    );
    expect(problem('pdf/a-2b', file('liar.pdf', { bytes: liar }))).toBeUndefined();
    const plan = (bytes: Uint8Array) =>
      conformPlan(['pdf/a-2b'], { attachments: [file('liar.pdf', { bytes, mimeType: 'application/pdf' })] });
    await expect(conformed(print, plan(archive))).resolves.toBeDefined();
    await expect(conformed(print, plan(liar))).rejects.toMatchObject({ code: 'ATTACHMENT_INVALID' });
  });

  it('wants at least one for 4f, and none that fill the memory', () => {
    expect(problem('pdf/a-4f')).toContain('6.9-5');
    expect(problem('pdf/a-3b', file('a.bin', { bytes: new Uint8Array(101 * 1024 * 1024) }))).toContain(
      '100 MB',
    );
  });

  it('fails a document that was not refused before', async () => {
    const plan = conformPlan(['pdf/a-1b'], { attachments: [file('a.txt')] });
    await expect(conformed(print, plan)).rejects.toMatchObject({ code: 'ATTACHMENT_INVALID' });
  });
});

describe('attached files', () => {
  it('are found by name, with kind, size and relationship, in the order of their names', async () => {
    const files = [file('züge.csv', { relationship: 'Data', description: 'Trains' }), file('b.txt')];
    const { document } = await conformed(print, conformPlan(['pdf/a-3b'], { attachments: files }));
    const names = document.arrayAt(
      document.dictAt(document.dictAt(document.root, 'Names'), 'EmbeddedFiles'),
      'Names',
    );
    expect(names?.flatMap((name) => (name instanceof PdfString ? [textOf(name)] : []))).toEqual([
      'b.txt',
      'züge.csv',
    ]);
    const spec = document.resolve(names?.[3]);
    if (!(spec instanceof PdfDict)) throw new Error('There is no file specification');
    expect(document.nameAt(spec, 'AFRelationship')).toBe('Data');
    expect(document.arrayAt(document.root, 'AF')).toHaveLength(2);
    const stream = document.streamAt(document.dictAt(spec, 'EF'), 'F');
    if (stream === undefined) throw new Error('There is no embedded file');
    expect(document.nameAt(stream.dict, 'Subtype')).toBe('text/csv');
    expect(document.numberAt(document.dictAt(stream.dict, 'Params'), 'Size')).toBe(250);
    expect(inflateSync(document.rawBytes(stream)).toString()).toBe('data '.repeat(50));
  });

  it('leave the destinations of the document where they are', async () => {
    const objects = onePage().map((object) =>
      object.number === 1
        ? { ...object, body: '<</Type/Catalog/Pages 2 0 R/Names<</Dests<</Names[]>>>>>>' }
        : object,
    );
    const plan = conformPlan([], { attachments: [file('a.txt')] });
    const { document } = await conformed(buildPdf(objects), plan);
    const names = document.dictAt(document.root, 'Names');
    expect([...(names?.keys() ?? [])]).toEqual(['Dests', 'EmbeddedFiles']);
  });
});

describe('factur-x', () => {
  it.each([
    ['urn:factur-x.eu:1p0:minimum', 'MINIMUM', 'Data', 'factur-x.xml'],
    ['urn:factur-x.eu:1p0:basicwl', 'BASIC WL', 'Data', 'factur-x.xml'],
    ['urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic', 'BASIC', 'Alternative', 'factur-x.xml'],
    [GUIDELINE, 'EN 16931', 'Alternative', 'factur-x.xml'],
    [
      'urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended',
      'EXTENDED',
      'Alternative',
      'factur-x.xml',
    ],
    [
      'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0',
      'XRECHNUNG',
      'Alternative',
      'xrechnung.xml',
    ],
  ])('reads the profile %s from the XML', (id, level, relationship, filename) => {
    expect(readFacturX(withGuideline(id))).toEqual({ level, relationship, filename });
  });

  it.each([
    ['another guideline', withGuideline('urn:ferd:CrossIndustryDocument:invoice:1p0:basic'), 'not a profile'],
    ['none', withGuideline(''), 'does not say which profile'],
    ['another XML', Buffer.from('<invoice/>'), 'Cross Industry Invoice'],
    ['broken XML', INVOICE.subarray(0, 500), 'not XML'],
    ['an entity bomb', Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), 'not XML'],
    ['bytes that are no text', Buffer.from([0xc3, 0x28]), 'UTF-8'],
  ])('says what is wrong with %s', (_, bytes, words) => {
    expect(problem('pdf/a-3b', invoice({ bytes }))).toContain(words);
  });

  it('needs PDF/A-3, the name that readers look for and a relationship that means something', () => {
    expect(problem('pdf/a-3b', invoice())).toBeUndefined();
    expect(problem('pdf/a-2b', invoice())).toContain('PDF/A');
    expect(problem('pdf/a-4f', invoice())).toContain('pdf/a-3b');
    expect(problem(undefined, invoice())).toContain('none was asked for');
    expect(problem('pdf/a-3b', invoice({ filename: 'invoice.xml' }))).toContain('"factur-x.xml"');
    expect(problem('pdf/a-3b', invoice({ relationship: 'Supplement' }))).toContain('Alternative');
  });

  it('is declared in the metadata', async () => {
    const { document } = await conformed(print, conformPlan(['pdf/a-3b'], { attachments: [invoice()] }));
    const stream = document.streamAt(document.root, 'Metadata');
    const xmp = stream === undefined ? '' : Buffer.from(document.rawBytes(stream)).toString('utf8');
    expect(xmp).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>');
    expect(xmp).toContain('<pdfaSchema:prefix>fx</pdfaSchema:prefix>');
    const [spec] = document.arrayAt(document.root, 'AF') ?? [];
    expect(serialize(document.resolve(spec))).toContain('/AFRelationship /Alternative');
  });
});
