import { constants, createHash, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignatureReport } from '../../../../contract/verify.ts';
import { SignatureReport as ReportSchema } from '../../../../contract/verify.ts';
import { appendRevision } from '../../../../core/pdf/revision/append.ts';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { name, PdfDict, PdfRef, PdfStream, type PdfObject } from '../../../../core/pdf/revision/objects.ts';
import { textString } from '../../../../core/pdf/revision/text-string.ts';
import * as der from '../../../../core/pdf/signing/asn1/der.ts';
import { OID } from '../../../../core/pdf/signing/asn1/oids.ts';
import { addSignatureField } from '../../../../core/pdf/signing/field/add-signature-field.ts';
import { addAnnotation, addField, formFields } from '../../../../core/pdf/signing/field/form.ts';
import { tagWidget } from '../../../../core/pdf/signing/field/widget-tag.ts';
import { memoryOutput } from '../../../../core/pdf/signing/fill/memory-output.ts';
import type { SigningNetwork } from '../../../../core/pdf/signing/trust/signing-network.ts';
import { verifySignatures } from '../../../../core/pdf/signing/verify/verify-signatures.ts';
import { rootsFromPem } from '../../../../core/pdf/signing/verify/roots.ts';
import { writePem } from '../../../../core/pdf/signing/keys/pem.ts';
import { buildPdf, onePage, streamBody } from '../../../support/pdf-builder.ts';
import { issue, type Issued, type IssueOptions } from '../../../support/signing-authority.ts';
import { plainPdf, signerOf, signWith, type SignOptions } from '../../../support/signing-world.ts';
import { openTrustServices, serialOf, type TrustServices } from '../../../support/trust-services.ts';

const DAY_MS = 24 * 60 * 60_000;

let services: TrustServices;
beforeAll(async () => {
  services = await openTrustServices({ noCheck: true });
});
afterAll(() => services[Symbol.asyncDispose]());
beforeEach(() => {
  services.revoked.clear();
});

const network = (): SigningNetwork => ({
  timeStamp: { url: `${services.url}/tsa` },
  revocation: 'from-certificates',
  timeoutMs: 5_000,
});

const root = issue({ name: 'Root', authority: true });
const signed = (options: SignOptions = {}, more: Partial<IssueOptions> = {}) =>
  signWith(signerOf(issue({ name: 'Ada', issuer: root, ...more }), root), options);

const verify = (
  bytes: Uint8Array,
  { roots = [root], now = Date.now() }: { roots?: readonly Issued[]; now?: number } = {},
): SignatureReport[] => {
  const pems = roots.map(({ certificate }) => writePem([certificate.der]));
  const reports = verifySignatures(memorySource(bytes), { roots: pems, now });
  for (const report of reports) ReportSchema.parse(report);
  return reports;
};

const only = (...args: Parameters<typeof verify>): SignatureReport => {
  const [report] = verify(...args);
  if (report === undefined) throw new Error('There is no signature');
  return report;
};

const GOOD = { intact: true, trust: 'trusted', problems: [] } as const;

/** The file with another revision behind it. */
function changed(bytes: Uint8Array, change: (document: PdfDocument) => void): Buffer {
  const document = PdfDocument.open(memorySource(bytes));
  change(document);
  return Buffer.concat([...appendRevision(document)]);
}

