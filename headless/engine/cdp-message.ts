/** The form of a message of the DevTools protocol, how it is read from bytes and how it is written. */
import type { Writable } from 'node:stream';

export interface CdpMessage {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** From this size on the base64 of a reply is taken out before the text is parsed. */
const LARGE_BYTES = 64 * 1024;
const HEAD_BYTES = 64;
const DATA_FIELD = '"data":"';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads one message. A large `result.data` (a printed PDF in base64) becomes a Buffer straight from the bytes: as
 * a string it would be decoded, scanned by the JSON parser and copied before it is decoded again.
 */
export function readMessage(bytes: Buffer): CdpMessage {
  if (bytes.length >= LARGE_BYTES) {
    const start = bytes.toString('latin1', 0, HEAD_BYTES).indexOf(DATA_FIELD) + DATA_FIELD.length;
    if (start >= DATA_FIELD.length) {
      const end = bytes.indexOf(QUOTE, start);
      // An escape: no base64 then.
      if (bytes[end - 1] === BACKSLASH) return JSON.parse(bytes.toString('utf8')) as CdpMessage;
      const rest = JSON.parse(bytes.toString('utf8', 0, start) + bytes.toString('utf8', end)) as CdpMessage;
      if (rest.id !== undefined && rest.result?.['data'] === '') {
        return { ...rest, result: { ...rest.result, data: decodeBase64(bytes, start, end) } };
      }
    }
  }
  return JSON.parse(bytes.toString('utf8')) as CdpMessage;
}

/** V8 holds no string longer than 512 MB, so the text is decoded in parts. */
const PART = 48 * 1024 * 1024;

function decodeBase64(bytes: Buffer, start: number, end: number): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil(((end - start) * 3) / 4));
  let written = 0;
  for (let at = start; at < end; at += PART) {
    written += out.write(bytes.toString('latin1', at, Math.min(end, at + PART)), written, 'base64');
  }
  return out.subarray(0, written);
}

const END_OF_BODY = '"}}\0';

/**
 * Writes one message. Bytes as `params.body` (an asset) go out in base64 beside the JSON text: inside it megabytes would
 * be scanned for what to escape, copied, and encoded as UTF-8 though they are ASCII.
 */
export function writeMessage(out: Writable, message: CdpMessage): void {
  const { params, ...address } = message;
  const { body, ...rest } = params ?? {};
  if (!(body instanceof Uint8Array)) {
    out.write(`${JSON.stringify(message)}\0`);
    return;
  }
  const text = JSON.stringify({ ...address, params: { ...rest, body: '' } });
  out.cork();
  out.write(text.slice(0, 1 - END_OF_BODY.length));
  out.write(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'), 'latin1');
  out.write(END_OF_BODY);
  out.uncork();
}

/** The `data` field of a reply as bytes, whichever way it was read. */
export function dataOf(result: Record<string, unknown>): Buffer {
  const data = result['data'];
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(typeof data === 'string' ? data : '', 'base64');
}
