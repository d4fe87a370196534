/** Which keys sign documents here: RSA of 2048 to 4096 bits, EC of P-256 and P-384. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { KeyFacts } from '../../../../contract/key.ts';
import { InfluxionError } from '../../../error.ts';

export type KeyKind = Pick<KeyFacts, 'type' | 'size' | 'curve'>;

const SMALLEST = 2048;
const LARGEST = 4096;
const HINT = 'Documents are signed with RSA keys of 2048 to 4096 bits and with EC keys of P-256 or P-384.';

/** As OpenSSL names them. */
const CURVE_OF: Readonly<Record<string, { readonly curve: 'P-256' | 'P-384'; readonly size: number }>> = {
  prime256v1: { curve: 'P-256', size: 256 },
  secp384r1: { curve: 'P-384', size: 384 },
};

const refuse = (message: string): InfluxionError =>
  new InfluxionError('KEY_INVALID', message, { hint: HINT });

/** Of a private or public key. Errors: KEY_INVALID with what it is instead. */
export function kindOf(key: KeyObject): KeyKind {
  const type = key.asymmetricKeyType;
  if (type === 'rsa') {
    const size = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (size < SMALLEST) throw refuse(`The RSA key has ${size} bits, which is too weak for a signature.`);
    if (size > LARGEST) throw refuse(`The RSA key has ${size} bits, more than is supported.`);
    return { type: 'rsa', size, curve: null };
  }
  if (type === 'ec') {
    const name = key.asymmetricKeyDetails?.namedCurve ?? '';
    const known = CURVE_OF[name];
    if (known === undefined) {
      throw refuse(
        `The EC key is of the curve ${name === '' ? 'with its own parameters' : name}, which is not supported.`,
      );
    }
    return { type: 'ec', ...known };
  }
  throw refuse(`The key is of the type ${type ?? 'unknown'}, which is not supported.`);
}

/** The key of PKCS #8 in DER. Errors: KEY_INVALID; nothing of the key goes into it. */
export function openPkcs8(pkcs8: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    throw refuse('The private key is damaged or of an unknown kind.');
  }
}
