/** PKCS #12 files (RFC 7292), whoever wrote them. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { InfluxionError } from '../../../error.ts';
import { Asn1Error, contextTag, readAsn1, readFirstAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { sameBytes } from '../x509/certificate.ts';
import {
  decryptWithPassphrase,
  derivePbkdf2,
  readIterations,
  unsupportedEncryption,
} from './passphrase-encryption.ts';
import { passphraseForms, wipeForms, type PassphraseForm } from './passphrase-forms.ts';
import { derivePkcs12, isDerivationHash, PURPOSE } from './pkcs12-derivation.ts';

export interface KeyFileContent {
  /** PKCS #8 in DER; to be wiped after use. */
  readonly keys: readonly Buffer[];
  /** DER, in no order. */
  readonly certificates: readonly Uint8Array[];
}

const VERSION = 3n;
/** More is a file that is made to keep others waiting: each may cost the derivation of a key. */
const MOST_PARTS = 20;
const MOST_KEYS = 10;
const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};
const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** Whether bytes begin as a PKCS #12 file does. */
export function looksLikePkcs12(bytes: Uint8Array): boolean {
  try {
    const file = readFirstAsn1(bytes).expect(TAG.sequence);
    return file.at(0, TAG.integer).integer === VERSION && file.at(1, TAG.sequence).at(0).tag === TAG.oid;
  } catch {
    return false;
  }
}

/** Errors: KEY_PASSWORD_WRONG; KEY_INVALID (unknown encryption); Asn1Error for a damaged file. */
export async function readPkcs12(bytes: Uint8Array, passphrase: string): Promise<KeyFileContent> {
  const forms = passphraseForms(passphrase);
  const found = { keys: [] as Buffer[], certificates: [] as Uint8Array[] };
  try {
    const file = readFirstAsn1(bytes).expect(TAG.sequence);
    const content = dataOf(file.at(1, TAG.sequence));
    const fitting = await formsOfMac(file.find(TAG.sequence, 2), content, forms);
    if (fitting.length === 0) throw passphraseWrong(passphrase);
    const parts = readAsn1(content).expect(TAG.sequence).children;
    if (parts.length > MOST_PARTS) throw new Asn1Error('The file has too many parts.');
    for (const part of parts) {
      const bags = await openPart(part, fitting);
      if (bags === undefined) throw passphraseWrong(passphrase);
      for (const bag of bags.children) {
        if (!(await readBag(bag, fitting, found))) throw passphraseWrong(passphrase);
      }
    }
    return found;
  } catch (error) {
    for (const key of found.keys) key.fill(0);
    throw error;
  } finally {
    wipeForms(forms);
  }
}

/** Without a passphrase the file is just protected, with one it is the wrong one. */
export const passphraseWrong = (passphrase: string): InfluxionError =>
  passphrase === ''
    ? new InfluxionError('KEY_PASSWORD_WRONG', 'The key file is protected by a passphrase.', {
        hint: 'Give the passphrase it was exported with.',
      })
    : new InfluxionError('KEY_PASSWORD_WRONG', 'The passphrase does not open the key file.', {
        hint: 'Check capital letters and the layout of the keyboard; it is the one chosen when the file was exported.',
      });

/** `ContentInfo` of the type data. */
function dataOf(info: Asn1): Uint8Array {
  if (info.at(0).oid !== OID.pkcs7Data) {
    throw new InfluxionError(
      'KEY_INVALID',
      'The key file is protected by a certificate, not by a passphrase.',
      {
        hint: 'Export it anew with a passphrase.',
      },
    );
  }
  return info.at(1, contextTag(0)).at(0).octets;
}

/** The forms of the passphrase under which the file is whole; all of them when it has no check value. */
async function formsOfMac(
  mac: Asn1 | undefined,
  content: Uint8Array,
  forms: readonly PassphraseForm[],
): Promise<readonly PassphraseForm[]> {
  if (mac === undefined) return forms;
  const info = mac.at(0, TAG.sequence);
  const expected = info.at(1, TAG.octetString).octets;
  const tried: PassphraseForm[] = [];
  for (const form of forms) {
    const inMac = macForm(info, form);
    // Each may cost hundreds of thousands of rounds.
    if (tried.some((other) => sameBytes(macForm(info, other), inMac))) continue;
    tried.push(form);
    const { hash, key } = await macKey(mac, info.at(0, TAG.sequence), inMac);
    const computed = createHmac(hash, key).update(content).digest();
    key.fill(0);
    if (computed.length === expected.length && timingSafeEqual(computed, expected)) {
      return forms.filter((other) => sameBytes(macForm(info, other), inMac));
    }
  }
  return [];
}

