/** Certificates of a small certification authority, with every fault that a test asks for. Keys are made for the test run. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { readAsn1 } from '../../core/pdf/signing/asn1/asn1.ts';
import * as der from '../../core/pdf/signing/asn1/der.ts';
import { OID } from '../../core/pdf/signing/asn1/oids.ts';
import { parseCertificate, type Certificate } from '../../core/pdf/signing/x509/certificate.ts';
import { writeName } from '../../core/pdf/signing/x509/names.ts';

export interface Issued {
  readonly key: KeyObject;
  readonly certificate: Certificate;
}

export interface IssueOptions {
  readonly name: string;
  readonly type?: 'rsa' | 'P-256' | 'P-384';
  /** Whoever signs it; itself when absent. */
  readonly issuer?: Issued;
  /** Milliseconds since the epoch; by default yesterday and in a year. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** The first octet of the key usage: 0x80 digitalSignature, 0x40 nonRepudiation, 0x04 keyCertSign, 0x02 cRLSign. */
  readonly usage?: number;
  readonly purposes?: readonly string[];
  readonly authority?: boolean;
  readonly ocspUrl?: string;
  readonly crlUrl?: string;
  readonly issuerUrl?: string;
  /** That of a responder which need not be asked about. */
  readonly noCheck?: boolean;
  /** GeneralNames in DER that those below an authority may have, and may not have. */
  readonly permitted?: readonly Uint8Array[];
  readonly excluded?: readonly Uint8Array[];
  /** More names of the subject, GeneralNames in DER. */
  readonly otherNames?: readonly Uint8Array[];
  /** Default sha256. */
  readonly hash?: 'sha1' | 'sha256';
}

const DAY_MS = 24 * 60 * 60_000;

/** Making RSA keys is slow; one of each kind and name serves a whole test file. */
const keys = new Map<string, KeyObject>();

function keyFor(name: string, type: 'rsa' | 'P-256' | 'P-384'): KeyObject {
  const id = `${type} ${name}`;
  let key = keys.get(id);
  if (key === undefined) {
    key =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : generateKeyPairSync('ec', { namedCurve: type }).privateKey;
    keys.set(id, key);
  }
  return key;
}

const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** `AlgorithmIdentifier` of a signature with a key. */
export function signatureAlgorithm(key: KeyObject, hash: 'sha1' | 'sha256' = 'sha256'): Uint8Array {
  if (key.asymmetricKeyType === 'rsa') {
    return der.sequence(der.oid(hash === 'sha1' ? OID.sha1WithRsa : OID.sha256WithRsa), der.nothing());
  }
  return der.sequence(der.oid(hash === 'sha1' ? OID.ecdsaWithSha1 : OID.ecdsaWithSha256));
}

function nameExtensions({ permitted, excluded, otherNames }: IssueOptions): [string, Uint8Array][] {
  const subtrees = (number: number, names: readonly Uint8Array[] | undefined): Uint8Array[] =>
    names === undefined ? [] : [der.explicit(number, ...names.map((name) => der.sequence(name)))];
  const constraints = [...subtrees(0, permitted), ...subtrees(1, excluded)];
  return [
    ...(constraints.length === 0
      ? []
      : ([[OID.nameConstraints, der.sequence(...constraints)]] as [string, Uint8Array][])),
    ...(otherNames === undefined
      ? []
      : ([[OID.subjectAltName, der.sequence(...otherNames)]] as [string, Uint8Array][])),
  ];
}

export function issue(options: IssueOptions): Issued {
  const { name, type = 'P-256', issuer, usage = 0xc0, hash = 'sha256', authority = false } = options;
  const key = keyFor(name, type);
  const signer = issuer?.key ?? key;
  const subject = writeName({ commonName: name, organization: 'Influxion Test', country: 'XX' });
  const spki = spkiOf(key);
  const keyId = (bytes: Uint8Array): Buffer => createHash('sha1').update(readAsn1(bytes).at(1).bits).digest();
  const extension = (id: string, value: Uint8Array): Uint8Array =>
    der.sequence(der.oid(id), der.octetString(value));
  const uri = (url: string): Uint8Array => der.implicit(6, der.ia5String(url));
  const access = (method: string, url: string | undefined): Uint8Array[] =>
    url === undefined ? [] : [der.sequence(der.oid(method), uri(url))];
  const accesses = [...access(OID.ocsp, options.ocspUrl), ...access(OID.caIssuers, options.issuerUrl)];
  const algorithm = signatureAlgorithm(signer, hash);
  const signed = der.sequence(
    der.explicit(0, der.integer(2)),
    der.unsignedInteger(Buffer.concat([Uint8Array.of(0x11), randomBytes(8)])),
    algorithm,
    issuer?.certificate.subjectName ?? subject,
    der.sequence(
      der.time(options.notBefore ?? Date.now() - DAY_MS),
      der.time(options.notAfter ?? Date.now() + 365 * DAY_MS),
    ),
    subject,
    spki,
    der.explicit(
      3,
      der.sequence(
        extension(OID.basicConstraints, der.sequence(...(authority ? [der.boolean(true)] : []))),
        extension(OID.keyUsage, der.bitString(Uint8Array.of(authority ? 0x06 : usage), 0)),
        extension(OID.subjectKeyIdentifier, der.octetString(keyId(spki))),
        extension(
          OID.authorityKeyIdentifier,
          der.sequence(der.implicit(0, der.octetString(keyId(issuer?.certificate.publicKey ?? spki)))),
        ),
        ...(options.purposes === undefined
          ? []
          : [extension(OID.extKeyUsage, der.sequence(...options.purposes.map(der.oid)))]),
        ...(accesses.length === 0 ? [] : [extension(OID.authorityInfoAccess, der.sequence(...accesses))]),
        ...nameExtensions(options).map(([id, value]) => extension(id, value)),
        ...(options.noCheck === true ? [extension(OID.ocspNoCheck, der.nothing())] : []),
        ...(options.crlUrl === undefined
          ? []
          : [
              extension(
                OID.crlDistributionPoints,
                der.sequence(der.sequence(der.explicit(0, der.explicit(0, uri(options.crlUrl))))),
              ),
            ]),
      ),
    ),
  );
  const bytes = der.sequence(signed, algorithm, der.bitString(sign(hash, signed, signer)));
  return { key, certificate: parseCertificate(bytes) };
}

/** Key and certificates as PEM, the leaf first. */
export function pemOf({ key, certificate }: Issued, ...chain: readonly Issued[]): Buffer {
  const blocks = [certificate, ...chain.map((one) => one.certificate)].map(
    (one) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(one.der).toString('base64')}\n-----END CERTIFICATE-----\n`,
  );
  return Buffer.from([key.export({ type: 'pkcs8', format: 'pem' }), ...blocks].join(''));
}
