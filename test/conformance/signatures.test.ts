/** Signatures before pyHanko, EU DSS and pdfsig: every kind of key at every level, and what a signature must not break. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SIGNATURE_LEVELS, type SignatureLevel, type SignatureOptions } from '../../contract/document.ts';
import type { PdfStandard } from '../../contract/standard.ts';
import { openPkcs8 } from '../../core/pdf/signing/keys/key-kind.ts';
import { readKeyFile } from '../../core/pdf/signing/keys/read-key-file.ts';
import { createSigner, type Signer } from '../../core/pdf/signing/keys/signer.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { signWith } from '../support/signing-world.ts';
import { flavourOf } from './levels.ts';
import { pades, pdfsig, qpdfFaults, verapdf, type PadesVerdict } from './oracles.ts';
import { openProduct } from './product.ts';
import { openTestPki, type TestPki } from './test-pki.ts';

const KEYS = ['rsa2048', 'rsa4096', 'p256', 'p384'] as const;
const STANDARDS = [
  'pdf/a-1b',
  'pdf/a-2b',
  'pdf/a-2a',
  'pdf/a-3b',
  'pdf/a-4',
  'pdf/ua-1',
] as const satisfies readonly PdfStandard[];
const HTML =
  '<!doctype html><html lang="en"><head><title>Agreement</title></head><body><h1>Agreement</h1><p>We agree.</p></body></html>';
const BOX = { page: 1, x: 60, y: 600, width: 200, height: 60 };

const missing = inject('missingOracles');
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-signatures-'));
const at = (name: string): string => path.join(folder, `${name}.pdf`);
let pki: TestPki;
const plain = new Map<PdfStandard, Uint8Array>();
const signers = new Map<string, Signer>();

const verdicts = new Map<string, PadesVerdict>();
const second = new Map<string, string>();
const rules = new Map<string, readonly string[]>();
let faults: string[] = [];

async function openSigner(name: string): Promise<Signer> {
  const { pkcs8, certificate, chain } = await readKeyFile(readFileSync(`${pki.folder}/${name}.p12`), 'test');
  return createSigner(openPkcs8(pkcs8), certificate, chain);
}

interface Signing extends SignatureOptions {
  readonly key: string;
  readonly standard: PdfStandard;
  readonly pdf?: Uint8Array;
  readonly box?: typeof BOX;
}

async function sign(name: string, { key, standard, pdf, box, ...options }: Signing): Promise<Uint8Array> {
  const signer = signers.get(key);
  const source = pdf ?? plain.get(standard);
  if (signer === undefined || source === undefined) throw new Error(`There is no key ${key}`);
  const { bytes, level } = await signWith(signer, {
    pdf: source,
    standards: [standard],
    network: {
      timeStamp: { url: `${pki.url}/tsa` },
      revocation: 'from-certificates',
      timeoutMs: 20_000,
    },
    ...(box !== undefined && { placement: box, visible: box }),
    ...options,
  });
  expect(level).toBe(options.level);
  writeFileSync(at(name), bytes);
  return bytes;
}

/** What is signed at which level; made in the order given. */
async function signAll(): Promise<Map<SignatureLevel | 'any', string[]>> {
  const made = new Map<SignatureLevel | 'any', string[]>();
  const keep = (level: SignatureLevel | 'any', name: string): void => {
    made.set(level, [...(made.get(level) ?? []), at(name)]);
  };
  for (const level of SIGNATURE_LEVELS) {
    for (const key of KEYS) {
      await sign(`${key}-${level}`, { key, level, standard: 'pdf/a-2b' });
      keep(level, `${key}-${level}`);
    }
    for (const standard of STANDARDS) {
      const name = `${flavourOf(standard)}-${level}`;
      await sign(name, { key: 'p256', level, standard, reason: 'Approved', location: 'Köln' });
      keep(level, name);
    }
  }
  for (const standard of STANDARDS) {
    const seen = `${flavourOf(standard)}-visible`;
    const pdf = await sign(seen, { key: 'rsa2048', level: 'B-B', standard, box: BOX });
    keep('B-B', seen);
    const twice = `${flavourOf(standard)}-twice`;
    await sign(twice, { key: 'p256', level: 'B-B', standard, pdf });
    keep('B-B', twice);
    const certified = `${flavourOf(standard)}-certified`;
    await sign(certified, { key: 'rsa2048', level: 'B-B', standard, certify: 'form-filling' });
    keep('B-B', certified);
  }
  return made;
}

function spoil(): void {
  const bytes = Buffer.from(readFileSync(at('rsa2048-B-B')));
  const place = bytes.indexOf('/MediaBox');
  bytes.write('/MediaBoy', place, 'latin1');
  writeFileSync(at('tampered'), bytes);
}

beforeAll(async () => {
  pki = await openTestPki();
  await using product = openProduct();
  for (const key of KEYS) signers.set(key, await openSigner(key));
  for (const standard of STANDARDS) {
    const { pdf } = await product.run(
      { html_template: { content: HTML }, pdf_standard: standard },
      { signal: AbortSignal.timeout(60_000), onStage: () => undefined },
    );
    plain.set(standard, await wholePdf(pdf));
  }
  const made = await signAll();
  spoil();
  const trust = `${pki.folder}/root.crt`;
  const files = [...made.values()].flat();
  if (missing.pades === undefined) {
    for (const [level, group] of made) {
      for (const verdict of await pades(group, { trust, level })) verdicts.set(verdict.file, verdict);
    }
    for (const verdict of await pades([at('tampered')], { trust, level: 'any' }))
      verdicts.set(verdict.file, verdict);
    for (const { file, text } of await pdfsig(files, { trust })) second.set(file, text);
  }
  if (missing.verapdf === undefined) {
    const tasks = STANDARDS.flatMap((standard) =>
      [...SIGNATURE_LEVELS, 'visible', 'twice', 'certified'].map((name) => ({
        file: at(`${flavourOf(standard)}-${name}`),
        flavours: [flavourOf(standard)],
      })),
    );
    for (const { file, rules: broken } of await verapdf(tasks)) rules.set(file, broken);
  }
  faults = (await qpdfFaults(files)).map(({ file, text }) => `${path.basename(file)}: ${text}`);
});

afterAll(async () => {
  await pki[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const unasked = `pyHanko and DSS were not asked: ${missing.pades}`;

describe.each(KEYS)('a key %s', (key) => {
  test.for(SIGNATURE_LEVELS)('reaches PAdES %s', (level, context) => {
    if (missing.pades !== undefined) context.skip(unasked);
    const file = at(`${key}-${level}`);
    expect(verdicts.get(file)).toMatchObject({ ok: true, problems: [] });
    expect(second.get(file)).toContain('Signature is Valid');
  });
});

describe.each(STANDARDS)('%s', (standard) => {
  test.for([...SIGNATURE_LEVELS, 'visible', 'twice', 'certified'])(
    'is kept by a signature: %s',
    (name, context) => {
      const file = at(`${flavourOf(standard)}-${name}`);
      expect(rules.get(file) ?? []).toEqual([]);
      if (missing.pades !== undefined) context.skip(unasked);
      expect(verdicts.get(file)).toMatchObject({ ok: true, problems: [] });
    },
  );
});

test('no signed file has a fault of syntax', () => {
  expect(faults).toEqual([]);
});

test('a changed byte is seen, so the others were looked at', (context) => {
  if (missing.pades !== undefined) context.skip(unasked);
  expect(verdicts.get(at('tampered'))).toMatchObject({ ok: false });
});
