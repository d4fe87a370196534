import Handlebars from 'handlebars';
import { InfluxionError } from '../../error.ts';
import { placeOf, templateError, type Place, type TemplateText } from './place.ts';
import { scanTemplate, type ScanLimits, type ScannedTemplate } from './scan.ts';

/** What jison tells about a token that does not fit; Handlebars itself keeps only the sentence. */
interface JisonFault {
  readonly text?: string;
  readonly token?: string | null;
  readonly line: number;
}

interface JisonParser {
  lexer: { yylloc?: { first_line: number; first_column: number } };
  parseError: (this: JisonParser, sentence: string, fault: JisonFault) => never;
}

class UnexpectedToken extends Error {
  readonly place: Place;
  readonly token: string;
  readonly text: string;

  constructor(sentence: string, fault: JisonFault, place: Place) {
    super(sentence);
    this.place = place;
    this.token = fault.token ?? 'INVALID';
    this.text = fault.text ?? '';
  }
}

const parser = (Handlebars as unknown as { Parser: JisonParser }).Parser;
parser.parseError = function (sentence, fault) {
  const at = this.lexer.yylloc;
  throw new UnexpectedToken(
    sentence,
    fault,
    at ? { line: at.first_line, column: at.first_column + 1 } : { line: fault.line + 1, column: 1 },
  );
};

export interface ParsedTemplate extends Omit<ScannedTemplate, 'source'> {
  readonly program: hbs.AST.Program;
}

/** The syntax tree of a text that passed the limits. Throws TEMPLATE_SYNTAX or TEMPLATE_TOO_COMPLEX with the place. */
export function parseTemplate(text: TemplateText, limits: ScanLimits): ParsedTemplate {
  // Never an object: Handlebars takes one for a finished syntax tree (CVE-2026-33937).
  if (typeof text.source !== 'string') {
    throw new InfluxionError('TEMPLATE_INVALID', `The ${text.name} text must be a string.`);
  }
  const { source, brace, nodes } = scanTemplate(text, limits);
  try {
    return { program: Handlebars.parse(source), brace, nodes };
  } catch (error) {
    throw syntaxError(text, error);
  }
}

function syntaxError(text: TemplateText, error: unknown): InfluxionError {
  if (error instanceof UnexpectedToken) {
    const { what, hint } = explain(error);
    return templateError('TEMPLATE_SYNTAX', text, error.place, what, hint, error);
  }
  if (error instanceof Handlebars.Exception) {
    const { lineNumber, column } = error as { lineNumber?: unknown; column?: unknown };
    const place =
      typeof lineNumber === 'number' && typeof column === 'number'
        ? { line: lineNumber, column: column + 1 }
        : placeOf(text.source, 0);
    const what = error.message.replace(/ - \d+:\d+$/, '');
    return templateError('TEMPLATE_SYNTAX', text, place, `${what}.`, undefined, error);
  }
  if (error instanceof RangeError) {
    return templateError('TEMPLATE_TOO_COMPLEX', text, { line: 1, column: 1 }, 'it is nested too deeply.');
  }
  return InfluxionError.from(error);
}

function explain(error: UnexpectedToken): { what: string; hint?: string } {
  switch (error.token) {
    case 'EOF':
      return { what: 'the text ends in the middle of a block.' };
    case 'CLOSE':
    case 'CLOSE_UNESCAPED':
    case 'CLOSE_RAW_BLOCK':
      return {
        what: `something is missing before "${error.text}".`,
        hint: 'An expression needs a name, and every "=" and "(" needs what follows it.',
      };
    case 'INVERSE':
    case 'OPEN_INVERSE':
    case 'OPEN_INVERSE_CHAIN':
      return { what: '{{else}} cannot stand here.', hint: 'A block has one {{else}}, and it comes last.' };
    case 'CLOSE_SEXPR':
      return { what: 'there is a ")" without its "(", or "()" is empty.' };
    case 'OPEN_SEXPR':
      return {
        what: 'a "(" cannot stand here.',
        hint: 'An expression starts with a helper or a field: {{currency (sum items "price") "EUR"}}.',
      };
    case 'INVALID':
      return {
        what: `"${error.text}" cannot stand inside {{ }}.`,
        hint: 'Text needs quotes, and a field with unusual characters needs [brackets].',
      };
    default:
      return { what: `"${error.text}" is not expected here.` };
  }
}
