import { createPrivateKey, randomBytes, verify, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateKeyRequest, KeyFacts } from '../../../../contract/key.ts';
import { issue, pemOf } from '../../../support/signing-authority.ts';
import { openSigningKeysWorld, type SigningKeysWorld } from '../../../support/signing-keys-world.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../fixtures/keys');
const fixture = (name: string): Buffer => readFileSync(path.join(FIXTURES, name));
const DAY_MS = 24 * 60 * 60_000;

const request = (fields: object): CreateKeyRequest =>
  CreateKeyRequest.parse({ id: 'sign-key-id', ...fields });

let world: SigningKeysWorld;
beforeEach(() => {
  world = openSigningKeysWorld();
});
afterEach(() => {
  world[Symbol.dispose]();
});

describe('a key that is made here', () => {
  it.each([
    [{ type: 'rsa', size: 2048 }, { type: 'rsa', size: 2048, curve: null }, 'sha256'],
    [{ type: 'rsa' }, { type: 'rsa', size: 3072, curve: null }, 'sha256'],
    [{ type: 'ec' }, { type: 'ec', size: 256, curve: 'P-256' }, 'sha256'],
    [{ type: 'ec', curve: 'P-384' }, { type: 'ec', size: 384, curve: 'P-384' }, 'sha384'],
  ] as const)(
    '%j has a certificate for signing and signs, also after a restart',
    async (fields, expected, hash) => {
      const made = await world.keys.create(
        request({
          ...fields,
          common_name: 'Zoë & Co, "Ltd"',
          organization: 'Exämple',
          country: 'DE',
          email: 'a@example.org',
        }),
      );
      expect(KeyFacts.parse(made)).toMatchObject({
        ...expected,
        id: 'sign-key-id',
        subject: String.raw`CN=Zoë & Co\, \"Ltd\",O=Exämple,C=DE`,
        self_signed: true,
        chain: [],
      });
      expect(made.warnings).toEqual([expect.stringContaining('self-signed')]);
      expect(made.protection).toContain('AES-256-GCM');

      const certificate = new X509Certificate(world.keys.exportCertificates('sign-key-id'));
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.fingerprint256).toBe(made.fingerprint);
      expect(certificate.ca).toBe(false);
      expect(certificate.subjectAltName).toBe('email:a@example.org');
      expect(Date.parse(made.not_after) - Date.parse(made.not_before)).toBeGreaterThan(3 * 365 * DAY_MS);

      const signer = await world.reopen().signer('sign-key-id');
      expect(signer.hash).toBe(hash);
      const data = randomBytes(1000);
      for (const each of ['sha256', 'sha384', 'sha512'] as const) {
        expect(verify(each, data, certificate.publicKey, await signer.sign(data, each))).toBe(true);
      }
    },
  );

  it('does not take the name of another one, also when both are made at once', async () => {
    const both = await Promise.allSettled([
      world.keys.create(request({ type: 'ec' })),
      world.keys.create(request({ type: 'ec' })),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(world.keys.create(request({ type: 'ec' }))).rejects.toMatchObject({ code: 'KEY_EXISTS' });
    expect(
      readdirSync(path.join(world.folder, 'secrets')).filter((name) => name.startsWith('signing')),
    ).toHaveLength(1);
    expect(() => world.keys.assertUsable('sign-key-id')).not.toThrow();
  });
});

describe('an imported key', () => {
  it('keeps its issuers, and exports them without the private key', async () => {
    const facts = await world.keys.import({ id: 'a', file: fixture('rsa-aes.p12'), passphrase: 'test' });
    expect(facts).toMatchObject({ self_signed: false, warnings: [] });
    expect(facts.chain).toHaveLength(2);
    const pem = world.reopen().exportCertificates('a');
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(pem).not.toContain('PRIVATE');
    expect(world.reopen().list()).toEqual([facts]);
  });

  it('is refused when its certificate has expired, and taken with a warning when it is not valid yet', async () => {
    const now = world.clock.now();
    const expired = issue({ name: 'Expired', notBefore: now - 9 * DAY_MS, notAfter: now - DAY_MS });
    await expect(world.keys.import({ id: 'old', file: pemOf(expired) })).rejects.toMatchObject({
      code: 'KEY_UNUSABLE',
      message: expect.stringContaining('expired on') as string,
    });
    const early = issue({ name: 'Early', notBefore: now + 3 * DAY_MS });
    const facts = await world.keys.import({ id: 'early', file: pemOf(early) });
    expect(facts.warnings.join()).toContain('not valid before');
    expect(() => world.keys.assertUsable('early')).toThrow(/not valid before/);
    await expect(world.keys.signer('early')).rejects.toMatchObject({ code: 'KEY_UNUSABLE' });
    world.clock.advance(4 * DAY_MS);
    expect(() => world.keys.assertUsable('early')).not.toThrow();
    world.clock.advance(400 * DAY_MS);
    expect(() => world.keys.assertUsable('early')).toThrow(/expired on/);
    expect(world.keys.get('early').warnings.join()).toContain('expired on');
  });

  it.each([
    ['a key usage without signing', { usage: 0x20 }, /key usage/],
    ['the purpose of TLS servers', { purposes: ['1.3.6.1.5.5.7.3.1'] }, /only for TLS servers/],
    ['the purpose of time stamps', { purposes: ['1.3.6.1.5.5.7.3.8'] }, /only for time stamps/],
    ['an authority that signs certificates only', { authority: true }, /key usage/],
  ])('is refused with %s', async (_what, options, message) => {
    const file = pemOf(issue({ name: 'Other use', ...options }));
    const failure = world.keys.import({ id: 'a', file });
    await expect(failure).rejects.toMatchObject({ code: 'KEY_UNUSABLE' });
    await expect(failure).rejects.toThrow(message);
    expect(world.keys.list()).toEqual([]);
  });

  it('is told what others may find wrong with it', async () => {
    const root = issue({ name: 'Root', authority: true });
    const warningsOf = async (id: string, file: Buffer): Promise<string> =>
      (await world.keys.import({ id, file })).warnings.join();
    expect(
      await warningsOf('sha1', pemOf(issue({ name: 'Old', issuer: root, hash: 'sha1' }), root)),
    ).toContain('SHA-1');
    expect(await warningsOf('alone', pemOf(issue({ name: 'Alone', issuer: root })))).toContain(
      'issuer is missing',
    );
    expect(
      await warningsOf(
        'code',
        pemOf(issue({ name: 'Code', issuer: root, purposes: ['1.3.6.1.5.5.7.3.3'] }), root),
      ),
    ).toContain('extended key usage');
    expect(
      await warningsOf(
        'soon',
        pemOf(issue({ name: 'Soon', issuer: root, notAfter: Date.now() + 5 * DAY_MS }), root),
      ),
    ).toContain('expires on');
    expect(await warningsOf('fine', pemOf(issue({ name: 'Fine', issuer: root }), root))).toBe('');
  });
});

describe('a key', () => {
  it('that nobody has is not found, whatever is asked of it', async () => {
    expect(() => world.keys.get('none')).toThrow(expect.objectContaining({ code: 'KEY_NOT_FOUND' }) as Error);
    expect(() => world.keys.assertUsable('none')).toThrow(/no signing key named "none"/);
    await expect(world.keys.signer('none')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    await expect(world.keys.remove('none')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
  });

  it('that is removed is gone with its secret, even when it was open', async () => {
    await world.keys.create(request({ type: 'ec' }));
    await world.keys.signer('sign-key-id');
    await world.keys.remove('sign-key-id');
    await expect(world.keys.signer('sign-key-id')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    expect(readdirSync(path.join(world.folder, 'secrets'))).toEqual(['secret.key']);
    await expect(world.keys.create(request({ type: 'ec' }))).resolves.toMatchObject({ id: 'sign-key-id' });
  });

  it('whose secret is damaged, missing or under another key is locked, not crashed, and can be removed', async () => {
    await world.keys.create(request({ type: 'ec' }));
    const elsewhere = world.reopen(randomBytes(32).toString('base64'));
    await expect(elsewhere.signer('sign-key-id')).rejects.toMatchObject({ code: 'KEY_LOCKED' });
    const secrets = path.join(world.folder, 'secrets');
    const file = path.join(secrets, readdirSync(secrets).find((name) => name.startsWith('signing')) ?? '');
    const sealed = readFileSync(file);
    sealed[30] = (sealed[30] ?? 0) ^ 1;
    writeFileSync(file, sealed);
    await expect(world.reopen().signer('sign-key-id')).rejects.toMatchObject({ code: 'KEY_LOCKED' });
    expect(world.reopen().get('sign-key-id').id).toBe('sign-key-id');
    await world.reopen().remove('sign-key-id');
    expect(world.reopen().list()).toEqual([]);
  });

  it('leaves nothing secret on the disk, in the log or in an error', async () => {
    const passphrase = 'pässwörd✓';
    const pem = fixture('rsa-any-order.pem').toString();
    const key = createPrivateKey(
      pem.slice(pem.indexOf('-----BEGIN PRIVATE'), pem.indexOf('-----END PRIVATE') + 25),
    );
    const { d = '', p = '' } = key.export({ format: 'jwk' });

    await world.keys.import({ id: 'a', file: fixture('rsa-utf8.p12'), passphrase });
    await world.keys.signer('a');
    const errors = await Promise.all(
      [
        world.keys.import({ id: 'a', file: fixture('rsa-utf8.p12'), passphrase }),
        world.keys.import({ id: 'b', file: fixture('rsa-utf8.p12'), passphrase: `${passphrase}!` }),
        world.keys.import({ id: 'b', file: fixture('mismatch.pem'), passphrase }),
        world.reopen(randomBytes(32).toString('hex')).signer('a'),
      ].map((work) => work.catch((error: unknown) => inspect(error, { depth: 9, showHidden: true }))),
    );
    world.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');

    const told = Buffer.from(
      [...errors.map(String), inspect(world.log, { depth: 9 }), JSON.stringify(world.keys.list())].join('\n'),
    );
    for (const [where, bytes] of [
      ['disk', world.everything()],
      ['words', told],
    ] as const) {
      for (const part of [Buffer.from(d, 'base64url'), Buffer.from(p, 'base64url')]) {
        const middle = part.subarray(20, 52);
        expect(bytes.includes(middle), `raw on the ${where}`).toBe(false);
        expect(bytes.includes(middle.toString('hex')), `hex on the ${where}`).toBe(false);
        expect(
          bytes.includes(middle.subarray(0, 30).toString('base64').slice(2, -4)),
          `base64 on the ${where}`,
        ).toBe(false);
      }
      expect(bytes.includes(passphrase), `passphrase on the ${where}`).toBe(false);
      expect(bytes.includes('PRIVATE KEY'), `PEM on the ${where}`).toBe(false);
    }
  });

  it('wipes the bytes of the file that it came from', async () => {
    const file = fixture('rsa-any-order.pem');
    await world.keys.import({ id: 'a', file });
    expect(file.every((byte) => byte === 0)).toBe(true);
  });
});

describe('what a key is asked to be', () => {
  it.each([
    [{ id: '../x' }],
    [{ id: '' }],
    [{ id: 'a'.repeat(201) }],
    [{ size: 1024 }],
    [{ type: 'ec', size: 2048 }],
    [{ type: 'rsa', curve: 'P-256' }],
    [{ country: 'Germany' }],
    [{ common_name: 'a\u001b[31m' }],
    [{ valid_years: 100 }],
    [{ type: 'ed25519' }],
  ])('is refused when it is %j', (fields) => {
    expect(CreateKeyRequest.safeParse({ id: 'x', ...fields }).success).toBe(false);
  });
});
