/** A key that is ready to sign. */
import { sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SignatureHash } from '../cms/signature-hash.ts';
import type { Certificate } from '../x509/certificate.ts';
import { kindOf } from './key-kind.ts';

export interface Signer {
  readonly certificate: Certificate;
  /** The issuers that are kept with it, the nearest first. */
  readonly chain: readonly Certificate[];
  readonly type: 'rsa' | 'ec';
  /** The hash that fits the strength of the key. */
  readonly hash: SignatureHash;
  /** RSA: PKCS #1 v1.5 (RFC 8017 §8.2). EC: ECDSA in DER (RFC 3279 §2.2.3). Off the main thread if it takes long. */
  sign(data: Uint8Array, hash: SignatureHash): Promise<Uint8Array>;
}

const signElsewhere = promisify<string, Uint8Array, { key: KeyObject; dsaEncoding: 'der' }, Buffer>(sign);

export function createSigner(
  key: KeyObject,
  certificate: Certificate,
  chain: readonly Certificate[],
): Signer {
  const { type, curve } = kindOf(key);
  return {
    certificate,
    chain,
    type,
    hash: curve === 'P-384' ? 'sha384' : 'sha256',
    async sign(data, hash) {
      const options = { key, dsaEncoding: 'der' } as const;
      // With P-256 it takes a thirtieth of a millisecond, less than the way to another thread and back.
      return curve === 'P-256' ? sign(hash, data, options) : signElsewhere(hash, data, options);
    },
  };
}
