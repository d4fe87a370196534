/** Distinguished names (RFC 5280 §4.1.2.4), read as text and written. */
import { readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { ia5String, oid, printableString, sequence, setOf, utf8String } from '../asn1/der.ts';
import { textOf } from '../asn1/values.ts';

/** Short names: RFC 4514 §3, and those that OpenSSL prints. */
const ATTRIBUTES = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  title: '2.5.4.12',
  GN: '2.5.4.42',
  organizationIdentifier: '2.5.4.97',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

const NAME_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(ATTRIBUTES).map(([name, id]) => [id, name]),
);

interface Attribute {
  readonly type: string;
  readonly value: string;
}

/** The relative names in the order of the certificate, from the country to the person. */
function readAttributes(name: Asn1): Attribute[][] {
  return name.expect(TAG.sequence).children.map((relative) =>
    relative.expect(TAG.set).children.map((pair) => ({
      type: pair.at(0, TAG.oid).oid,
      value: textOf(pair.at(1)),
    })),
  );
}

/** As RFC 4514 §2 writes it, `CN=Ada,O=Example,C=GB`; characters that are not printed are escaped. */
export function describeName(name: Asn1): string {
  return readAttributes(name)
    .reverse()
    .map((relative) =>
      relative.map(({ type, value }) => `${NAME_OF.get(type) ?? type}=${escapeValue(value)}`).join('+'),
    )
    .join(',');
}

/** Whom a name in DER is of: its common name, the last one when there are several. Errors: Asn1Error. */
export function commonName(name: Uint8Array): string | undefined {
  const attributes = readAttributes(readAsn1(name)).flat();
  return attributes.findLast(({ type }) => type === ATTRIBUTES.CN)?.value;
}

/** RFC 4514 §2.4; of the rest, what a terminal or a page could take for an order or for another direction. */
function escapeValue(value: string): string {
  return value
    .replace(/["+,;<>\\]/g, String.raw`\$&`)
    .replace(/^[ #]| $/g, String.raw`\$&`)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
    );
}

export interface SubjectFields {
  readonly commonName: string;
  readonly organization?: string;
  /** Two letters (ISO 3166). */
  readonly country?: string;
}

/** A name in DER: UTF-8 but for the country (RFC 5280, appendix A). */
export function writeName({ commonName, organization, country }: SubjectFields): Uint8Array {
  const attribute = (type: string, value: Uint8Array): Uint8Array => setOf(sequence(oid(type), value));
  return sequence(
    ...(country === undefined ? [] : [attribute(ATTRIBUTES.C, printableString(country))]),
    ...(organization === undefined ? [] : [attribute(ATTRIBUTES.O, utf8String(organization))]),
    attribute(ATTRIBUTES.CN, utf8String(commonName)),
  );
}

/** `rfc822Name` of GeneralName (RFC 5280 §4.2.1.6). */
export const mailName = (address: string): Uint8Array => {
  const name = Uint8Array.from(ia5String(address));
  name[0] = 0x81;
  return name;
};
