/** `{{invoice.number}}.pdf`: text with places of the data in it. Of Handlebars only that much: a name needs no program. */
import { DataPath } from '../../../contract/batch.ts';
import { InfluxionError } from '../../error.ts';
import { parsePath, valueAt } from '../mapping/data-path.ts';

export interface NamePart {
  readonly text: string;
  /** Whether it comes from the data. */
  readonly isData: boolean;
  /** Empty for what is not there. */
  valueOf(data: unknown, row: number): string;
}

const MUSTACHE = /\{\{\{?\s*([^{}]*?)\s*\}?\}\}/g;

/** Errors: VALIDATION_FAILED. */
export function compilePattern(pattern: string): NamePart[] {
  const parts: NamePart[] = [];
  let end = 0;
  for (const match of pattern.matchAll(MUSTACHE)) {
    if (match.index > end) parts.push(literal(pattern.slice(end, match.index)));
    parts.push(place(match[1] ?? '', match[0]));
    end = match.index + match[0].length;
  }
  if (end < pattern.length) parts.push(literal(pattern.slice(end)));
  return parts;
}

function literal(text: string): NamePart {
  if (text.includes('{{') || text.includes('}}')) throw invalid(`"${text}" has braces that do not match.`);
  return { text, isData: false, valueOf: () => text };
}

function place(path: string, text: string): NamePart {
  if (path === '@row') return { text, isData: false, valueOf: (_data, row) => String(row) };
  // Handlebars writes `items.[0].name` and `items.0.name` too.
  const plain = path
    .replace(/^this\./, '')
    .replace(/\.\[(\d+)\]/g, '[$1]')
    .replace(/\.(\d+)(?=\.|$)/g, '[$1]');
  if (!DataPath.safeParse(plain).success || /\s/.test(plain)) {
    throw invalid(`${text} is no place in the data; a name takes only places such as {{invoice.number}}.`);
  }
  const segments = parsePath(plain);
  return {
    text,
    isData: true,
    valueOf: (data) => {
      const value = valueAt(data, segments);
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value).trim()
        : '';
    },
  };
}

const invalid = (message: string): InfluxionError =>
  new InfluxionError('VALIDATION_FAILED', `The pattern of the names cannot be used: ${message}`, {
    errors: [{ path: 'name', message }],
  });
