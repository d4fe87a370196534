/** Whether a signature over bytes was made by a key, whichever algorithm it names. */
import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';

const HASH_OF: Readonly<Record<string, string>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
  [OID.sha1WithRsa]: 'sha1',
  [OID.sha256WithRsa]: 'sha256',
  [OID.sha384WithRsa]: 'sha384',
  [OID.sha512WithRsa]: 'sha512',
  [OID.ecdsaWithSha1]: 'sha1',
  [OID.ecdsaWithSha256]: 'sha256',
  [OID.ecdsaWithSha384]: 'sha384',
  [OID.ecdsaWithSha512]: 'sha512',
};

/** The name of the hash that an algorithm identifier names itself, as Node writes it. */
export const hashOf = (oid: string): string | undefined => HASH_OF[oid];

export interface SignedBytes {
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  /** `AlgorithmIdentifier` in DER. */
  readonly algorithm: Uint8Array;
  /** The hash where the algorithm names none: `rsaEncryption` and `ecPublicKey` of CMS. */
  readonly hash?: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}

/** False also for an algorithm or a key that is unknown here. */
export function isSignedBy({ data, signature, algorithm, hash, publicKey }: SignedBytes): boolean {
  try {
    const identifier = readAsn1(algorithm);
    const { oid } = identifier.at(0, TAG.oid);
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    if (oid === OID.rsaPss) return verifyPss(identifier.at(1, TAG.sequence), key, data, signature);
    const isPlain = oid === OID.rsaEncryption || oid === OID.ecPublicKey;
    const name = isPlain ? hash : HASH_OF[oid];
    return name !== undefined && verify(name, data, key, signature);
  } catch {
    return false;
  }
}

/** `RSASSA-PSS-params` (RFC 4055 §3.1): hash [0], mask [1] of the same hash, length of the salt [2]. */
function verifyPss(parameters: Asn1, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  const hash = HASH_OF[parameters.find(contextTag(0))?.at(0).at(0).oid ?? OID.sha1];
  const mask = HASH_OF[parameters.find(contextTag(1))?.at(0).at(1).at(0).oid ?? OID.sha1];
  const saltLength = parameters.find(contextTag(2))?.at(0).count ?? 20;
  if (hash === undefined || mask !== hash) return false;
  return verify(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}
