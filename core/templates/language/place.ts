import type { ErrorCode } from '../../../contract/errors.ts';
import { InfluxionError } from '../../error.ts';

/** One Handlebars text with the name that errors call it by: html, css, header, footer or a partial's name. */
export interface TemplateText {
  readonly name: string;
  readonly isPartial: boolean;
  readonly source: string;
}

/** Both counted from 1; the column in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const SPOKEN: Readonly<Record<string, string>> = {
  html: 'the template',
  css: 'the style sheet',
  header: 'the header',
  footer: 'the footer',
  data: 'the data',
};

/** Wider than any line a person reads; a minified line is cut around the column. */
const SOURCE_LINE_LIMIT = 240;

/** An error of the template's author: a sentence with the place, and the place as facts. */
export function templateError(
  code: ErrorCode,
  text: TemplateText,
  place: Place,
  what: string,
  hint?: string,
  cause?: unknown,
): InfluxionError {
  const spoken = text.isPartial ? `the partial "${text.name}"` : (SPOKEN[text.name] ?? text.name);
  return new InfluxionError(
    code,
    `Line ${place.line} of ${spoken}: ${what}`,
    {
      ...(hint === undefined ? {} : { hint }),
      template: text.name,
      line: place.line,
      column: place.column,
      sourceLine: sourceLine(text.source, place),
    },
    cause,
  );
}

const LINE_BREAK = /\r\n?|\n/g;

/** The place of an offset, with lines broken as Handlebars breaks them. */
export function placeOf(source: string, offset: number): Place {
  let line = 1;
  let start = 0;
  LINE_BREAK.lastIndex = 0;
  for (let match = LINE_BREAK.exec(source); match; match = LINE_BREAK.exec(source)) {
    if (LINE_BREAK.lastIndex > offset) break;
    line++;
    start = LINE_BREAK.lastIndex;
  }
  return { line, column: offset - start + 1 };
}

function sourceLine(source: string, place: Place): string {
  let start = 0;
  let end = source.length;
  let line = 1;
  LINE_BREAK.lastIndex = 0;
  for (let match = LINE_BREAK.exec(source); match; match = LINE_BREAK.exec(source)) {
    if (line === place.line) {
      end = match.index;
      break;
    }
    line++;
    start = LINE_BREAK.lastIndex;
  }
  if (end - start <= SOURCE_LINE_LIMIT) return source.slice(start, end);
  const from = Math.max(
    start,
    Math.min(start + place.column - SOURCE_LINE_LIMIT / 2, end - SOURCE_LINE_LIMIT),
  );
  const to = Math.min(end, from + SOURCE_LINE_LIMIT);
  return (from > start ? '…' : '') + source.slice(from, to) + (to < end ? '…' : '');
}
