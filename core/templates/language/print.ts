import { SafeHtml } from '../helpers/helper.ts';
import { describeValue } from '../helpers/arguments.ts';
import { escapeHtml } from './escape.ts';
import { templateError, type Place, type TemplateText } from './place.ts';
import { write, type Run } from './scope.ts';

/** Writes a value; an object is TEMPLATE_NOT_PRINTABLE, because `[object Object]` is in no document on purpose. */
export function print(
  run: Run,
  value: unknown,
  escape: boolean,
  text: TemplateText,
  place: Place,
  expression: string,
): void {
  if (typeof value === 'string') writeText(run, value, escape);
  else if (value === null || value === undefined) return;
  else if (value instanceof SafeHtml) write(run, value.html);
  else {
    const words = wordsOf(value);
    if (words === undefined) throw notPrintable(value, text, place, expression);
    write(run, escape ? escapeHtml(words) : words);
  }
}

/** Escaping makes a text up to eight times as long, so a huge one is escaped piece by piece. */
const PIECE = 65_536;

function writeText(run: Run, value: string, escape: boolean): void {
  if (!escape) write(run, value);
  else if (value.length <= PIECE) write(run, escapeHtml(value));
  else for (let at = 0; at < value.length; at += PIECE) write(run, escapeHtml(value.slice(at, at + PIECE)));
}

/** Numbers, booleans and lists of them, as Handlebars prints them. */
function wordsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (value === null) return '';
  if (!Array.isArray(value)) return undefined;
  const words: string[] = [];
  for (const item of value) {
    const word = Array.isArray(item) ? undefined : wordsOf(item);
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words.join(',');
}

function notPrintable(value: unknown, text: TemplateText, place: Place, expression: string) {
  const keys =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).slice(0, 5)
      : [];
  return templateError(
    'TEMPLATE_NOT_PRINTABLE',
    text,
    place,
    `"${expression}" is ${describeValue(value)}, which cannot be printed.`,
    Array.isArray(value)
      ? 'Go through the list with {{#each}}, or print it with {{join}}.'
      : keys.length > 0
        ? `Name one of its fields: ${keys.join(', ')}.`
        : undefined,
  );
}
