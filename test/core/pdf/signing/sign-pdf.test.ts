import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { PdfDict, PdfString, type PdfObject } from '../../../../core/pdf/revision/objects.ts';
import { textOf } from '../../../../core/pdf/revision/text-string.ts';
import { isIntact, parseCms } from '../../../../core/pdf/signing/cms/parse-cms.ts';
import { formFields } from '../../../../core/pdf/signing/field/form.ts';
import { fileOutput } from '../../../../core/pdf/signing/fill/file-output.ts';
import type { SigningNetwork } from '../../../../core/pdf/signing/trust/signing-network.ts';
import { buildPdf, onePage } from '../../../support/pdf-builder.ts';
import { issue } from '../../../support/signing-authority.ts';
import { NO_NETWORK, plainPdf, signerOf, signWith } from '../../../support/signing-world.ts';
import { openTrustServices, serialOf, type TrustServices } from '../../../support/trust-services.ts';

let services: TrustServices;
beforeAll(async () => {
  services = await openTrustServices({ noCheck: true });
});
afterAll(() => services[Symbol.asyncDispose]());
beforeEach(() => {
  services.timeStampFault = undefined;
  services.ocspFault = undefined;
  services.crlFault = undefined;
  services.revoked.clear();
  services.asked.length = 0;
});

const network = (more: Partial<SigningNetwork> = {}): SigningNetwork => ({
  timeStamp: { url: `${services.url}/tsa` },
  revocation: 'from-certificates',
  timeoutMs: 5_000,
  ...more,
});

const signer = () => {
  const issued = services.issue('Ada Lovelace', { type: 'rsa' });
  return { issued, signer: signerOf(issued, services.root) };
};

const open = (bytes: Uint8Array) => PdfDocument.open(memorySource(bytes));

interface Signature {
  readonly field: string;
  readonly dict: PdfDict;
  readonly byteRange: readonly number[];
  readonly contents: Uint8Array;
}

function signaturesIn(bytes: Uint8Array): Signature[] {
  const document = open(bytes);
  return [...formFields(document)].flatMap((field) => {
    const dict = document.dictAt(field.dict, 'V');
    const contents = dict?.get('Contents');
    if (dict === undefined || !(contents instanceof PdfString)) return [];
    return [
      {
        field: field.name,
        dict,
        byteRange: dict.get('ByteRange') as number[],
        contents: contents.bytes,
      },
    ];
  });
}

function firstIn(bytes: Uint8Array): Signature {
  const [first] = signaturesIn(bytes);
  if (first === undefined) throw new Error('There is no signature');
  return first;
}

/** Behind the last signed byte. */
const endOf = ({ byteRange: [, , start = 0, length = 0] }: Signature): number => start + length;

const textAt = (dict: PdfDict | undefined, key: string): string | undefined => {
  const value: PdfObject | undefined = dict?.get(key);
  return value instanceof PdfString ? textOf(value) : undefined;
};

/** By the bytes alone: the range leaves out nothing but /Contents, and the CMS is over its hash. */
function expectWhole(bytes: Buffer, { byteRange: [a = -1, b = 0, c = 0, d = 0], contents }: Signature): void {
  expect(a).toBe(0);
  expect(bytes.toString('latin1', b, b + 1) + bytes.toString('latin1', c - 1, c)).toBe('<>');
  expect(Buffer.from(bytes.toString('latin1', b + 1, c - 1), 'hex').equals(contents)).toBe(true);
  const [info] = parseCms(contents).signers;
  const digest = createHash(info?.hash ?? '')
    .update(bytes.subarray(0, b))
    .update(bytes.subarray(c, c + d))
    .digest();
  expect(info && isIntact(info, digest)).toBe(true);
}

