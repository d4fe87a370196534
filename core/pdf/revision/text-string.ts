/** Text strings (ISO 32000-2 §7.9.2.2): PDFDocEncoding, UTF-16BE or UTF-8 to a JavaScript string and back. */
import { PdfString } from './objects.ts';

/** PDFDocEncoding where it differs from Latin-1 (ISO 32000-2 table D.2); undefined code points read as U+FFFD. */
const DOC_ENCODING = new Map<number, string>();
for (const [first, text] of [
  [0x18, '\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc'],
  [0x80, '\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018'],
  [0x90, '\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e\ufffd'],
  [0xa0, '\u20ac'],
] as const) {
  for (let index = 0; index < text.length; index += 1) DOC_ENCODING.set(first + index, text.charAt(index));
}

/** The text of a string object. Escapes of language codes (U+001B …) are taken out. */
export function textOf({ bytes }: PdfString): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return withoutLanguage(utf16(bytes.subarray(2)));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return withoutLanguage(new TextDecoder().decode(bytes.subarray(3)));
  }
  let text = '';
  for (const byte of bytes) text += DOC_ENCODING.get(byte) ?? String.fromCharCode(byte);
  return text;
}

/** ASCII as it is, everything else as UTF-16BE with its mark. */
export function textString(text: string): PdfString {
  const wellFormed = text.toWellFormed();
  if (/^[\x20-\x7e]*$/.test(wellFormed)) return new PdfString(Buffer.from(wellFormed, 'latin1'));
  return new PdfString(Buffer.from(`\ufeff${wellFormed}`, 'utf16le').swap16(), true);
}

function utf16(bytes: Uint8Array): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return even.swap16().toString('utf16le');
}

const withoutLanguage = (text: string): string =>
  text.includes('\u001b') ? text.replaceAll(/\u001b[^\u001b]*\u001b/gu, '') : text;
