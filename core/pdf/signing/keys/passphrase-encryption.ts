/** What is encrypted with a passphrase: PBES2 (RFC 8018 §6.2) and the older schemes of PKCS #12 (RFC 7292, appendix C). */
import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { Asn1Error, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { InfluxionError } from '../../../error.ts';
import type { PassphraseForm } from './passphrase-forms.ts';
import { derivePkcs12, PURPOSE } from './pkcs12-derivation.ts';

const pbkdf2Async = promisify(pbkdf2);

/** Ten times what careful programs use; more is a file that is made to hold others up. */
const MOST_ITERATIONS = 2_000_000;

interface Scheme {
  /** As Node names it; `rc2` is not Node's. */
  readonly cipher: string;
  readonly keyBytes: number;
}

const PKCS12_SCHEMES: Readonly<Record<string, Scheme>> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyBytes: 24 },
  '1.2.840.113549.1.12.1.4': { cipher: 'des-ede-cbc', keyBytes: 16 },
  '1.2.840.113549.1.12.1.5': { cipher: 'rc2', keyBytes: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyBytes: 5 },
};

const PBES2_SCHEMES: Readonly<Record<string, Scheme>> = {
  '1.2.840.113549.3.7': { cipher: 'des-ede3-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.2': { cipher: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { cipher: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { cipher: 'aes-256-cbc', keyBytes: 32 },
};

const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** A scheme that is not read here. */
export const unsupportedEncryption = (): InfluxionError =>
  new InfluxionError('KEY_INVALID', 'The key file is encrypted in a way that is not supported.', {
    hint: 'Export it anew as PKCS #12 with AES, or with: openssl pkcs12 -export.',
  });

/** How often a key is derived. Errors: KEY_INVALID for what would hold up everything else. */
export function readIterations(value: Asn1): number {
  const iterations = value.count;
  if (iterations >= 1 && iterations <= MOST_ITERATIONS) return iterations;
  throw new InfluxionError(
    'KEY_INVALID',
    'The key file asks for more rounds of its cipher than are done here.',
    {
      hint: `Export it anew with at most ${MOST_ITERATIONS} iterations.`,
    },
  );
}

/**
 * The content of `encrypted` under the first form of the passphrase that opens it to something `accepts` takes;
 * undefined when none does. Errors: KEY_INVALID (unknown scheme), Asn1Error.
 */
export async function decryptWithPassphrase<Value>(
  algorithm: Asn1,
  encrypted: Uint8Array,
  forms: readonly PassphraseForm[],
  accept: (content: Buffer) => Value,
): Promise<Value | undefined> {
  for (const form of forms) {
    const content = await decrypt(algorithm, encrypted, form);
    if (content === undefined) continue;
    try {
      return accept(content);
    } catch (error) {
      // A wrong key leaves valid padding once in 256 times.
      content.fill(0);
      if (!(error instanceof Asn1Error)) throw error;
    }
  }
  return undefined;
}

async function decrypt(
  algorithm: Asn1,
  encrypted: Uint8Array,
  form: PassphraseForm,
): Promise<Buffer | undefined> {
  const { oid } = algorithm.at(0, TAG.oid);
  const parameters = algorithm.at(1, TAG.sequence);
  if (oid === OID.pbes2) return decryptPbes2(parameters, encrypted, form);
  const scheme = PKCS12_SCHEMES[oid];
  if (scheme === undefined) throw unsupportedEncryption();
  const salt = parameters.at(0, TAG.octetString).octets;
  const iterations = readIterations(parameters.at(1));
  const derive = (purpose: 1 | 2, length: number): Promise<Buffer> =>
    derivePkcs12({ hash: 'sha1', purpose, passphrase: form.wide, salt, iterations, length });
  const key = await derive(PURPOSE.key, scheme.keyBytes);
  const iv = await derive(PURPOSE.iv, 8);
  return decipher(scheme.cipher, key, iv, encrypted);
}

async function decryptPbes2(
  parameters: Asn1,
  encrypted: Uint8Array,
  form: PassphraseForm,
): Promise<Buffer | undefined> {
  const encryption = parameters.at(1, TAG.sequence);
  const scheme = PBES2_SCHEMES[encryption.at(0).oid];
  if (scheme === undefined) throw unsupportedEncryption();
  const key = await derivePbkdf2(parameters.at(0, TAG.sequence), form.narrow, scheme.keyBytes);
  return decipher(scheme.cipher, key, encryption.at(1, TAG.octetString).octets, encrypted);
}

/** `derivation` names PBKDF2 and its parameters (RFC 8018, appendix A.2). Errors: KEY_INVALID, Asn1Error. */
export async function derivePbkdf2(
  derivation: Asn1,
  passphrase: Uint8Array,
  length: number,
): Promise<Buffer> {
  if (derivation.at(0).oid !== OID.pbkdf2) throw unsupportedEncryption();
  const parameters = derivation.at(1, TAG.sequence);
  const salt = parameters.at(0, TAG.octetString).octets;
  const iterations = readIterations(parameters.at(1));
  const given = parameters.find(TAG.sequence)?.at(0).oid;
  const hash = given === undefined ? 'sha1' : HMACS[given];
  if (hash === undefined) throw unsupportedEncryption();
  return pbkdf2Async(passphrase, salt, iterations, length, hash);
}

async function decipher(
  cipher: string,
  key: Buffer,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Promise<Buffer | undefined> {
  try {
    if (cipher === 'rc2') return await decipherRc2(key, iv, encrypted);
    const decryption = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decryption.update(encrypted), decryption.final()]);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'ERR_CRYPTO_INVALID_IV') throw new Asn1Error('A nonce is not as long as it has to be.');
    return undefined;
  } finally {
    key.fill(0);
  }
}

/** OpenSSL 3 keeps RC2 in a module that Node does not load. */
async function decipherRc2(key: Buffer, iv: Uint8Array, encrypted: Uint8Array): Promise<Buffer | undefined> {
  const { default: forge } = await import('node-forge');
  const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const decryption = forge.rc2.createDecryptionCipher(binary(key), key.length * 8);
  decryption.start(binary(iv));
  decryption.update(forge.util.createBuffer(binary(encrypted)));
  if (!decryption.finish()) return undefined;
  return Buffer.from(decryption.output.getBytes(), 'latin1');
}
