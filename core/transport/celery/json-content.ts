/**
 * The body of a message as kombu serializes it: JSON in UTF-8, and nothing else is ever decoded. Values that JSON lacks come
 * as `{"__type__": …, "__value__": …}` (kombu/utils/json.py); a template gets their text.
 */
import { inflateSync } from 'node:zlib';
import { InfluxionError } from '../../error.ts';
import { parseJsonBody } from '../../http/json-body.ts';
import type { IncomingMessage } from './message.ts';

export const JSON_TYPE = 'application/json';

export const messageInvalid = (reason: string, cause?: unknown): InfluxionError =>
  new InfluxionError('MESSAGE_INVALID', reason, {}, cause);

export function encodeJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** `maxBytes`: of the inflated body. Errors: MESSAGE_INVALID. */
export function decodeJson(message: IncomingMessage, maxBytes: number): unknown {
  const { contentType, contentEncoding } = message;
  if (contentType !== JSON_TYPE) {
    throw messageInvalid(
      `Its content type is ${shown(contentType)}; only ${JSON_TYPE} is ever read (in Celery: task_serializer = 'json').`,
    );
  }
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'utf-8') {
    throw messageInvalid(`Its content encoding is ${shown(contentEncoding)}; JSON is UTF-8.`);
  }
  const body = inflated(message, maxBytes);
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  let value: unknown;
  try {
    value = parseJsonBody(body);
  } catch (error) {
    throw messageInvalid(InfluxionError.from(error).message, error);
  }
  return body.includes('"__type__"') ? plain(value) : value;
}

/** What kombu calls x-gzip is a zlib stream (kombu/compression.py). */
function inflated({ headers, body }: IncomingMessage, maxBytes: number): Buffer {
  const { compression } = headers;
  if (compression === undefined || compression === null) return body;
  if (compression !== 'application/x-gzip') {
    throw messageInvalid(
      `It is compressed as ${shown(compression)}; only zlib is read (in Celery: task_compression = 'zlib').`,
    );
  }
  try {
    return inflateSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw messageInvalid('Its body is not the zlib stream that its headers announce.', error);
  }
}

const tooLarge = (maxBytes: number): InfluxionError =>
  messageInvalid(`Its body is larger than the ${maxBytes} bytes that are read from a message.`);

const TEXT_TYPES = new Set(['datetime', 'date', 'time', 'decimal', 'bytes', 'base64']);

/** The depth was limited when the text was read. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (isTagged(fields)) return untagged(fields);
  return Object.fromEntries(Object.entries(fields).map(([name, inner]) => [name, plain(inner)]));
}

interface Tagged {
  readonly __type__: string;
  readonly __value__: unknown;
}

function isTagged(fields: object): fields is Tagged {
  return '__type__' in fields && '__value__' in fields && Object.keys(fields).length === 2;
}

function untagged({ __type__: type, __value__: value }: Tagged): unknown {
  if (TEXT_TYPES.has(type) && typeof value === 'string') return value;
  if (type === 'uuid' && typeof value === 'object' && value !== null && 'hex' in value) {
    return String(value.hex).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  throw messageInvalid(`It holds a value of the Python type ${shown(type)}, which has no meaning here.`);
}

const shown = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
