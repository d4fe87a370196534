/** Operands of content streams that can be passed over without being parsed: where each ends. */
import { HEX } from '../../../revision/hexadecimal.ts';

export const LETTER = 0;
export const WHITE = 1;
export const NUMERIC = 2;
const DELIMITER = 3;
export const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITE;
for (const character of '()<>[]{}/%') CLASS[character.charCodeAt(0)] = DELIMITER;
for (const character of '0123456789+-.') CLASS[character.charCodeAt(0)] = NUMERIC;

/** Beyond these an operation is parsed, so that the limits of all parts of ISO 19005 are looked at. */
export const PLAIN = { digits: 4, number: 30, name: 127, string: 16_000, items: 4_000 } as const;

export const NAME = 0x2f;
export const LITERAL = 0x28;
export const HEXADECIMAL = 0x3c;
export const HEXADECIMAL_END = 0x3e;
export const ARRAY = 0x5b;
export const ARRAY_END = 0x5d;

export function pastWhite(bytes: Uint8Array, from: number): number {
  let at = from;
  while (CLASS[bytes[at] ?? 0x2f] === WHITE) at += 1;
  return at;
}

/** -1 for what is no number of a few digits. */
export function numberEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  if (bytes[at] === 0x2d || bytes[at] === 0x2b) at += 1;
  let digits = 0;
  let isWhole = true;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      if (isWhole) digits += 1;
    } else if (byte === 0x2e && isWhole) isWhole = false;
    else break;
  }
  const kind = at < bytes.length ? CLASS[bytes[at] as number] : WHITE;
  const isEnded = kind === WHITE || kind === DELIMITER;
  return isEnded && digits <= PLAIN.digits && at - from <= PLAIN.number ? at : -1;
}

/** -1 for one with escapes, and a long one. */
export function nameEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  for (; at < bytes.length; at += 1) {
    const kind = CLASS[bytes[at] as number];
    if (kind === WHITE || kind === DELIMITER) break;
    if (bytes[at] === 0x23) return -1;
  }
  return at - from > PLAIN.name ? -1 : at;
}

/** -1 for one with other characters, an odd number of digits, or no end. */
export function hexadecimalEnd(bytes: Uint8Array, from: number): number {
  let digits = 0;
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if ((HEX[byte] as number) >= 0) digits += 1;
    else if (byte === HEXADECIMAL_END) return digits % 2 === 0 && digits <= PLAIN.string ? at + 1 : -1;
    else if (CLASS[byte] !== WHITE) return -1;
  }
  return -1;
}

/** -1 for one with escapes, line ends or parentheses in it, and one without end. */
export function literalEnd(bytes: Uint8Array, from: number): number {
  const most = Math.min(bytes.length, from + PLAIN.string);
  for (let at = from + 1; at < most; at += 1) {
    const byte = bytes[at];
    if (byte === 0x29) return at + 1;
    if (byte === 0x28 || byte === 0x5c || byte === 0x0d) return -1;
  }
  return -1;
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}
