/** Quotes of mustaches out of sight of a formatter for HTML, which takes them for the end of an attribute. */
import { scanMustaches } from './scan.ts';

/** Characters of the private use area, which no template has a use for. */
const DOUBLE = '\uF8F0';
const SINGLE = '\uF8F1';

/** Undefined when the text has the stand-ins itself. */
export function hideQuotes(text: string): string | undefined {
  if (text.includes(DOUBLE) || text.includes(SINGLE)) return undefined;
  let hidden = '';
  let from = 0;
  for (const { start, end } of scanMustaches(text)) {
    hidden += text.slice(from, start);
    hidden += text.slice(start, end).replaceAll('"', DOUBLE).replaceAll("'", SINGLE);
    from = end;
  }
  return hidden + text.slice(from);
}

export const showQuotes = (text: string): string => text.replaceAll(DOUBLE, '"').replaceAll(SINGLE, "'");
