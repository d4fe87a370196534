/** Texts and times of ASN.1 as values. */
import { Asn1Error, TAG, type Asn1 } from './asn1.ts';

/** The text of a string of any kind. Errors: Asn1Error for what is none. */
export function textOf(element: Asn1): string {
  const bytes = Buffer.from(element.content);
  switch (element.tag) {
    case TAG.utf8String:
      return bytes.toString('utf8');
    case TAG.bmpString:
      return wideText(bytes, 2);
    case TAG.universalString:
      return wideText(bytes, 4);
    case TAG.printableString:
    case TAG.ia5String:
    // Mostly written as Latin-1, whatever T.61 says.
    case TAG.teletexString:
    case 0x12:
    case 0x1a:
      return bytes.toString('latin1');
    default:
      throw new Asn1Error('A text is expected.');
  }
}

function wideText(bytes: Buffer, width: 2 | 4): string {
  let text = '';
  for (let at = 0; at + width <= bytes.length; at += width) {
    const code = bytes.readUIntBE(at, width);
    text += width === 2 ? String.fromCharCode(code) : code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
}

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?Z$/;

/** Milliseconds since the epoch. Errors: Asn1Error for what is no time in UTC (RFC 5280 §4.1.2.5). */
export function timeOf(element: Asn1): number {
  const text = Buffer.from(element.content).toString('latin1');
  const short = element.tag === TAG.utcTime;
  if (!short && element.tag !== TAG.generalizedTime) throw new Asn1Error('A time is expected.');
  const parts = (short ? UTC_TIME : GENERALIZED_TIME).exec(text);
  if (parts === null) throw new Asn1Error('A time is not written as it has to be.');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const century = short ? (year < 50 ? 2000 : 1900) : 0;
  const fraction = parts[7] === undefined ? 0 : Math.floor(Number(`0.${parts[7]}`) * 1000);
  const seconds = Number.isNaN(second) ? 0 : second;
  const time = Date.UTC(century + year, month - 1, day, hour, minute, seconds, fraction);
  if (Number.isNaN(time)) throw new Asn1Error('A time is not written as it has to be.');
  return time;
}

/** The named bits of a bit string: whether the bit of a number is set (X.690 §11.2.2). */
export function hasBit(bits: Uint8Array, number: number): boolean {
  return (((bits[number >> 3] ?? 0) << (number & 7)) & 0x80) !== 0;
}
