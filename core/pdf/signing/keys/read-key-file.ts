/** A key file as the key that it holds for signing, its certificate and the issuers. */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { InfluxionError } from '../../../error.ts';
import { Asn1Error } from '../asn1/asn1.ts';
import { parseCertificate, sameBytes, type Certificate } from '../x509/certificate.ts';
import { orderChain } from '../x509/chain.ts';
import { kindOf, openPkcs8 } from './key-kind.ts';
import { looksLikePem, readPem } from './pem.ts';
import { looksLikePkcs12, readPkcs12, type KeyFileContent } from './pkcs12.ts';

export interface KeyPair {
  /** PKCS #8 in DER; to be wiped after use. */
  readonly pkcs8: Buffer;
  readonly certificate: Certificate;
  /** The issuers, the nearest first. */
  readonly chain: readonly Certificate[];
}

const invalid = (message: string, hint: string): InfluxionError =>
  new InfluxionError('KEY_INVALID', message, { hint });

/**
 * Errors: KEY_PASSWORD_WRONG; KEY_INVALID (no key file, damaged, no key or several, no certificate, a kind of key that does
 * not sign here); KEY_UNUSABLE (the certificate belongs to another key).
 */
export async function readKeyFile(bytes: Uint8Array, passphrase: string): Promise<KeyPair> {
  try {
    const content = await readContent(bytes, passphrase);
    try {
      return await choosePair(content);
    } catch (error) {
      for (const key of content.keys) key.fill(0);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    throw invalid(`The key file is damaged: ${error.message}`, 'Export it anew.');
  }
}

function readContent(bytes: Uint8Array, passphrase: string): Promise<KeyFileContent> {
  if (looksLikePem(bytes)) return readPem(bytes, passphrase);
  if (looksLikePkcs12(bytes)) return readPkcs12(bytes, passphrase);
  throw invalid(
    'This is neither a PKCS #12 file nor PEM.',
    'Export the key with its certificate as .p12 or .pfx, or give PEM with both.',
  );
}

async function choosePair({ keys, certificates }: KeyFileContent): Promise<KeyPair> {
  if (keys.length === 0) {
    throw invalid(
      'The file holds no private key.',
      'Export the certificate together with its private key; a certificate alone cannot sign.',
    );
  }
  if (certificates.length === 0) {
    throw invalid(
      'The file holds a private key but no certificate.',
      'Put the certificate into the same file, or give both files.',
    );
  }
  const known = certificates.map(parseCertificate);
  const pairs: KeyPair[] = [];
  for (const pkcs8 of keys) {
    const key = openPkcs8(pkcs8);
    const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const certificate = known.find((one) => sameBytes(one.publicKey, publicKey));
    if (certificate === undefined) continue;
    kindOf(key);
    await proveKey(key, certificate);
    pairs.push({ pkcs8, certificate, chain: orderChain(certificate, known) });
  }
  const [pair, second] = pairs;
  if (pair === undefined) {
    kindOf(openPkcs8(keys[0] ?? Buffer.alloc(0)));
    throw new InfluxionError('KEY_UNUSABLE', 'The certificate in the file belongs to another private key.', {
      hint: 'Give the certificate that was issued for this key.',
    });
  }
  if (second !== undefined) {
    throw invalid('The file holds several keys with certificates.', 'Export the one that is to sign alone.');
  }
  return pair;
}

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign);
const PROBE = Buffer.from('influxion');

/** A key that does not fit its own public part would make signatures that nobody can verify. */
async function proveKey(key: KeyObject, { publicKey }: Certificate): Promise<void> {
  const signature = await signAsync('sha256', PROBE, key).catch(() => undefined);
  const verifier = { key: Buffer.from(publicKey), format: 'der', type: 'spki' } as const;
  if (signature !== undefined && verify('sha256', PROBE, verifier, signature)) return;
  throw invalid('The private key is damaged: what it signs cannot be verified.', 'Export it anew.');
}
