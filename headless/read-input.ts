/** The text files that a command is given, and JSON from a file or stdin with the place of a mistake. */
import { createReadStream } from 'node:fs';
import { InfluxionError } from '../core/error.ts';
import { findJsonFault } from '../core/json-fault.ts';
import { positionOf } from './source-position.ts';
import { UsageError } from './usage-error.ts';

const STDIN = '-';
/** Far above what a document needs, far below where Node cannot hold the text any more. */
const LONGEST_BYTES = 256 * 1024 * 1024;

function explain(error: unknown, what: string, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reasons: Record<string, string> = {
    ENOENT: `There is no ${what} at ${path}.`,
    ENOTDIR: `There is no ${what} at ${path}.`,
    EISDIR: `${path} is a folder; the ${what} must be a file.`,
    EACCES: `The ${what} ${path} may not be read.`,
  };
  const message = typeof code === 'string' ? reasons[code] : undefined;
  return message === undefined ? error : new InfluxionError('NOT_FOUND', message, {}, error);
}

async function readAll(source: AsyncIterable<Uint8Array>, what: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > LONGEST_BYTES)
      throw new InfluxionError('BODY_TOO_LARGE', `The ${what} is larger than 256 MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array, what: string, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InfluxionError(
      'BAD_REQUEST',
      `The ${what} ${name} is not UTF-8 text.`,
      { hint: 'Save it as UTF-8.' },
      error,
    );
  }
}

/** The bytes of a file; `-` reads stdin. NOT_FOUND says what is missing, BODY_TOO_LARGE refuses more than 256 MB. */
export async function readBytes(path: string, what: string): Promise<Buffer> {
  if (path === STDIN && process.stdin.isTTY) {
    throw new UsageError(`"-" reads the ${what} from stdin, but nothing is piped in.`);
  }
  try {
    return await readAll(path === STDIN ? process.stdin : createReadStream(path), what);
  } catch (error) {
    throw explain(error, what, path);
  }
}

/** A UTF-8 text without its byte order mark. */
export async function readText(path: string, what: string): Promise<string> {
  return decode(await readBytes(path, what), what, path === STDIN ? 'from stdin' : path);
}

/** JSON from a file or stdin. BAD_JSON tells line and column and shows the line. */
export async function readJson(path: string, what: string): Promise<unknown> {
  const text = await readText(path, what);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const fault = findJsonFault(text);
    if (fault === undefined) throw error;
    throw new InfluxionError(
      'BAD_JSON',
      `The ${what} is not valid JSON: ${fault.problem}.`,
      { template: path === STDIN ? '<stdin>' : path, ...positionOf(text, fault.offset) },
      error,
    );
  }
}
