/** Objects as bytes (ISO 32000-2 §7.3). */
import {
  PdfDict,
  PdfName,
  PdfReal,
  PdfRef,
  PdfStream,
  PdfString,
  PdfVerbatim,
  type PdfObject,
} from './objects.ts';

/**
 * An object without `obj` and `endobj`, as Latin-1 text; a stream as its dictionary alone. Strings are written as hexadecimal when
 * they were, or when a parenthesis, backslash, line end or byte over 126 is in them.
 */
export function serialize(object: PdfObject): string {
  if (object === null) return 'null';
  if (typeof object === 'number') return numeral(object);
  if (typeof object === 'boolean') return object ? 'true' : 'false';
  if (object instanceof PdfRef) return `${object.number} ${object.generation} R`;
  if (object instanceof PdfName) return nameText(object.name);
  if (object instanceof PdfDict) return dictText(object);
  if (object instanceof PdfString) return stringText(object);
  if (object instanceof PdfReal) return `${numeral(object.value)}.0`;
  if (object instanceof PdfStream) return dictText(object.dict);
  if (object instanceof PdfVerbatim) return object.text;
  return `[${object.map(serialize).join(' ')}]`;
}

function dictText(dict: PdfDict): string {
  let text = '<<';
  for (const [key, value] of dict) text += `${nameText(key)} ${serialize(value)}\n`;
  return `${text.endsWith('\n') ? text.slice(0, -1) : text}>>`;
}

/** At most 5 decimals (ISO 32000-1 Annex C), never an exponent, which PDF does not know. */
function numeral(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value) : BigInt(value).toString();
  const text = value.toFixed(5).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

const PLAIN_NAME = /^[!"$&'*-.0-;=?-Z\\^-z|~]*$/;

function nameText(name: string): string {
  if (PLAIN_NAME.test(name)) return `/${name}`;
  const escaped = name.replaceAll(
    /[^!"$&'*-.0-;=?-Z\\^-z|~]/g,
    (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/${escaped}`;
}

const PLAIN_STRING = /^[\x20-\x27\x2a-\x5b\x5d-\x7e]*$/;

function stringText({ bytes, isHex }: PdfString): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isHex) {
    const text = buffer.toString('latin1');
    if (PLAIN_STRING.test(text)) return `(${text})`;
  }
  return `<${buffer.toString('hex').toUpperCase()}>`;
}
