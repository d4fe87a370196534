/** The time-stamp of a signature as an unsigned attribute of it (ETSI EN 319 122-1 §5.3). */
import { contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import * as der from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';

/** The signature value that is time-stamped. Errors: Asn1Error for what is no CMS with one signer. */
export function signatureValue(cms: Uint8Array): Uint8Array {
  const info = signerInfo(readAsn1(cms));
  return info.at(signatureIndex(info), TAG.octetString).octets;
}

/** The same CMS with the token in it; everything else stays as it is, byte by byte. Errors: Asn1Error. */
export function addTimeStamp(cms: Uint8Array, token: Uint8Array): Uint8Array {
  const content = readAsn1(cms).expect(TAG.sequence);
  const data = content.at(1, contextTag(0)).at(0, TAG.sequence);
  const info = signerInfo(content);
  const index = signatureIndex(info);
  const others = info.children[index + 1]?.children.map(({ raw }) => raw) ?? [];
  const attribute = der.sequence(der.oid(OID.signatureTimeStamp), der.setOf(token));
  const stamped = der.sequence(
    ...info.children.slice(0, index + 1).map(({ raw }) => raw),
    der.implicit(1, der.setOf(...others, attribute)),
  );
  const before = data.children.slice(0, -1).map(({ raw }) => raw);
  const signedData = der.sequence(...before, der.setOf(stamped));
  return der.sequence(content.at(0).raw, der.explicit(0, signedData));
}

function signerInfo(content: Asn1): Asn1 {
  const data = content.at(1, contextTag(0)).at(0, TAG.sequence);
  return data.at(data.children.length - 1, TAG.set).at(0, TAG.sequence);
}

const signatureIndex = (info: Asn1): number => (info.find(contextTag(0), 3) === undefined ? 4 : 5);
