/** Key files as OpenSSL, Java and NSS write them; test/fixtures/keys says how they were made. */
import { createHmac, createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readAsn1 } from '../../../../core/pdf/signing/asn1/asn1.ts';
import * as der from '../../../../core/pdf/signing/asn1/der.ts';
import { readKeyFile } from '../../../../core/pdf/signing/keys/read-key-file.ts';

const FOLDER = path.join(import.meta.dirname, '../../../fixtures/keys');
const file = (name: string): Buffer => readFileSync(path.join(FOLDER, name));

const RSA = 'CN=Zoë Müller,O=Influxion Test,C=XX';
const P256 = 'CN=Signer p256,O=Influxion Test,C=XX';
const P384 = 'CN=Signer p384,O=Influxion Test,C=XX';
const CHAIN = ['CN=Test Intermediate,O=Influxion Test,C=XX', 'CN=Test Root,O=Influxion Test,C=XX'];

describe('a key file', () => {
  it.each([
    ['rsa-aes.p12', 'test', RSA, CHAIN],
    ['rsa-3des.p12', 'test', RSA, CHAIN],
    ['rsa-rc2.p12', 'test', RSA, CHAIN],
    ['rsa-sha512.p12', 'test', RSA, CHAIN],
    ['rsa-2des.p12', 'test', RSA, CHAIN],
    ['rsa-pbes2-3des.p12', 'test', RSA, CHAIN],
    ['rsa-empty.p12', '', RSA, CHAIN],
    ['rsa-3des-empty.p12', '', RSA, CHAIN],
    ['rsa-keybag.p12', 'test', RSA, CHAIN],
    ['rsa-nomac.p12', 'test', RSA, CHAIN],
    ['rsa-utf8.p12', 'pässwörd✓', RSA, CHAIN],
    ['p256-utf8-3des.p12', 'pässwörd✓', P256, CHAIN],
    ['p256-bytes.p12', 'pässwörd✓', P256, CHAIN],
    ['p256-aes.p12', 'test', P256, CHAIN],
    ['p384-aes.p12', 'test', P384, CHAIN],
    ['java.p12', 'testtest', P256, CHAIN],
    ['nss.p12', 'pässwörd', RSA, CHAIN],
    ['rsa-any-order.pem', '', RSA, CHAIN],
    ['rsa-pkcs1.pem', '', RSA, []],
    ['rsa-pkcs1-encrypted.pem', 'test', RSA, []],
    ['rsa-pkcs8-encrypted.pem', 'pässwörd✓', RSA, CHAIN],
    ['p384-pkcs8-3des.pem', 'test', P384, []],
    ['p256-sec1.pem', '', P256, []],
  ])(
    '%s gives its key, its certificate and the issuers in order',
    async (name, passphrase, subject, chain) => {
      const pair = await readKeyFile(file(name), passphrase);
      expect(pair.certificate.subject).toBe(subject);
      expect(pair.chain.map((one) => one.subject)).toEqual(chain);
      const key = createPrivateKey({ key: pair.pkcs8, format: 'der', type: 'pkcs8' });
      expect(new X509Certificate(pair.certificate.der).checkPrivateKey(key)).toBe(true);
    },
  );

  it('opens with an accent that another keyboard composes differently', async () => {
    const decomposed = 'pässwörd✓'.normalize('NFD');
    expect((await readKeyFile(file('rsa-utf8.p12'), decomposed)).certificate.subject).toBe(RSA);
  });

  it.each([
    ['rsa-aes.p12', 'wrong', /does not open/],
    ['rsa-3des.p12', 'wrong', /does not open/],
    ['rsa-nomac.p12', 'wrong', /does not open/],
    ['rsa-aes.p12', '', /protected by a passphrase/],
    ['rsa-pkcs8-encrypted.pem', 'wrong', /does not open/],
    ['rsa-pkcs1-encrypted.pem', 'wrong', /does not open/],
    ['rsa-pkcs1-encrypted.pem', '', /protected by a passphrase/],
  ])('%s does not open with "%s", and says so without telling it', async (name, passphrase, message) => {
    const failure = readKeyFile(file(name), passphrase);
    await expect(failure).rejects.toMatchObject({ code: 'KEY_PASSWORD_WRONG' });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/wrong$/);
  });

  it.each([
    ['no-key.p12', 'KEY_INVALID', /no private key/],
    ['chain.pem', 'KEY_INVALID', /no private key/],
    ['no-certificate.p12', 'KEY_INVALID', /no certificate/],
    ['mismatch.pem', 'KEY_UNUSABLE', /another private key/],
    ['weak.pem', 'KEY_INVALID', /1024 bits.*weak/],
    ['odd.pem', 'KEY_INVALID', /secp256k1/],
    ['ed.pem', 'KEY_INVALID', /ed25519/],
    ['README.md', 'KEY_INVALID', /neither/],
  ])('%s is refused as %s in words', async (name, code, message) => {
    const failure = readKeyFile(file(name), 'test');
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
  });

  it('with a check value of PBMAC1 (RFC 9579) is read, and the check is made', async () => {
    const pbmac1 = withPbmac1(file('rsa-nomac.p12'), 'test');
    expect(
      () => createSecureContext({ pfx: pbmac1, passphrase: 'test' }),
      'OpenSSL takes it too',
    ).not.toThrow();
    expect((await readKeyFile(pbmac1, 'test')).certificate.subject).toBe(RSA);
    await expect(readKeyFile(withPbmac1(file('rsa-nomac.p12'), 'other'), 'test')).rejects.toMatchObject({
      code: 'KEY_PASSWORD_WRONG',
    });
  });

  it('in BER, with open lengths and strings in pieces, is read as well', async () => {
    const pair = await readKeyFile(asBer(file('rsa-aes.p12')), 'test');
    expect([pair.certificate.subject, pair.chain.length]).toEqual([RSA, 2]);
  });

  it('cut off or spoiled at any place is refused, and neither hangs nor crashes', async () => {
    for (const name of ['p256-aes.p12', 'p256-sec1.pem']) {
      const whole = file(name);
      for (let at = 0; at < whole.length; at += 37) {
        const spoiled = Buffer.from(whole);
        spoiled[at] = (spoiled[at] ?? 0) ^ 0x81;
        for (const bytes of [whole.subarray(0, at), spoiled]) {
          const outcome = await readKeyFile(Buffer.from(bytes), 'test').catch((error: unknown) => error);
          if (outcome instanceof Error) {
            expect(outcome).toMatchObject({ code: expect.stringMatching(/^KEY_/) as string });
          }
        }
      }
    }
  });

  it('that asks for a billion rounds of its cipher is refused at once', async () => {
    const slow = withPbmac1(file('rsa-nomac.p12'), 'test', 1_000_000_000);
    await expect(readKeyFile(slow, 'test')).rejects.toThrow(/rounds/);
  });

  it('nested without end is refused', async () => {
    const deep = Buffer.alloc(200_000, Buffer.from([0x30, 0x80]));
    await expect(readKeyFile(deep, 'test')).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });
});

