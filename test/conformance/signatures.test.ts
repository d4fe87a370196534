/** Signatures before pyHanko, EU DSS and pdfsig: every kind of key at every level, and what a signature must not break. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SIGNATURE_LEVELS, type SignatureLevel, type SignatureOptions } from '../../contract/document.ts';
import type { PdfStandard } from '../../contract/standard.ts';
import type { SigningNetwork } from '../../core/pdf/signing/trust/signing-network.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { openSigningKeysWorld } from '../support/signing-keys-world.ts';
import { signWith } from '../support/signing-world.ts';
import { flavourOf } from './levels.ts';
import { pades, pdfsig, qpdfFaults, verapdf, type PadesVerdict } from './oracles.ts';
import { openProduct, type Product } from './product.ts';
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
  '<!doctype html><html lang="en"><head><title>Agreement</title></head><body><h1>Agreement</h1><p>We agree.</p><div id="signature" style="width: 6cm; height: 2cm"></div></body></html>';
const BOX = { page: 1, x: 60, y: 600, width: 200, height: 60 };

const CASES = [...SIGNATURE_LEVELS, 'placed', 'anchored', 'twice', 'certified'];

const missing = inject('missingOracles');
const folder = mkdtempSync(path.join(tmpdir(), 'influxion-signatures-'));
const at = (name: string): string => path.join(folder, `${name}.pdf`);

let pki: TestPki;
let product: Product;
const keyWorld = openSigningKeysWorld();

const verdicts = new Map<string, PadesVerdict>();
const second = new Map<string, string>();
const rules = new Map<string, readonly string[]>();
let faults: string[] = [];

const network = (): SigningNetwork => ({
  timeStamp: { url: `${pki.url}/tsa` },
  revocation: 'from-certificates',
  timeoutMs: 20_000,
});

interface Order {
  readonly key: (typeof KEYS)[number];
  readonly standard: PdfStandard;
  readonly signature: SignatureOptions & { readonly level: SignatureLevel };
}

/** By the product's own way, from the template to the signed file. */
async function sign(name: string, { key, standard, signature }: Order): Promise<void> {
  const { pdf, signature: reached } = await product.run(
    { html_template: { content: HTML }, pdf_standard: standard, sign_key_id: key, signature },
    { signal: AbortSignal.timeout(60_000), onStage: () => undefined },
  );
  expect(reached).toMatchObject({ key_id: key, level: signature.level });
  writeFileSync(at(name), await wholePdf(pdf));
}

/** A second signature on a document that has one. */
async function signAgain(name: string, source: string, standard: PdfStandard): Promise<void> {
  const signer = await keyWorld.keys.signer('p256');
  const { bytes } = await signWith(signer, { pdf: readFileSync(at(source)), standards: [standard] });
  writeFileSync(at(name), bytes);
}

/** What is signed at which level; made in the order given. */
async function signAll(): Promise<Map<SignatureLevel | 'any', string[]>> {
  const made = new Map<SignatureLevel | 'any', string[]>();
  const keep = (level: SignatureLevel | 'any', name: string): void => {
    made.set(level, [...(made.get(level) ?? []), at(name)]);
  };
  for (const level of SIGNATURE_LEVELS) {
    for (const key of KEYS) {
      await sign(`${key}-${level}`, { key, standard: 'pdf/a-2b', signature: { level } });
      keep(level, `${key}-${level}`);
    }
    for (const standard of STANDARDS) {
      const name = `${flavourOf(standard)}-${level}`;
      const signature = { level, reason: 'Approved', location: 'Köln' };
      await sign(name, { key: 'p256', standard, signature });
      keep(level, name);
    }
  }
  for (const standard of STANDARDS) {
    const [placed, anchored, twice, certified] = ['placed', 'anchored', 'twice', 'certified'].map(
      (name) => `${flavourOf(standard)}-${name}`,
    ) as [string, string, string, string];
    const order = { key: 'rsa2048', standard } as const;
    await sign(placed, { ...order, signature: { level: 'B-B', visible: BOX } });
    await sign(anchored, { ...order, signature: { level: 'B-B', visible: { anchor: '#signature' } } });
    await sign(certified, { ...order, signature: { level: 'B-B', certify: 'form-filling' } });
    await signAgain(twice, placed, standard);
    for (const name of [placed, anchored, twice, certified]) keep('B-B', name);
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
  for (const id of KEYS) {
    const file = readFileSync(path.join(pki.folder, `${id}.p12`));
    await keyWorld.keys.import({ id, file, passphrase: 'test' });
  }
  product = openProduct({ keys: keyWorld.keys, network: () => Promise.resolve(network()) });
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
      CASES.map((name) => ({
        file: at(`${flavourOf(standard)}-${name}`),
        flavours: [flavourOf(standard)],
      })),
    );
    for (const { file, rules: broken } of await verapdf(tasks)) rules.set(file, broken);
  }
  faults = (await qpdfFaults(files)).map(({ file, text }) => `${path.basename(file)}: ${text}`);
});

afterAll(async () => {
  await product[Symbol.asyncDispose]();
  keyWorld[Symbol.dispose]();
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
  test.for(CASES)('is kept by a signature: %s', (name, context) => {
    const file = at(`${flavourOf(standard)}-${name}`);
    expect(rules.get(file) ?? []).toEqual([]);
    if (missing.pades !== undefined) context.skip(unasked);
    expect(verdicts.get(file)).toMatchObject({ ok: true, problems: [] });
  });
});

test('no signed file has a fault of syntax', () => {
  expect(faults).toEqual([]);
});

test('a changed byte is seen, so the others were looked at', (context) => {
  if (missing.pades !== undefined) context.skip(unasked);
  expect(verdicts.get(at('tampered'))).toMatchObject({ ok: false });
});
