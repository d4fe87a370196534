/** ToUnicode CMaps (ISO 32000-2 §9.10.3): which text the codes of a font stand for. */
import { Keyword, Lexer, PdfSyntaxError, type Token } from '../../revision/lexer.ts';
import { PdfString } from '../../revision/objects.ts';

/** Codes of two bytes are all that PDF writers use; a range of four bytes would be an attack. */
const MOST_CODES = 65_536;

/** Text by code. What cannot be read is left out. */
export function readToUnicode(bytes: Uint8Array): Map<number, string> {
  const texts = new Map<number, string>();
  const lexer = new Lexer(bytes);
  let recent: Token[] = [];
  try {
    for (let token = lexer.next(); token !== 'end'; token = lexer.next()) {
      if (!(token instanceof Keyword)) recent.push(token);
      else {
        if (token.word === 'endbfchar') readChars(recent, texts);
        if (token.word === 'endbfrange') readRanges(recent, texts);
        recent = [];
      }
    }
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
  }
  return texts;
}

function readChars(tokens: readonly Token[], texts: Map<number, string>): void {
  const strings = tokens.filter((token) => token instanceof PdfString);
  for (let index = 0; index + 1 < strings.length; index += 2) {
    put(texts, numberFrom(strings[index]), utf16(strings[index + 1]));
  }
}

function readRanges(tokens: readonly Token[], texts: Map<number, string>): void {
  for (let at = 0; at + 2 < tokens.length;) {
    const [from, to, target] = [tokens[at], tokens[at + 1], tokens[at + 2]];
    at += 3;
    if (!(from instanceof PdfString && to instanceof PdfString)) return;
    const [first, last] = [numberFrom(from), numberFrom(to)];
    if (target instanceof PdfString) {
      const start = utf16(target);
      const head = start.slice(0, -1);
      const end = start.charCodeAt(start.length - 1);
      for (let code = first; code <= last && texts.size < MOST_CODES; code += 1) {
        put(texts, code, head + String.fromCharCode(end + code - first));
      }
    } else if (target === '[') {
      for (let code = first; at < tokens.length; code += 1, at += 1) {
        const item = tokens[at];
        if (!(item instanceof PdfString)) break;
        if (code <= last) put(texts, code, utf16(item));
      }
      at += 1;
    }
  }
}

function put(texts: Map<number, string>, code: number, text: string): void {
  if (texts.size < MOST_CODES) texts.set(code, text);
}

function numberFrom(string: PdfString | undefined): number {
  let value = 0;
  for (const byte of string?.bytes ?? []) value = value * 256 + byte;
  return value;
}

function utf16(string: PdfString | undefined): string {
  const bytes = Buffer.from(string?.bytes ?? []);
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le');
}
