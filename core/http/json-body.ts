/**
 * JSON request bodies, strictly (RFC 8259, RFC 7493): UTF-8 without byte order mark, at most MAX_DEPTH levels, no half
 * surrogate pairs, no name twice at the top level. Deeper down the last of two equal names wins, as in ECMAScript.
 * One linear pass looks before `JSON.parse` does, so depth costs no stack.
 */
import { isUtf8 } from 'node:buffer';
import { InfluxionError } from '../error.ts';
import { FILE_BYTES, parseWithFiles, type StringSpan } from './file-strings.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON body as it came; null where there is none. */
    source: Buffer | null;
  }
}

/** Far beyond any real data, far below what breaks `JSON.stringify` or a template engine. */
export const MAX_DEPTH = 256;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LOWER_U = 0x75;

const fail = (message: string): InfluxionError => new InfluxionError('BAD_JSON', message);

/** Undefined for an empty body. Errors: BAD_JSON. */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
    throw fail(
      'The body starts with a byte order mark, which JSON must not have (RFC 8259 §8.1). Save it as UTF-8 without BOM.',
    );
  }
  if (!isUtf8(body)) throw fail('The body is not UTF-8, the encoding of JSON (RFC 8259 §8.1).');
  const { topLevelNames, longStrings } = scan(body);
  let value: unknown;
  try {
    value = parseWithFiles(body, longStrings);
  } catch (error) {
    throw fail(
      `The body is not valid JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    );
  }
  if (topLevelNames > 0 && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (Object.keys(value).length < topLevelNames) {
      throw fail('The body names one of its fields twice, so it is not clear which one is meant.');
    }
  }
  return value;
}

interface Scanned {
  /** How many names stand at the first level. */
  readonly topLevelNames: number;
  readonly longStrings: readonly StringSpan[];
}

/** Looks at every byte once. */
function scan(body: Buffer): Scanned {
  const longStrings: StringSpan[] = [];
  let depth = 0;
  let names = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) {
      const from = at + 1;
      at = endOfString(body, from);
      if (at - from >= FILE_BYTES) longStrings.push({ from, to: at });
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) throw fail(`The body is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      depth--;
    } else if (byte === COLON && depth === 1) {
      names++;
    }
  }
  return { topLevelNames: names, longStrings };
}

/** Bytes of a string that are looked at one by one before a native search costs less: base64 is megabytes long. */
const SHORT_STRING = 128;

/** The position of the closing quote. */
function endOfString(body: Buffer, from: number): number {
  for (let at = from; at < body.length; at++) {
    if (at - from === SHORT_STRING) {
      const quote = body.indexOf(QUOTE, at);
      if (quote === -1) return body.length;
      // A search to the next backslash may run to the end of the body, so it is looked for in this string alone.
      const escape = body.subarray(at, quote).indexOf(BACKSLASH);
      if (escape === -1) return quote;
      at += escape;
    }
    const byte = body[at];
    if (byte === QUOTE) return at;
    if (byte !== BACKSLASH) continue;
    at++;
    if (body[at] !== LOWER_U) continue;
    const unit = codeUnit(body, at + 1);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const low = body[at + 5] === BACKSLASH && body[at + 6] === LOWER_U ? codeUnit(body, at + 7) : 0;
      if (low < 0xdc00 || low > 0xdfff) throw loneSurrogate(at);
      at += 10;
    } else if (unit >= 0xdc00 && unit <= 0xdfff) {
      throw loneSurrogate(at);
    } else {
      at += 4;
    }
  }
  return body.length;
}

const loneSurrogate = (at: number): InfluxionError =>
  fail(
    `The text at byte ${at - 1} holds half of a surrogate pair, which is no character (RFC 8259 §8.2). Send both halves, or the character itself.`,
  );

/** The value of four hexadecimal digits; what is none is left for `JSON.parse` to report. */
function codeUnit(body: Buffer, at: number): number {
  const unit = Number.parseInt(body.toString('latin1', at, at + 4), 16);
  return Number.isNaN(unit) ? 0 : unit;
}
