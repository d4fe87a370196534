/** Lists of revoked certificates (RFC 5280 §5). */
import { Asn1Error, contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { OID } from '../asn1/oids.ts';
import { timeOf } from '../asn1/values.ts';
import { sameBytes, type Certificate } from '../x509/certificate.ts';
import { isSignedBy } from '../x509/verify-signature.ts';

export interface CrlAnswer {
  readonly status: 'good' | 'revoked';
  /** Milliseconds since the epoch. */
  readonly revokedAt: number | undefined;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

const PEM = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/;

/** Some servers send PEM. */
export function crlToDer(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === TAG.sequence) return bytes;
  const [, body] = PEM.exec(Buffer.from(bytes).toString('latin1')) ?? [];
  if (body === undefined) throw new Asn1Error('It is no revocation list.');
  return Buffer.from(body, 'base64');
}

/**
 * What a list says of a certificate, once its signature was found right. Errors: Asn1Error (no list, of another issuer, of a
 * kind that does not tell everything).
 */
export function readCrl(bytes: Uint8Array, certificate: Certificate, issuer: Certificate): CrlAnswer {
  const list = readAsn1(bytes).expect(TAG.sequence);
  const signed = list.at(0, TAG.sequence);
  const version = signed.at(0).tag === TAG.integer ? 1 : 0;
  if (!sameBytes(signed.at(version + 1, TAG.sequence).raw, certificate.issuerName)) {
    throw new Asn1Error('The revocation list is of another issuer.');
  }
  if (issuer.keyUsage?.crlSign === false) throw new Asn1Error('The issuer may not sign revocation lists.');
  const isGenuine = isSignedBy({
    data: signed.raw,
    algorithm: list.at(1, TAG.sequence).raw,
    signature: list.at(2, TAG.bitString).bits,
    publicKey: issuer.publicKey,
  });
  if (!isGenuine) throw new Asn1Error('The revocation list is not signed by the issuer.');
  assertWhole(signed.find(contextTag(0), version + 3)?.at(0, TAG.sequence));
  const next = signed.children[version + 3];
  const hasNext = next?.tag === TAG.utcTime || next?.tag === TAG.generalizedTime;
  const entry = findEntry(signed.find(TAG.sequence, version + 3), certificate.serial);
  return {
    status: entry === undefined ? 'good' : 'revoked',
    revokedAt: entry && timeOf(entry.at(1)),
    thisUpdate: timeOf(signed.at(version + 2)),
    nextUpdate: hasNext ? timeOf(next) : undefined,
  };
}

function findEntry(revoked: Asn1 | undefined, serial: Uint8Array): Asn1 | undefined {
  for (const entry of revoked?.walk() ?? []) {
    if (sameBytes(entry.at(0, TAG.integer).content, serial)) return entry;
  }
  return undefined;
}

/** Of issuingDistributionPoint: only certificates of users, of authorities; in it [3] some reasons, [4] indirect. */
const PARTIAL_TAGS: readonly number[] = [contextTag(3, false), contextTag(4, false)];

/** A list of some reasons only, of other issuers or of changes only would say "good" of what is revoked elsewhere. */
function assertWhole(extensions: Asn1 | undefined): void {
  for (const extension of extensions?.children ?? []) {
    const isCritical = extension.find(TAG.boolean)?.boolean ?? false;
    if (!isCritical) continue;
    const point = extension.at(0, TAG.oid).oid === OID.issuingDistributionPoint;
    const value = point
      ? readAsn1(extension.at(extension.children.length - 1, TAG.octetString).octets)
      : undefined;
    if (value === undefined || value.children.some(({ tag }) => PARTIAL_TAGS.includes(tag))) {
      throw new Asn1Error('The revocation list does not tell of all certificates of the issuer.');
    }
  }
}