/** The bytes of the passphrase that the check value is made of. */
const macForm = (info: Asn1, { wide, narrow }: PassphraseForm): Uint8Array =>
  info.at(0, TAG.sequence).at(0).oid === OID.pbmac1 ? narrow : wide;

async function macKey(
  mac: Asn1,
  algorithm: Asn1,
  passphrase: Uint8Array,
): Promise<{ readonly hash: string; readonly key: Buffer }> {
  const { oid } = algorithm.at(0, TAG.oid);
  if (oid === OID.pbmac1) {
    // RFC 9579: PBKDF2 and an HMAC, each with parameters of its own.
    const parameters = algorithm.at(1, TAG.sequence);
    const hash = HMACS[parameters.at(1, TAG.sequence).at(0).oid];
    const derivation = parameters.at(0, TAG.sequence);
    const length = derivation.at(1, TAG.sequence).at(2, TAG.integer).count;
    if (hash === undefined || length < 16 || length > 64) throw unsupportedEncryption();
    return { hash, key: await derivePbkdf2(derivation, passphrase, length) };
  }
  const hash = DIGESTS[oid];
  if (hash === undefined || !isDerivationHash(hash)) throw unsupportedEncryption();
  const salt = mac.at(1, TAG.octetString).octets;
  const iterations = mac.children.length > 2 ? readIterations(mac.at(2)) : 1;
  const length = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[hash];
  const options = { hash, purpose: PURPOSE.mac, passphrase, salt, iterations, length };
  return { hash, key: await derivePkcs12(options) };
}

/** `SafeContents` of one part of the file; undefined when the passphrase does not open it. */
async function openPart(info: Asn1, forms: readonly PassphraseForm[]): Promise<Asn1 | undefined> {
  const toBags = (bytes: Uint8Array): Asn1 => {
    const bags = readAsn1(bytes).expect(TAG.sequence);
    for (const bag of bags.children) bag.at(0, TAG.oid);
    return bags;
  };
  if (info.at(0).oid !== OID.pkcs7EncryptedData) return toBags(dataOf(info));
  const encrypted = info.at(1, contextTag(0)).at(0, TAG.sequence).at(1, TAG.sequence);
  const content = encrypted.children.find(({ tag }) => tag === 0x80 || tag === 0xa0);
  if (content === undefined) throw new Asn1Error('An encrypted part is empty.');
  return decryptWithPassphrase(encrypted.at(1, TAG.sequence), content.octets, forms, toBags);
}

/** False when the passphrase does not open it. Bags of other kinds are passed over. */
async function readBag(
  bag: Asn1,
  forms: readonly PassphraseForm[],
  found: { readonly keys: Buffer[]; readonly certificates: Uint8Array[] },
): Promise<boolean> {
  const value = bag.at(1, contextTag(0)).at(0);
  switch (bag.at(0).oid) {
    case OID.keyBag:
      countKey(found.keys);
      found.keys.push(Buffer.from(value.expect(TAG.sequence).raw));
      return true;
    case OID.shroudedKeyBag: {
      countKey(found.keys);
      const key = await decryptPkcs8(value, forms);
      if (key !== undefined) found.keys.push(key);
      return key !== undefined;
    }
    case OID.certBag:
      if (value.at(0).oid === OID.x509CertificateBag) {
        found.certificates.push(value.at(1, contextTag(0)).at(0).octets);
      }
      return true;
    case OID.safeContentsBag:
      for (const inner of value.expect(TAG.sequence).children) {
        if (!(await readBag(inner, forms, found))) return false;
      }
      return true;
    default:
      return true;
  }
}

function countKey(keys: readonly Buffer[]): void {
  if (keys.length === MOST_KEYS) throw new Asn1Error('The file has too many private keys.');
}

/** `EncryptedPrivateKeyInfo` (RFC 5958 §3) as PKCS #8 in DER; undefined when the passphrase does not open it. */
export function decryptPkcs8(encrypted: Asn1, forms: readonly PassphraseForm[]): Promise<Buffer | undefined> {
  const data = encrypted.at(1, TAG.octetString).octets;
  return decryptWithPassphrase(encrypted.at(0, TAG.sequence), data, forms, (content) => {
    readAsn1(content).at(0, TAG.integer);
    return content;
  });
}
