// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- an ambient module is no import, and other projects compile this file too
/// <reference path="./handlebars-parser.d.ts" />
/** Handlebars texts as syntax trees, and what is wrong with those that are none. */
import { parse, parser } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import type { TextPlace } from './text-place.ts';

export type Parsed =
  | { readonly ok: true; readonly program: hbs.AST.Program }
  | { readonly ok: false; readonly message: string; readonly place: TextPlace };

class Unexpected extends Error {
  readonly place: TextPlace;

  constructor(message: string, place: TextPlace) {
    super(message);
    this.place = place;
  }
}

/** Never throws. */
export function parseTemplate(text: string): Parsed {
  const usual = parser.parseError;
  // Handlebars itself keeps only jison's drawing of the place.
  parser.parseError = function (_sentence, fault) {
    const at = this.lexer.yylloc;
    const place = at
      ? { line: at.first_line, column: at.first_column + 1 }
      : { line: fault.line + 1, column: 1 };
    throw new Unexpected(explain(fault.token ?? 'INVALID', fault.text ?? ''), place);
  };
  try {
    return { ok: true, program: parse(text) };
  } catch (error) {
    if (error instanceof Unexpected) return { ok: false, message: error.message, place: error.place };
    const { lineNumber, column, message } = error as {
      lineNumber?: number;
      column?: number;
      message: string;
    };
    return {
      ok: false,
      message: `${message.replace(/ - \d+:\d+$/, '')}.`,
      place: { line: lineNumber ?? 1, column: (column ?? 0) + 1 },
    };
  } finally {
    parser.parseError = usual;
  }
}

function explain(token: string, text: string): string {
  switch (token) {
    case 'EOF':
      return 'The text ends in the middle of a block.';
    case 'CLOSE':
    case 'CLOSE_UNESCAPED':
    case 'CLOSE_RAW_BLOCK':
      return `Something is missing before "${text}": an expression needs a name, and every "=" and "(" what follows it.`;
    case 'INVERSE':
    case 'OPEN_INVERSE':
    case 'OPEN_INVERSE_CHAIN':
      return '{{else}} cannot stand here: a block has one {{else}}, and it comes last.';
    case 'OPEN_ENDBLOCK':
      return 'This closes a block that was not opened.';
    case 'CLOSE_SEXPR':
      return 'There is a ")" without its "(", or "()" is empty.';
    case 'INVALID':
      return text === ''
        ? 'This cannot stand inside {{ }}.'
        : `"${text}" cannot stand inside {{ }}: text needs quotes, an unusual field name [brackets].`;
    default:
      return `"${text}" is not expected here.`;
  }
}
