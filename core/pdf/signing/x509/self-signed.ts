/** A certificate that a key issues for itself (RFC 5280 §4.1), for signing documents and nothing else. */
import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { readAsn1 } from '../asn1/asn1.ts';
import * as der from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { mailName, writeName, type SubjectFields } from './names.ts';

export interface SelfSignedOptions extends SubjectFields {
  readonly email?: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const VERSION_3 = 2;
const SERIAL_BYTES = 16;

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign);

/** The certificate in DER. The key is RSA or of a curve P-256 or P-384. */
export async function makeSelfSigned(key: KeyObject, options: SelfSignedOptions): Promise<Uint8Array> {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const { algorithm, hash } = signatureOf(key);
  const name = writeName(options);
  const signed = der.sequence(
    der.explicit(0, der.integer(VERSION_3)),
    der.unsignedInteger(serialNumber()),
    algorithm,
    name,
    der.sequence(der.time(options.notBefore), der.time(options.notAfter)),
    name,
    publicKey,
    der.explicit(3, der.sequence(...extensions(publicKey, options.email))),
  );
  return der.sequence(signed, algorithm, der.bitString(await signAsync(hash, signed, key)));
}

function signatureOf(key: KeyObject): { readonly algorithm: Uint8Array; readonly hash: string } {
  if (key.asymmetricKeyType === 'rsa') {
    return { algorithm: der.sequence(der.oid(OID.sha256WithRsa), der.nothing()), hash: 'sha256' };
  }
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
    ? { algorithm: der.sequence(der.oid(OID.ecdsaWithSha384)), hash: 'sha384' }
    : { algorithm: der.sequence(der.oid(OID.ecdsaWithSha256)), hash: 'sha256' };
}

/** Positive and random (RFC 5280 §4.1.2.2). */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function extensions(publicKey: Uint8Array, email: string | undefined): Uint8Array[] {
  // SHA-1 of the key's bits, as RFC 5280 §4.2.1.2 names identifiers.
  const keyId = createHash('sha1').update(readAsn1(publicKey).at(1).bits).digest();
  const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
    der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
  // digitalSignature and nonRepudiation, six bits unused.
  const usage = der.bitString(Uint8Array.of(0b1100_0000), 6);
  return [
    extension(OID.basicConstraints, der.sequence(), true),
    extension(OID.keyUsage, usage, true),
    extension(OID.subjectKeyIdentifier, der.octetString(keyId)),
    extension(OID.authorityKeyIdentifier, der.sequence(der.implicit(0, der.octetString(keyId)))),
    ...(email === undefined ? [] : [extension(OID.subjectAltName, der.sequence(mailName(email)))]),
  ];
}