describe('a signature', () => {
  it.each(['rsa', 'P-256', 'P-384'] as const)('of %s is whole and trusted', async (type) => {
    const { bytes } = await signed(
      { reason: 'why', location: 'where', contact: 'who', now: 1_700_000_000_000 },
      { type },
    );
    expect(only(bytes)).toMatchObject({
      ...GOOD,
      field: 'Signature1',
      kind: 'signature',
      sub_filter: 'ETSI.CAdES.detached',
      level: 'B-B',
      covers_whole_file: true,
      changes_after: 'none',
      changes: [],
      revocation: 'unknown',
      chain: ['CN=Ada,O=Influxion Test,C=XX', 'CN=Root,O=Influxion Test,C=XX'],
      signed_at: '2023-11-14T22:13:20.000Z',
      reason: 'why',
      location: 'where',
      contact: 'who',
      certify: null,
      time_stamp: null,
    });
  });

  it('is broken by any other byte, wherever it is', async () => {
    const { bytes } = await signed();
    const start = bytes.indexOf('/Contents <') + 11;
    const end = bytes.indexOf('>', start);
    const places = Array.from({ length: 60 }, (_, index) => Math.floor((index * bytes.length) / 60));
    for (const at of places.filter((place) => place < start || place > end)) {
      const spoiled = Buffer.from(bytes);
      spoiled[at] = (spoiled[at] ?? 0) ^ 1;
      let reports: SignatureReport[] = [];
      try {
        reports = verify(spoiled);
      } catch (error) {
        expect(error).toMatchObject({ code: 'PDF_DAMAGED' });
      }
      expect(reports.every(({ intact, problems }) => !intact && problems.length > 0)).toBe(true);
    }
  });

  it('is only as trusted as its root', async () => {
    const { bytes } = await signed();
    expect(only(bytes, { roots: [] })).toMatchObject({ trust: 'unknown', intact: true, problems: [] });
    const stranger = only(bytes, { roots: [issue({ name: 'Stranger', authority: true })] });
    expect(stranger).toMatchObject({ trust: 'untrusted', intact: true });
    expect(stranger.problems.join()).toMatch(/CN=Root.* not among those that are trusted/);
    const namesake = issue({ name: 'Root', authority: true, type: 'P-384' });
    expect(only(bytes, { roots: [namesake] }).trust).toBe('untrusted');
    const lost = await signWith(signerOf(issue({ name: 'Ada', issuer: root })));
    expect(only(lost.bytes, { roots: [namesake] }).problems.join()).toMatch(/issuer of "CN=Ada.* is missing/);
    expect(only(lost.bytes), 'the root that is given closes the gap').toMatchObject(GOOD);
  });

  it('does not go through a certificate that may not issue others', async () => {
    const person = issue({ name: 'Person', issuer: root });
    const { bytes } = await signWith(signerOf(issue({ name: 'Mallory', issuer: person }), person, root));
    expect(only(bytes)).toMatchObject({ intact: true, trust: 'untrusted' });
  });

  it.each([
    [{ usage: 0x20 }, /does not allow signatures/],
    [{ purposes: [OID.serverAuth] }, /only for TLS servers/],
    [{ notAfter: Date.now() - DAY_MS, notBefore: Date.now() - 9 * DAY_MS }, /expired on/],
    [{ notBefore: Date.now() + DAY_MS }, /not valid before/],
    [{ hash: 'sha1' }, /signed with SHA-1/],
  ] satisfies [Partial<IssueOptions>, RegExp][])(
    'is questioned when its certificate is %o',
    async (more, problem) => {
      const { bytes } = await signed({}, more);
      expect(only(bytes).problems.join(' ')).toMatch(problem);
    },
  );

  it('outlives its certificate when a time stamp proves that it came before', async () => {
    const in400Days = Date.now() + 400 * DAY_MS;
    const { bytes } = await signed();
    const late = only(bytes, { now: in400Days });
    expect(late.trust).toBe('untrusted');
    expect(late.problems.join(' ')).toMatch(/expired.* No time stamp proves/);
    const stamped = await signed({ level: 'B-T', network: network() });
    expect(only(stamped.bytes, { roots: [root, services.root], now: in400Days })).toMatchObject({
      ...GOOD,
      level: 'B-T',
      time_stamp: { valid: true, authority: 'CN=TSA,O=Influxion Test,C=XX' },
    });
    expect(only(stamped.bytes, { now: in400Days }).time_stamp, 'its authority is not trusted').toMatchObject({
      valid: false,
    });
  });
});

describe('levels', () => {
  const full = async (level: 'B-LT' | 'B-LTA') => {
    const issued = services.issue('Ada');
    const { bytes } = await signWith(signerOf(issued, services.root), { level, network: network() });
    return { issued, bytes };
  };

  it('are what the file proves by itself', async () => {
    const { bytes } = await full('B-LT');
    expect(verify(bytes, { roots: [services.root] })).toMatchObject([
      { ...GOOD, level: 'B-LT', revocation: 'good', changes_after: 'allowed', covers_whole_file: false },
    ]);
    const archived = await full('B-LTA');
    expect(verify(archived.bytes, { roots: [services.root], now: Date.now() + 400 * DAY_MS })).toMatchObject([
      { ...GOOD, level: 'B-LTA', revocation: 'good', changes_after: 'allowed' },
      {
        ...GOOD,
        kind: 'document-timestamp',
        level: null,
        covers_whole_file: true,
        time_stamp: { valid: true },
      },
    ]);
  });

  it('fall with the proof', async () => {
    const { bytes } = await full('B-LT');
    const without = changed(bytes, (document) => document.editDict(document.rootRef).delete('DSS'));
    expect(only(without, { roots: [services.root] })).toMatchObject({ level: 'B-T', revocation: 'unknown' });
    const foreign = changed(bytes, (document) => {
      const [ocsp] = document.arrayAt(document.dictAt(document.root, 'DSS'), 'OCSPs') ?? [];
      if (ocsp instanceof PdfRef) document.set(ocsp, PdfStream.of(new PdfDict(), Buffer.from('no answer')));
    });
    expect(only(foreign, { roots: [services.root] })).toMatchObject({
      level: 'B-T',
      changes_after: 'allowed',
    });
  });

  it('say that a certificate was revoked before it signed, by a list that came later', async () => {
    const { bytes, issued } = await full('B-LT');
    services.revoked.add(serialOf(issued));
    const crl = new Uint8Array(await (await fetch(`${services.url}/crl`)).arrayBuffer());
    const revoked = changed(bytes, (document) => {
      const store = document.root.get('DSS');
      const list = document.add(PdfStream.of(new PdfDict(), crl));
      if (store instanceof PdfRef) document.editDict(store).set('CRLs', [list]);
    });
    const report = only(revoked, { roots: [services.root] });
    expect(report.revocation).toBe('revoked');
    expect(report.problems.join()).toMatch(/was revoked/);
  });
});

describe('changes behind a signature', () => {
  const form = (): Buffer => {
    const objects = onePage();
    objects[0] = {
      number: 1,
      body: '<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/Metadata 8 0 R/Names 9 0 R>>',
    };
    objects[2] = {
      number: 3,
      body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>>>/Annots 6 0 R>>',
    };
    return buildPdf([
      ...objects,
      { number: 5, body: '<</Type/Annot/Subtype/Widget/FT/Tx/T(city)/Rect[0 0 9 9]/AP<</N 10 0 R>>>>' },
      { number: 6, body: '[5 0 R 11 0 R]' },
      { number: 7, body: '<</Fields[5 0 R]>>' },
      { number: 8, body: streamBody('<x/>', '/Type/Metadata/Subtype/XML') },
      { number: 9, body: '<</EmbeddedFiles<</Names[]>>>>' },
      { number: 10, body: streamBody('', '/Type/XObject/Subtype/Form/BBox[0 0 9 9]') },
      { number: 11, body: '<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(note)/AP<</N 12 0 R>>>>' },
      { number: 12, body: streamBody('', '/Type/XObject/Subtype/Form/BBox[0 0 9 9]') },
      { number: 13, body: '(unused)' },
    ]);
  };
  const edit = (document: PdfDocument, number: number, key: string, value: PdfObject): void => {
    document.editDict(new PdfRef(number)).set(key, value);
  };
  const stream = (text: string): PdfStream => PdfStream.of(new PdfDict(), Buffer.from(text));
  const signedForm = (options: SignOptions = {}) => signed({ pdf: form(), ...options });

  it.each<[string, RegExp, (document: PdfDocument) => void]>([
    [
      'a field that was filled in',
      /field "city" was filled in/,
      (document) => edit(document, 5, 'V', textString('Rome')),
    ],
    ['metadata', /metadata was changed/, (document) => document.set(new PdfRef(8), stream('<y/>'))],
    [
      'a security store',
      /Proof of the validity/,
      (document) => document.editDict(document.rootRef).set('DSS', document.add(PdfDict.of({ Certs: [] }))),
    ],
  ])('are allowed: %s', async (_, words, change) => {
    const { bytes } = await signedForm();
    const report = only(changed(bytes, change));
    expect(report).toMatchObject({ ...GOOD, covers_whole_file: false, changes_after: 'allowed' });
    expect(report.changes.join()).toMatch(words);
  });

  it.each<[string, RegExp, (document: PdfDocument) => void]>([
    [
      'another content',
      /Page 1 was changed: Its content/,
      (document) => document.set(new PdfRef(4), stream('BT ET q Q')),
    ],
    [
      'another content stream',
      /Page 1 was changed: Its content/,
      (document) => edit(document, 3, 'Contents', document.add(stream('q Q'))),
    ],
    [
      'another resource',
      /Page 1 was changed: Its content/,
      (document) => edit(document, 3, 'Resources', new PdfDict()),
    ],
    [
      'another page size',
      /Page 1 was changed: "MediaBox"/,
      (document) => edit(document, 3, 'MediaBox', [0, 0, 9, 9]),
    ],
    [
      'an annotation',
      /Annotations were added to page 1/,
      (document) => {
        const annotation = document.add(
          PdfDict.of({ Type: name('Annot'), Subtype: name('FreeText'), Rect: [0, 0, 99, 99] }),
        );
        document.set(new PdfRef(6), [new PdfRef(5), new PdfRef(11), annotation]);
      },
    ],
    [
      'an annotation less',
      /Annotations were taken from page 1/,
      (document) => document.set(new PdfRef(6), [new PdfRef(5)]),
    ],
    ['another annotation', /Object 11/, (document) => edit(document, 11, 'Contents', textString('else'))],
    [
      'a field elsewhere',
      /"city" was changed in more than its value/,
      (document) => edit(document, 5, 'Rect', [0, 0, 500, 500]),
    ],
    [
      'a field less',
      /"city" was taken away/,
      (document) => {
        const fields = document.arrayAt(document.dictAt(document.root, 'AcroForm'), 'Fields') ?? [];
        edit(document, 7, 'Fields', fields.slice(1));
      },
    ],
    [
      'a field more',
      /The form got a field \("more"\)/,
      (document) => {
        const field = document.add(PdfDict.of({ FT: name('Tx'), T: textString('more') }));
        const fields = document.arrayAt(document.dictAt(document.root, 'AcroForm'), 'Fields') ?? [];
        edit(document, 7, 'Fields', [...fields, field]);
      },
    ],
    [
      'an action at opening',
      /"OpenAction" of its catalog/,
      (document) => document.editDict(document.rootRef).set('OpenAction', new PdfRef(3)),
    ],
    ['another attachment', /Object 9/, (document) => edit(document, 9, 'EmbeddedFiles', new PdfDict())],
    [
      'another catalog',
      /another catalog/,
      (document) => {
        document.trailer.set('Root', document.add(new PdfDict(document.root)));
      },
    ],
    [
      'the signature away',
      /signature "Signature1" was changed/,
      (document) => {
        const [, field] = [...formFields(document)];
        if (field !== undefined)
          document.editDict(field.ref).set('V', document.add(PdfDict.of({ Type: name('Sig') })));
      },
    ],
    [
      'a page more',
      /Object 2/,
      (document) => {
        const page = document.add(
          PdfDict.of({ Type: name('Page'), Parent: new PdfRef(2), MediaBox: [0, 0, 9, 9] }),
        );
        edit(document, 2, 'Kids', [new PdfRef(3), page]);
      },
    ],
    [
      'an appearance that is also drawn by the page',
      /Object 10/,
      (document) => document.set(new PdfRef(10), stream('q Q')),
    ],
  ])('are forbidden: %s', async (what, words, change) => {
    const { bytes } = await signedForm();
    const reports = verify(changed(bytes, change));
    if (what === 'the signature away') {
      expect(reports.every(({ intact }) => !intact)).toBe(true);
      return;
    }
    const [report] = reports;
    expect(report).toMatchObject({ intact: true, covers_whole_file: false, changes_after: 'forbidden' });
    expect(report?.changes.join(' ')).toMatch(words);
  });

  it('are forbidden when a number that the signed file names is given an object', async () => {
    const objects = onePage();
    objects[2] = { number: 3, body: '<</Type/Page/Parent 2 0 R/Contents[4 0 R 9 0 R]/Resources<<>>>>' };
    const { bytes } = await signed({ pdf: buildPdf([...objects, { number: 12, body: '(far)' }]) });
    const hidden = changed(bytes, (document) => document.set(new PdfRef(9), stream('q Q')));
    expect(only(hidden)).toMatchObject({ intact: true, changes_after: 'forbidden' });
    const harmless = changed(bytes, (document) => document.set(new PdfRef(8), stream('q Q')));
    expect(only(harmless)).toMatchObject({ changes_after: 'allowed', changes: [] });
  });

  it('are forbidden when the file was written anew around the signed bytes', async () => {
    const { bytes } = await signed();
    const other = Buffer.concat([
      ...compactCopy(PdfDocument.open(memorySource(bytes)), { objectStreams: false }),
    ]);
    const shifted = Buffer.from(
      other
        .toString('latin1')
        .replaceAll(
          /(\d{10}) 00000 n/g,
          (_, offset: string) => `${String(Number(offset) + bytes.length).padStart(10, '0')} 00000 n`,
        ),
      'latin1',
    );
    const start = bytes.length + other.lastIndexOf('xref\n0');
    const whole = Buffer.concat([
      bytes,
      Buffer.from(shifted.toString('latin1').replace(/startxref\n\d+/, `startxref\n${start}`), 'latin1'),
    ]);
    const report = only(whole);
    expect(report).toMatchObject({ intact: true, changes_after: 'forbidden' });
    expect(report.changes.join()).toMatch(/written anew/);
  });

  it('follow what a certification allows', async () => {
    const fill = (document: PdfDocument): void => edit(document, 5, 'V', textString('Rome'));
    const annotate = (document: PdfDocument): void => {
      edit(document, 11, 'Contents', textString('else'));
      const list = document.edit(new PdfRef(6));
      if (Array.isArray(list)) list.push(document.add(PdfDict.of({ Subtype: name('Text') })));
    };
    const verdicts = async (certify: NonNullable<SignOptions['certify']>) => {
      const { bytes } = await signedForm({ certify });
      return [fill, annotate].map((change) => {
        const report = only(changed(bytes, change));
        expect(report.certify).toBe(certify);
        return report.changes_after;
      });
    };
    await expect(verdicts('no-changes')).resolves.toEqual(['forbidden', 'forbidden']);
    await expect(verdicts('form-filling')).resolves.toEqual(['allowed', 'forbidden']);
    await expect(verdicts('annotations')).resolves.toEqual(['allowed', 'allowed']);
  });

  it('by further signatures are allowed, shown or not, but not behind a certification without changes', async () => {
    const first = await signedForm();
    const second = await signed({
      pdf: first.bytes,
      visible: { page: 1, x: 10, y: 10, width: 90, height: 30 },
      placement: { page: 1, x: 10, y: 10, width: 90, height: 30 },
    });
    expect(verify(second.bytes)).toMatchObject([
      { ...GOOD, changes_after: 'allowed', changes: ['It was signed again ("Signature2").'] },
      { ...GOOD, changes_after: 'none', covers_whole_file: true },
    ]);
    const locked = await signedForm({ certify: 'no-changes' });
    const again = changed(locked.bytes, (document) => {
      document.editDict(document.rootRef).delete('Perms');
      addSignatureField(document, {
        facts: { name: 'Eve', signedAt: 0 },
        standards: { pdfa: undefined, ua: undefined },
        reserve: 100,
      });
    });
    expect(verify(again).at(-1)).toMatchObject({ field: 'Signature1', changes_after: 'forbidden' });
  });

  it('by a field that others added may extend the structure of a tagged document, which we do not do', async () => {
    const tagged = buildPdf([
      { number: 1, body: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot 5 0 R/MarkInfo<</Marked true>>>>' },
      ...onePage().slice(1),
      { number: 5, body: '<</Type/StructTreeRoot/K 6 0 R/ParentTree 7 0 R>>' },
      { number: 6, body: '<</Type/StructElem/S/Document/P 5 0 R/K[8 0 R]>>' },
      { number: 7, body: '<</Nums[0[8 0 R]]>>' },
      { number: 8, body: '<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K 0>>' },
    ]);
    const standards = ['pdf/ua-1'] as const;
    const first = await signed({ pdf: tagged, standards });
    const place = { page: 1, x: 10, y: 10, width: 90, height: 30 };
    const refused = signed({ pdf: first.bytes, standards, visible: place, placement: place });
    await expect(refused).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    const widened = changed(first.bytes, (document) => {
      const [page] = document.pages();
      const widget = document.add(
        PdfDict.of({ FT: name('Sig'), T: textString('more'), Subtype: name('Widget') }),
      );
      if (page === undefined) return;
      addAnnotation(document, page.ref, widget);
      addField(document, widget);
      tagWidget(document, { widget, page: page.ref, description: 'Signature' });
    });
    expect(only(widened)).toMatchObject({ ...GOOD, changes_after: 'allowed' });
    const spoiled = changed(first.bytes, (document) => edit(document, 8, 'S', name('H1')));
    expect(only(spoiled).changes_after).toBe('forbidden');
    const shortened = changed(first.bytes, (document) => edit(document, 6, 'K', []));
    expect(only(shortened).changes_after).toBe('forbidden');
  });
});

describe('a byte range', () => {
  const withRange = async (range: (at: { gap: number; end: number; size: number }) => number[]) => {
    const { bytes } = await signed();
    const gap = bytes.indexOf('/Contents <') + 10;
    const end = bytes.indexOf('>', gap) + 1;
    const text = `/ByteRange [${range({ gap, end, size: bytes.length }).join(' ')}]`;
    const out = Buffer.from(bytes);
    const at = out.indexOf('/ByteRange [');
    out.write(text.padEnd(out.indexOf(']', at) + 1 - at), at, 'latin1');
    return only(out);
  };

  it.each<[string, RegExp, (at: { gap: number; end: number; size: number }) => number[]]>([
    [
      'that leaves out more than the signature',
      /leaves out more/,
      ({ gap, end, size }) => [0, gap - 40, end, size - end],
    ],
    ['that goes on behind the end', /does not have/, ({ gap, end, size }) => [0, gap, end, size]],
    [
      'that does not begin at the beginning',
      /does not say/,
      ({ gap, end, size }) => [9, gap - 9, end, size - end],
    ],
    ['of one part', /does not say/, ({ gap }) => [0, gap]],
  ])('%s proves nothing', async (_, problem, range) => {
    const report = await withRange(range);
    expect(report).toMatchObject({ intact: false, level: null, changes_after: 'forbidden' });
    expect(report.problems.join()).toMatch(problem);
  });
});

describe('signatures of others', () => {
  /** A signature of our field, its CMS made by hand. */
  const custom = async (make: (digest: Buffer) => Uint8Array, subFilter = 'adbe.pkcs7.detached') => {
    const document = PdfDocument.open(memorySource(plainPdf()));
    const { dictionary } = addSignatureField(document, {
      facts: { name: 'x', signedAt: Date.now() },
      standards: { pdfa: undefined, ua: undefined },
      reserve: 6_000,
    });
    document.editDict(dictionary).set('SubFilter', name(subFilter));
    const output = memoryOutput();
    output.write(appendRevision(document));
    await output.fill(dictionary.number, 'sha256', (digest) => Promise.resolve(make(Buffer.from(digest))));
    return output.bytes;
  };
  const ada = issue({ name: 'Ada', issuer: root, type: 'rsa' });

  const cms = (
    digest: Uint8Array,
    {
      algorithm,
      signature,
      more = [],
    }: {
      algorithm: Uint8Array;
      signature: (data: Uint8Array) => Uint8Array;
      more?: readonly Uint8Array[];
    },
  ): Uint8Array => {
    const attribute = (type: string, value: Uint8Array): Uint8Array =>
      der.sequence(der.oid(type), der.setOf(value));
    const attributes = der.setOf(
      attribute(OID.contentType, der.oid(OID.pkcs7Data)),
      attribute(OID.messageDigest, der.octetString(digest)),
      ...more,
    );
    const { certificate } = ada;
    const info = der.sequence(
      der.integer(1),
      der.sequence(certificate.issuerName, der.unsignedInteger(certificate.serial)),
      der.sequence(der.oid(OID.sha256)),
      der.implicit(0, attributes),
      algorithm,
      der.octetString(signature(attributes)),
    );
    const data = der.sequence(
      der.integer(1),
      der.setOf(der.sequence(der.oid(OID.sha256))),
      der.sequence(der.oid(OID.pkcs7Data)),
      der.implicit(0, der.setOf(certificate.der)),
      der.setOf(info),
    );
    return der.sequence(der.oid(OID.signedData), der.explicit(0, data));
  };
  const pkcs1 = {
    algorithm: der.sequence(der.oid(OID.rsaEncryption), der.nothing()),
    signature: (data: Uint8Array) => sign('sha256', data, ada.key),
  };

  it('with RSASSA-PSS are checked, and are no PAdES without the name of their certificate', async () => {
    const sha256 = der.sequence(der.oid(OID.sha256));
    const algorithm = der.sequence(
      der.oid(OID.rsaPss),
      der.sequence(
        der.explicit(0, sha256),
        der.explicit(1, der.sequence(der.oid('1.2.840.113549.1.1.8'), sha256)),
        der.explicit(2, der.integer(32)),
      ),
    );
    const pss = { key: ada.key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const bytes = await custom((digest) =>
      cms(digest, { algorithm, signature: (data) => sign('sha256', data, pss) }),
    );
    expect(only(bytes)).toMatchObject({ ...GOOD, level: null, sub_filter: 'adbe.pkcs7.detached' });
    const wrong = await custom((digest) => cms(digest, { algorithm, signature: pkcs1.signature }));
    expect(only(wrong).intact).toBe(false);
  });

  it('with a time in the CMS are no baseline level (ETSI EN 319 142-1 §6.3)', async () => {
    const certificate = createHash('sha256').update(ada.certificate.der).digest();
    const named = der.sequence(
      der.oid(OID.signingCertificateV2),
      der.setOf(der.sequence(der.sequence(der.sequence(der.octetString(certificate))))),
    );
    const time = der.sequence(der.oid(OID.signingTime), der.setOf(der.time(Date.now())));
    const plain = await custom((digest) => cms(digest, { ...pkcs1, more: [named] }), 'ETSI.CAdES.detached');
    expect(only(plain)).toMatchObject({ ...GOOD, level: 'B-B' });
    const timed = await custom(
      (digest) => cms(digest, { ...pkcs1, more: [named, time] }),
      'ETSI.CAdES.detached',
    );
    expect(only(timed)).toMatchObject({ ...GOOD, level: null });
  });

  it('that name another certificate than their own are told', async () => {
    const other = der.sequence(
      der.oid(OID.signingCertificateV2),
      der.setOf(der.sequence(der.sequence(der.sequence(der.octetString(Buffer.alloc(32)))))),
    );
    const bytes = await custom((digest) => cms(digest, { ...pkcs1, more: [other] }), 'ETSI.CAdES.detached');
    expect(only(bytes).problems.join()).toMatch(/names another certificate/);
  });

  it('of a kind that is not known are not guessed at', async () => {
    const bytes = await custom((digest) => cms(digest, pkcs1), 'adbe.x509.rsa_sha1');
    const report = only(bytes);
    expect(report).toMatchObject({ intact: false, level: null });
    expect(report.problems.join()).toMatch(/cannot be checked \("adbe.x509.rsa_sha1"\)/);
  });

  it.each<[string, (whole: Uint8Array) => Uint8Array]>([
    ['cut off', (whole) => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['noise', () => Buffer.alloc(4_000, 0xa5)],
    ['nested without end', () => Buffer.alloc(4_000, 0x30)],
    [
      'nested without lengths',
      () => Buffer.concat(Array.from({ length: 2_000 }, () => Buffer.from('3080', 'hex'))),
    ],
    ['longer than the file', () => Buffer.from('3084ffffffff06092a864886f70d010702', 'hex')],
  ])('that are %s neither hang nor crash anything', async (_, spoil) => {
    const bytes = await custom((digest) => spoil(cms(digest, pkcs1)));
    const report = only(bytes);
    expect(report).toMatchObject({ intact: false, level: null, signer: null });
    expect(report.problems).toHaveLength(1);
  });

  it('never crash anything, whichever byte of them is spoiled', async () => {
    const bytes = await custom((digest) => cms(digest, pkcs1));
    const start = bytes.indexOf('/Contents <') + 11;
    const length = cms(Buffer.alloc(32), pkcs1).length * 2;
    for (let at = start; at < start + length; at += 7) {
      const spoiled = Buffer.from(bytes);
      spoiled.write(spoiled[at] === 0x66 ? '0' : 'f', at, 'latin1');
      // Not every byte of a CMS is signed; what counts is that there is an answer.
      expect(verify(spoiled)).toHaveLength(1);
    }
  });
});

it('of a document without signatures there is nothing to say', () => {
  expect(verify(plainPdf())).toEqual([]);
});

it('reads the trusted certificates as people give them', () => {
  const pem = writePem([root.certificate.der, issue({ name: 'Other' }).certificate.der]);
  expect(rootsFromPem(`My roots\n${pem}`).map(({ subject }) => subject)).toEqual([
    'CN=Root,O=Influxion Test,C=XX',
    'CN=Other,O=Influxion Test,C=XX',
  ]);
  for (const bad of ['', 'no certificate', pem.replace('MII', 'AII')]) {
    expect(() => rootsFromPem(bad)).toThrow(/cannot be read/);
  }
});
