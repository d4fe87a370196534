/** Writes DER (X.690 §10, §11). Every function returns a whole element. */
import { contextTag, TAG } from './asn1.ts';

type Bytes = Uint8Array;

function element(tag: number, ...parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  return Buffer.concat([header(tag, length), ...parts]);
}

function header(tag: number, length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}

export const sequence = (...parts: readonly Bytes[]): Bytes => element(TAG.sequence, ...parts);

/** SET OF: its elements in ascending order of their bytes (X.690 §11.6). */
export const setOf = (...parts: readonly Bytes[]): Bytes =>
  element(TAG.set, ...parts.toSorted((a, b) => Buffer.compare(a, b)));

/** `[number]` around whole elements. */
export const explicit = (number: number, ...parts: readonly Bytes[]): Bytes =>
  element(contextTag(number), ...parts);

/** `[number] IMPLICIT`: the tag in the place of the element's own. */
export function implicit(number: number, inner: Bytes): Bytes {
  const constructed = ((inner[0] ?? 0) & 0x20) !== 0;
  const copy = Uint8Array.from(inner);
  copy[0] = contextTag(number, constructed);
  return copy;
}

export function integer(value: number | bigint): Bytes {
  const digits = BigInt(value).toString(16);
  return unsignedInteger(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'));
}

/** A positive number from its bytes, the most significant first. */
export function unsignedInteger(bytes: Bytes): Bytes {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const sign = ((digits[0] ?? 0) & 0x80) === 0 ? [] : [Uint8Array.of(0)];
  return element(TAG.integer, ...sign, digits);
}

export function oid(text: string): Bytes {
  const [root = 0, second = 0, ...rest] = text.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [root * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 | (left % 128));
    }
    octets.push(...groups);
  }
  return element(TAG.oid, Uint8Array.from(octets));
}

export const octetString = (bytes: Bytes): Bytes => element(TAG.octetString, bytes);
export const bitString = (bytes: Bytes, unusedBits = 0): Bytes =>
  element(TAG.bitString, Uint8Array.of(unusedBits), bytes);
export const nothing = (): Bytes => element(TAG.null);
export const boolean = (value: boolean): Bytes => element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
export const utf8String = (text: string): Bytes => element(TAG.utf8String, Buffer.from(text));
export const printableString = (text: string): Bytes => element(TAG.printableString, Buffer.from(text));
export const ia5String = (text: string): Bytes => element(TAG.ia5String, Buffer.from(text, 'latin1'));

/** Milliseconds since the epoch in whole seconds; UTCTime before 2050 (RFC 5280 §4.1.2.5). */
export function time(at: number): Bytes {
  const text = `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const isShort = text < '2050';
  return element(isShort ? TAG.utcTime : TAG.generalizedTime, Buffer.from(isShort ? text.slice(2) : text));
}
