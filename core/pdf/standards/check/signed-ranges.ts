/** Where the signature of a field stands in the file, and the bytes that it has to cover (ISO 19005-2 §6.4.3). */
import { Keyword, Lexer, PdfSyntaxError } from '../../revision/lexer.ts';
import { PdfName, PdfRef } from '../../revision/objects.ts';
import { parseObject } from '../../revision/parser.ts';
import type { Facts } from './facts.ts';

/** The range that /ByteRange must have; its end may fall short by the last line end where more follows. */
export interface CoveredRange {
  readonly contentsStart: number;
  readonly contentsEnd: number;
  /** Bytes behind the signature. */
  readonly most: number;
  readonly least: number;
}

const MOST_DICT_BYTES = 16 * 1024 * 1024;

/** Undefined for a signature that is no object of its own, or cannot be followed. */
export function coveredRange(facts: Facts, signature: number): CoveredRange | undefined {
  const entry = facts.reader.entry(signature);
  if (entry?.kind !== 'offset') return undefined;
  const contents = contentsOf(facts, entry.offset);
  if (contents === undefined) return undefined;
  const { start, end } = contents;
  const sections = facts.reader.sections.map(({ offset }) => offset).sort((a, b) => a - b);
  const from = sections.find((offset) => offset > end) ?? end;
  const { behind, lineEnd, isLast } = endOfRevision(facts, from);
  const most = behind - end;
  return { contentsStart: start, contentsEnd: end, most, least: isLast ? most : most - lineEnd };
}

/** Offsets of the string of /Contents, with its brackets. */
function contentsOf(facts: Facts, offset: number): { start: number; end: number } | undefined {
  const bytes = facts.reader.source.read(offset, MOST_DICT_BYTES);
  const lexer = new Lexer(bytes, { base: offset, lenient: true });
  try {
    lexer.next();
    lexer.next();
    lexer.next();
    if (lexer.next() !== '<<') return undefined;
    for (;;) {
      facts.budget.step();
      const key = lexer.next();
      if (!(key instanceof PdfName)) return undefined;
      lexer.skipWhite();
      const start = lexer.offset;
      const value = parseObject(lexer);
      if (key.name !== 'Contents') continue;
      if (!(value instanceof PdfRef)) return { start, end: lexer.offset };
      return contentsObject(facts, value.number);
    }
  } catch (error) {
    if (error instanceof PdfSyntaxError) return undefined;
    throw error;
  }
}

function contentsObject(facts: Facts, number: number): { start: number; end: number } | undefined {
  const entry = facts.reader.entry(number);
  if (entry?.kind !== 'offset') return undefined;
  const bytes = facts.reader.source.read(entry.offset, MOST_DICT_BYTES);
  const lexer = new Lexer(bytes, { base: entry.offset, lenient: true });
  lexer.next();
  lexer.next();
  const word = lexer.next();
  if (!(word instanceof Keyword) || word.word !== 'obj') return undefined;
  lexer.skipWhite();
  const start = lexer.offset;
  parseObject(lexer);
  return { start, end: lexer.offset };
}

/** Behind the next `%%EOF` that begins a line, and its end of line. */
function endOfRevision(facts: Facts, from: number): { behind: number; lineEnd: number; isLast: boolean } {
  const { source } = facts.reader;
  const chunk = 64 * 1024;
  for (let offset = from; offset < source.size; offset += chunk) {
    facts.budget.step();
    const start = Math.max(0, offset - 16);
    const text = Buffer.from(source.read(start, chunk + 32)).toString('latin1');
    for (const match of text.matchAll(/[\r\n] *%%EOF(\r\n|\r|\n)?/g)) {
      const behind = start + match.index + match[0].length;
      if (behind <= offset) continue;
      return { behind, lineEnd: match[1]?.length ?? 0, isLast: behind >= source.size };
    }
  }
  return { behind: source.size, lineEnd: 0, isLast: true };
}
