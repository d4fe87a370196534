/**
 * Files in base64 within a JSON text. `JSON.parse` reads and copies them a character at a time, twice, while a host does
 * nothing else; taken from the bytes as they are they cost a tenth.
 */
import { randomUUID } from 'node:crypto';
import { isBase64 } from '../../contract/base64.ts';

/** A string of a JSON text without its quotes, in bytes. */
export interface StringSpan {
  readonly from: number;
  readonly to: number;
}

/** From here on a string may be a file. */
export const FILE_BYTES = 32 * 1024;

/** Nobody who writes a request knows it. */
const STAND_IN = `file ${randomUUID()} `;

const COLON = 0x3a;
const SPACE = 0x20;

/**
 * As `JSON.parse` of the whole text. `long`: its strings from FILE_BYTES on, in their order; those that are no base64 and
 * names of members are left to `JSON.parse`, as is a text of which files are the lesser part. Errors: SyntaxError.
 */
export function parseWithFiles(text: Buffer, long: readonly StringSpan[]): unknown {
  const bytes = long.reduce((sum, { from, to }) => sum + to - from, 0);
  if (bytes * 2 > text.length) {
    try {
      return parseWithout(text, long);
    } catch {
      // What is wrong, and where, is told of the text as it came.
    }
  }
  return JSON.parse(text.toString());
}

function parseWithout(text: Buffer, long: readonly StringSpan[]): unknown {
  // Its parts share its memory.
  const whole = text.toString('latin1');
  const files: string[] = [];
  let rest = '';
  let done = 0;
  for (const { from, to } of long) {
    if (isName(text, to)) continue;
    const file = whole.slice(from, to);
    if (!isBase64(file)) continue;
    rest += `${text.toString('utf8', done, from)}${STAND_IN}${files.length}`;
    files.push(file);
    done = to;
  }
  return putBack(JSON.parse(rest + text.toString('utf8', done)), files);
}

function isName(text: Buffer, quote: number): boolean {
  let at = quote + 1;
  while ((text[at] ?? COLON) <= SPACE) at++;
  return text[at] === COLON;
}

function putBack(value: unknown, files: readonly string[]): unknown {
  if (typeof value === 'string') {
    return value.startsWith(STAND_IN) ? files[Number(value.slice(STAND_IN.length))] : value;
  }
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = putBack(value[at], files);
  } else if (typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) members[name] = putBack(members[name], files);
  }
  return value;
}
