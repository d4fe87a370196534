/** The hash functions that signatures are made with here. */
import * as der from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';

export type SignatureHash = 'sha256' | 'sha384' | 'sha512';

/** `AlgorithmIdentifier` of a hash; RFC 5754 §2 leaves the parameters out. */
export const hashAlgorithm = (hash: SignatureHash): Uint8Array => der.sequence(der.oid(OID[hash]));