/** As Windows and older Java write it: the outer structures without lengths, the content in pieces of a thousand bytes. */
function asBer(bytes: Buffer): Buffer {
  const open = (tag: number, ...parts: readonly Uint8Array[]): Buffer =>
    Buffer.concat([Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0)]);
  const original = readAsn1(bytes);
  const content = original.at(1).at(1).at(0).octets;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 1000) {
    pieces.push(der.octetString(content.subarray(at, at + 1000)));
  }
  const info = open(0x30, original.at(1).at(0).raw, open(0xa0, open(0x24, ...pieces)));
  return open(0x30, original.at(0).raw, info, original.at(2).raw);
}

/** The file with a check value under PBKDF2 and HMAC-SHA-256; `claimed` is what it says of the rounds. */
function withPbmac1(bytes: Buffer, passphrase: string, claimed = 2048): Buffer {
  const original = readAsn1(bytes);
  const content = original.at(1).at(1).at(0).octets;
  const salt = Buffer.from('0123456789abcdef', 'hex');
  const hmac = der.sequence(der.oid('1.2.840.113549.2.9'), der.nothing());
  const derivation = der.sequence(
    der.oid('1.2.840.113549.1.5.12'),
    der.sequence(der.octetString(salt), der.integer(claimed), der.integer(32), hmac),
  );
  const algorithm = der.sequence(der.oid('1.2.840.113549.1.5.14'), der.sequence(derivation, hmac));
  const mac = createHmac('sha256', pbkdf2Sync(passphrase, salt, 2048, 32, 'sha256'))
    .update(content)
    .digest();
  return Buffer.from(
    der.sequence(
      der.integer(3),
      original.at(1).raw,
      der.sequence(
        der.sequence(algorithm, der.octetString(mac)),
        der.octetString(Buffer.from('NOT USED')),
        der.integer(1),
      ),
    ),
  );
}
