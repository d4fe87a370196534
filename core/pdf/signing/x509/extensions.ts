/** The extensions of a certificate that matter to signing and to the checks of a signature (RFC 5280 §4.2). */
import { Asn1Error, contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { hasBit } from '../asn1/values.ts';

export interface KeyUsage {
  readonly digitalSignature: boolean;
  /** Later called contentCommitment. */
  readonly nonRepudiation: boolean;
  readonly keyCertSign: boolean;
  readonly crlSign: boolean;
}

export interface Extensions {
  /** Undefined: not restricted. */
  readonly keyUsage: KeyUsage | undefined;
  /** Object identifiers. Undefined: not restricted. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and a signer. Undefined: any number. */
  readonly pathLength: number | undefined;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  readonly crlUrls: readonly string[];
  /** A responder of OCSP whose own certificate need not be asked about (RFC 6960 §4.2.2.2.1). */
  readonly hasNoCheck: boolean;
  /** Other names of the subject: each a GeneralName (RFC 5280 §4.2.1.6). */
  readonly otherNames: readonly Asn1[];
  /** Of an authority: which names those below it may have (§4.2.1.10). Undefined: any. */
  readonly nameConstraints: NameConstraints | undefined;
}

export interface NameConstraints {
  /** Each a GeneralName. */
  readonly permitted: readonly Asn1[];
  readonly excluded: readonly Asn1[];
}

/** `GeneralName ::= uniformResourceIdentifier [6]` */
const URI = contextTag(6, false);
const MOST_ADDRESSES = 8;

/** Errors: Asn1Error for an extension that is not written as it has to be, or that comes twice. */
export function readExtensions(list: Asn1 | undefined): Extensions {
  const values = new Map<string, Asn1>();
  for (const extension of list?.children ?? []) {
    const id = extension.at(0, TAG.oid).oid;
    if (values.has(id)) throw new Asn1Error('An extension stands twice in a certificate.');
    if (!READ.has(id)) continue;
    values.set(id, readAsn1(extension.at(extension.children.length - 1, TAG.octetString).octets));
  }
  const accesses = values.get(OID.authorityInfoAccess)?.children ?? [];
  return {
    keyUsage: readKeyUsage(values.get(OID.keyUsage)),
    extendedKeyUsage: values.get(OID.extKeyUsage)?.children.map((purpose) => purpose.oid),
    isAuthority: values.get(OID.basicConstraints)?.find(TAG.boolean)?.boolean ?? false,
    pathLength: values.get(OID.basicConstraints)?.find(TAG.integer)?.count,
    subjectKeyId: values.get(OID.subjectKeyIdentifier)?.expect(TAG.octetString).octets,
    authorityKeyId: values.get(OID.authorityKeyIdentifier)?.find(contextTag(0, false))?.content,
    ocspUrls: accessUrls(accesses, OID.ocsp),
    issuerUrls: accessUrls(accesses, OID.caIssuers),
    crlUrls: crlUrls(values.get(OID.crlDistributionPoints)),
    hasNoCheck: values.has(OID.ocspNoCheck),
    otherNames: values.get(OID.subjectAltName)?.expect(TAG.sequence).children ?? [],
    nameConstraints: readNameConstraints(values.get(OID.nameConstraints)),
  };
}

const READ: ReadonlySet<string> = new Set([
  OID.authorityInfoAccess,
  OID.authorityKeyIdentifier,
  OID.basicConstraints,
  OID.crlDistributionPoints,
  OID.extKeyUsage,
  OID.keyUsage,
  OID.nameConstraints,
  OID.ocspNoCheck,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
]);

function readKeyUsage(value: Asn1 | undefined): KeyUsage | undefined {
  if (value === undefined) return undefined;
  const bits = value.expect(TAG.bitString).bits;
  return {
    digitalSignature: hasBit(bits, 0),
    nonRepudiation: hasBit(bits, 1),
    keyCertSign: hasBit(bits, 5),
    crlSign: hasBit(bits, 6),
  };
}

/** `permittedSubtrees [0]`, `excludedSubtrees [1]`, each a list of `{ base GeneralName … }`. */
function readNameConstraints(value: Asn1 | undefined): NameConstraints | undefined {
  if (value === undefined) return undefined;
  const bases = (number: number): Asn1[] =>
    (value.find(contextTag(number))?.children ?? []).map((subtree) => subtree.at(0));
  return { permitted: bases(0), excluded: bases(1) };
}

const addressOf = (name: Asn1): string => Buffer.from(name.content).toString('latin1');

function accessUrls(accesses: readonly Asn1[], method: string): string[] {
  return accesses
    .filter((access) => access.at(0).oid === method && access.at(1).tag === URI)
    .slice(0, MOST_ADDRESSES)
    .map((access) => addressOf(access.at(1)));
}

/** `distributionPoint [0] { fullName [0] GeneralNames }` */
function crlUrls(points: Asn1 | undefined): string[] {
  return (points?.children ?? [])
    .flatMap((point) => point.find(contextTag(0))?.find(contextTag(0))?.children ?? [])
    .filter((name) => name.tag === URI)
    .slice(0, MOST_ADDRESSES)
    .map(addressOf);
}