describe('signing', () => {
  it('adds a revision with field, widget and dictionary, and signs every byte but the signature', async () => {
    const pdf = plainPdf();
    const { bytes, level, warnings } = await signWith(signer().signer, {
      pdf,
      reason: 'Approved (really)',
      location: 'Köln',
      contact: 'ada@example.org',
      now: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    expect([level, warnings]).toEqual(['B-B', []]);
    expect(bytes.subarray(0, pdf.length).equals(pdf)).toBe(true);
    const signature = firstIn(bytes);
    expectWhole(bytes, signature);
    expect(endOf(signature)).toBe(bytes.length);
    expect(bytes.toString('latin1', bytes.length - 6)).toBe('\n%%EOF');
    const { dict } = signature;
    expect(dict.nameAt('SubFilter')).toBe('ETSI.CAdES.detached');
    expect(['M', 'Name', 'Reason', 'Location', 'ContactInfo'].map((key) => textAt(dict, key))).toEqual([
      "D:20260102030405+00'00'",
      'Ada Lovelace',
      'Approved (really)',
      'Köln',
      'ada@example.org',
    ]);
    const document = open(bytes);
    const form = document.dictAt(document.root, 'AcroForm');
    expect(form?.get('SigFlags')).toBe(3);
    expect([...(form?.keys() ?? [])].sort()).toEqual(['Fields', 'SigFlags']);
    const [page] = document.pages();
    const [widget] = document.arrayAt(page?.dict, 'Annots') ?? [];
    const field = document.resolve(widget) as PdfDict;
    expect([field.get('F'), field.get('Rect'), field.get('P')]).toEqual([132, [0, 0, 0, 0], page?.ref]);
    const appearance = document.streamAt(document.dictAt(field, 'AP'), 'N');
    expect(appearance?.dict.nameAt('Subtype')).toBe('Form');
  });

  it('puts a time stamp into the signature, and asks for nothing else', async () => {
    const stamped = await signWith(signer().signer, { level: 'B-T', network: network() });
    expect(stamped.level).toBe('B-T');
    const [signature] = signaturesIn(stamped.bytes);
    expect(parseCms(signature?.contents ?? new Uint8Array()).signers[0]?.timeStamp).toBeDefined();
    expect(services.asked).toEqual(['/tsa']);
  });

  it('adds the proof that no certificate was revoked, and a time stamp over it, in revisions of their own', async () => {
    const { bytes, level } = await signWith(signer().signer, { level: 'B-LTA', network: network() });
    expect(level).toBe('B-LTA');
    const signatures = signaturesIn(bytes);
    expect(signatures.map(({ field, dict }) => [field, dict.nameAt('SubFilter')])).toEqual([
      ['Signature1', 'ETSI.CAdES.detached'],
      ['Timestamp1', 'ETSI.RFC3161'],
    ]);
    const document = open(bytes);
    const store = document.dictAt(document.root, 'DSS');
    expect(document.arrayAt(store, 'OCSPs')).toHaveLength(2);
    expect(document.arrayAt(store, 'Certs')?.length).toBeGreaterThanOrEqual(4);
    const key = createHash('sha1')
      .update(signatures[0]?.contents ?? '')
      .digest('hex')
      .toUpperCase();
    expect([...(document.dictAt(store, 'VRI')?.keys() ?? [])]).toEqual([key]);
    const [, stamp] = signatures;
    expect(stamp && endOf(stamp), 'the last word').toBe(bytes.length);
    expect(document.reader.sections).toHaveLength(4);
  });

  it('refuses a level that the settings do not allow before it does anything', async () => {
    const { signer: key } = signer();
    const noServer = signWith(key, { level: 'B-T', network: NO_NETWORK });
    await expect(noServer).rejects.toMatchObject({ code: 'SIGNING_FAILED', retryable: false });
    const noProof = signWith(key, { level: 'B-LT', network: network({ revocation: 'off' }) });
    await expect(noProof).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    expect(services.asked).toEqual([]);
  });

  it.each([
    ['hang', 'B-T', 'TIMESTAMP_FAILED'],
    ['garbage', 'B-LTA', 'TIMESTAMP_FAILED'],
  ] as const)(
    'ends in an error when a level is required and the server does "%s"',
    async (fault, level, code) => {
      services.timeStampFault = fault;
      const failure = signWith(signer().signer, { level, network: network({ timeoutMs: 300 }) });
      await expect(failure).rejects.toMatchObject({ code, retryable: true });
    },
  );

  it('takes the best level that there is, and says why it is no better', async () => {
    const { signer: key } = signer();
    const none = await signWith(key, { level: 'best', network: NO_NETWORK });
    expect([none.level, none.warnings]).toEqual(['B-B', []]);
    const stamped = await signWith(key, { level: 'best', network: network({ revocation: 'off' }) });
    expect([stamped.level, stamped.warnings]).toEqual(['B-T', []]);
    services.ocspFault = 'status-500';
    services.crlFault = 'garbage';
    const unproven = await signWith(key, { level: 'best', network: network() });
    expect(unproven.level).toBe('B-T');
    expect(unproven.warnings).toMatchObject([
      { code: 'SIGNATURE_LEVEL_LOWER', message: expect.stringMatching(/CN=Ada Lovelace/) as string },
    ]);
    services.timeStampFault = 'refuse';
    const plain = await signWith(key, { level: 'best', network: network() });
    expect(plain.level).toBe('B-B');
    expect(plain.warnings).toHaveLength(1);
    for (const { bytes } of [unproven, plain]) expectWhole(bytes, firstIn(bytes));
  });

  it('never takes a revoked certificate for a lower level', async () => {
    const { issued, signer: key } = signer();
    services.revoked.add(serialOf(issued));
    const failure = signWith(key, { level: 'best', network: network() });
    await expect(failure).rejects.toMatchObject({ code: 'KEY_UNUSABLE' });
  });

  it('reaches no host that was not named', async () => {
    const { signer: key } = signer();
    const hosts = ['example.org', '127.0.0.1:1'];
    const failure = signWith(key, { level: 'B-LT', network: network({ revocation: { hosts } }) });
    await expect(failure).rejects.toMatchObject({ code: 'REVOCATION_IMPOSSIBLE', retryable: false });
    expect(services.asked).toEqual(['/tsa']);
  });

  it('ends with the job', async () => {
    services.timeStampFault = 'hang';
    const controller = new AbortController();
    const failure = signWith(signer().signer, {
      level: 'best',
      network: network(),
      signal: controller.signal,
    });
    controller.abort(new Error('the job was cancelled'));
    await expect(failure).rejects.toThrow('the job was cancelled');
  });

  it('writes anew with more room when the signature is larger than foreseen', async () => {
    const key = { ...signer().signer, sign: () => Promise.resolve(Buffer.alloc(9_000, 7)) };
    const { bytes } = await signWith(key);
    const [signature] = signaturesIn(bytes);
    expect(signature?.contents.length).toBeGreaterThan(9_000);
    expect(parseCms(signature?.contents ?? new Uint8Array()).signers[0]?.signature.length).toBe(9_000);
    expect(open(bytes).reader.sections).toHaveLength(2);
  });
});

describe('several signatures', () => {
  it('stand beside each other, each over all that was there before', async () => {
    const first = await signWith(signer().signer, { reason: 'one' });
    const second = await signWith(signerOf(issue({ name: 'Bob' })), { pdf: first.bytes, reason: 'two' });
    expect(second.bytes.subarray(0, first.bytes.length).equals(first.bytes)).toBe(true);
    const signatures = signaturesIn(second.bytes);
    expect(signatures.map(({ field }) => field)).toEqual(['Signature1', 'Signature2']);
    for (const signature of signatures) expectWhole(second.bytes, signature);
  });

  it('keep to what a certification allows', async () => {
    const { signer: key } = signer();
    const certified = await signWith(key, { certify: 'form-filling' });
    const document = open(certified.bytes);
    const permissions = document.dictAt(document.root, 'Perms');
    const reference = document.resolve(
      document.arrayAt(document.dictAt(permissions, 'DocMDP'), 'Reference')?.[0],
    );
    expect(reference instanceof PdfDict && [...reference.keys()]).toEqual([
      'Type',
      'TransformMethod',
      'TransformParams',
    ]);
    await expect(signWith(key, { pdf: certified.bytes })).resolves.toBeDefined();
    const again = signWith(key, { pdf: certified.bytes, certify: 'no-changes' });
    await expect(again).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    const locked = await signWith(key, { certify: 'no-changes' });
    await expect(signWith(key, { pdf: locked.bytes })).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
  });

  it('are added to a file of others: a form of its own, cross-reference streams, a taken name', async () => {
    const objects = onePage();
    objects[0] = {
      number: 1,
      body: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/DA(/Helv 0 Tf)/NeedAppearances true>>>>',
    };
    const field = { number: 5, body: '<</FT/Tx/T(Signature1)/V(text)>>' };
    const foreign = Buffer.concat([
      ...compactCopy(open(buildPdf([...objects, field])), { objectStreams: true }),
    ]);
    const { bytes } = await signWith(signer().signer, { pdf: foreign });
    const signature = firstIn(bytes);
    expect(signature.field).toBe('Signature2');
    expectWhole(bytes, signature);
    const document = open(bytes);
    const form = document.dictAt(document.root, 'AcroForm');
    expect([form?.get('NeedAppearances'), textAt(form, 'DA')]).toEqual([true, '/Helv 0 Tf']);
  });
});

describe('a file on the disk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'influxion-sign-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const signIntoFile = async (options: Parameters<typeof signWith>[1]): Promise<Buffer> => {
    const file = path.join(folder, 'signed.pdf');
    const fd = openSync(file, 'w+');
    try {
      await signWith(signer().signer, { ...options, output: fileOutput(fd) });
      return readFileSync(file);
    } finally {
      closeSync(fd);
    }
  };

  it('is signed as one in memory, byte for byte', async () => {
    const { signer: key } = signer();
    const now = Date.now();
    const { bytes } = await signWith(key, { now, reason: 'the same' });
    const fd = openSync(path.join(folder, 'twin.pdf'), 'w+');
    await signWith(key, { now, reason: 'the same', output: fileOutput(fd) });
    closeSync(fd);
    expect(readFileSync(path.join(folder, 'twin.pdf')).equals(bytes)).toBe(true);
  });

  it('is signed over more bytes than one chunk', async () => {
    const pdf = buildPdf([...onePage(), { number: 5, body: `(${'x'.repeat(3_000_000)})` }]);
    const bytes = await signIntoFile({ pdf });
    const signature = firstIn(bytes);
    expectWhole(bytes, signature);
  });

  it('grows by the revisions of a time stamp', async () => {
    const bytes = await signIntoFile({ level: 'best', network: network({ revocation: 'off' }) });
    expectWhole(bytes, firstIn(bytes));
  });
});

it('is not led astray by a document that holds what looks like a placeholder', async () => {
  const fake = '/ByteRange [0 /********** /********** /**********]/Contents <00000000000000000000>';
  const pdf = buildPdf([...onePage(), { number: 5, body: `<<${fake}>>` }], {
    trailer: `/Root 1 0 R/Odd<<${fake}>>`,
  });
  const { bytes } = await signWith(signer().signer, { pdf, reason: fake });
  const signature = firstIn(bytes);
  expectWhole(bytes, signature);
  expect(bytes.subarray(0, pdf.length).equals(pdf)).toBe(true);
});
