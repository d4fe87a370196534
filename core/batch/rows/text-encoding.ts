/** Which encoding a text file has, and its text as UTF-8. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const CHUNK_BYTES = 256 * 1024;
const HEAD_BYTES = 4096;
/** Bytes of the longest character of UTF-8 that a chunk may cut. */
const MAX_CUT = 3;

/**
 * By the byte order mark; else by the zeros that UTF-16 puts beside ASCII; else UTF-8 when the whole file is that, and
 * Windows-1252, which old programs in Europe and America write, when it is not.
 */
export async function detectEncoding(path: string): Promise<TextEncodingName> {
  await using file = await open(path);
  const head = await readHead(file);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = { even: 0, odd: 0 };
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2 === 0 ? 'even' : 'odd'] += 1;
  });
  if (zeros.odd > head.length / 8) return 'utf-16le';
  if (zeros.even > head.length / 8) return 'utf-16be';
  return (await isAllUtf8(path)) ? 'utf-8' : 'windows-1252';
}

async function readHead(file: { read: (buffer: Buffer) => Promise<{ bytesRead: number }> }): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head);
  return head.subarray(0, bytesRead);
}

async function isAllUtf8(path: string): Promise<boolean> {
  let cut: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = cut.length === 0 ? (chunk as Buffer) : Buffer.concat([cut, chunk as Buffer]);
    const whole = wholeCharacters(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return false;
    cut = bytes.subarray(whole);
  }
  return isUtf8(cut);
}

/** How many bytes go before a character that the end may have cut. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(MAX_CUT, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

/** The text from its beginning in UTF-8, without a byte order mark. */
export async function* utf8Chunks(
  path: string,
  encoding: TextEncodingName,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, {
    highWaterMark: CHUNK_BYTES,
    ...(signal !== undefined && { signal }),
  });
  if (encoding === 'utf-8') {
    let isFirst = true;
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      yield isFirst && hasMark(bytes) ? bytes.subarray(3) : bytes;
      isFirst = false;
    }
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of stream) yield Buffer.from(decoder.decode(chunk as Buffer, { stream: true }));
  yield Buffer.from(decoder.decode());
}

const hasMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
