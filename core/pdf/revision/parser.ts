/** Objects from tokens. */
import type { Lexer } from './lexer.ts';
import { Keyword, type Token } from './lexer.ts';
import { PdfDict, PdfName, PdfRef, type PdfObject } from './objects.ts';

/** Deeper nesting is an attack (ISO 32000-1 Annex C allows 28 for other things; files in the wild stay below 50). */
const MOST_DEPTH = 256;

/** An array or a dictionary of more is no part of a document, and would not fit in the memory of many. */
const MOST_ITEMS = 4_000_000;

/** The object at the lexer's place. Throws PdfSyntaxError, WindowTooSmall. */
export function parseObject(lexer: Lexer): PdfObject {
  return parseValue(lexer, lexer.next(), 0);
}

function parseValue(lexer: Lexer, token: Token, depth: number): PdfObject {
  if (depth > MOST_DEPTH) throw lexer.fail('Objects are nested too deeply');
  if (typeof token === 'number') return referenceOr(lexer, token);
  if (token instanceof Keyword) return constant(lexer, token);
  if (token === '[') return parseArray(lexer, depth);
  if (token === '<<') return parseDict(lexer, depth);
  if (typeof token === 'string') {
    throw lexer.fail(token === 'end' ? 'The file ends within an object' : `"${token}" stands alone`);
  }
  return token;
}

function constant(lexer: Lexer, { word }: Keyword): PdfObject {
  if (word === 'true') return true;
  if (word === 'false') return false;
  if (word === 'null') return null;
  throw lexer.fail(`"${word.slice(0, 40)}" is no object`);
}

function referenceOr(lexer: Lexer, number: number): PdfObject {
  if (!Number.isInteger(number) || number < 0 || !digitAhead(lexer)) return number;
  const back = lexer.position;
  const generation = lexer.next();
  if (typeof generation === 'number' && Number.isInteger(generation) && generation >= 0) {
    const word = lexer.next();
    if (word instanceof Keyword && word.word === 'R') return new PdfRef(number, generation);
  }
  lexer.position = back;
  return number;
}

/** Most numbers are followed by something that cannot be a generation. */
function digitAhead(lexer: Lexer): boolean {
  lexer.skipWhite();
  const byte = lexer.bytes[lexer.position];
  return byte === undefined || (byte >= 0x30 && byte <= 0x39);
}

function parseArray(lexer: Lexer, depth: number): PdfObject[] {
  const items: PdfObject[] = [];
  for (;;) {
    const token = lexer.next();
    if (token === ']') return items;
    items.push(parseValue(lexer, token, depth + 1));
    if (items.length > MOST_ITEMS) throw lexer.fail('An array has too many items');
  }
}

function parseDict(lexer: Lexer, depth: number): PdfDict {
  const dict = new PdfDict();
  for (;;) {
    const key = lexer.next();
    if (key === '>>') return dict;
    if (!(key instanceof PdfName)) throw lexer.fail('A dictionary has a key that is no name');
    dict.set(key.name, parseValue(lexer, lexer.next(), depth + 1));
    if (dict.size > MOST_ITEMS) throw lexer.fail('A dictionary has too many entries');
  }
}
