/**
 * A linear pass over a Handlebars text before its parser sees it. Handlebars has no limits of its own: 200,000
 * mustaches exhaust the heap and deep nesting costs minutes, so both are counted here first. The pass follows the
 * token rules of Handlebars' lexer (src/handlebars.l), and while it is there, it reports unbalanced
 * blocks in better words than a parser table can.
 */
import { placeOf, templateError, type TemplateText } from './place.ts';

export interface ScanLimits {
  /** Expressions and blocks of one text, every argument counted. */
  readonly nodes: number;
  /** Blocks, `else if` chains and parentheses inside one another. */
  readonly depth: number;
}

interface OpenBlock {
  readonly name: string;
  readonly offset: number;
  /** What the block opens with, as written. */
  readonly sign: string;
  /** `{{else if}}` nests in the syntax tree although it does not look like it. */
  chained: number;
}

export interface ScannedTemplate {
  /** The text to parse, as long as the original and with the same lines. */
  readonly source: string;
  /** Stands for a literal `}` in `source`, when there is one to stand for. */
  readonly brace: string | undefined;
  readonly nodes: number;
}

/**
 * Throws TEMPLATE_TOO_COMPLEX or TEMPLATE_SYNTAX.
 *
 * Minified CSS ends a rule right behind a value: `a{color:{{c}}}`. Handlebars takes the three braces for the end of
 * `{{{` and refuses; here the third brace is text, and until the text is parsed another character stands for it.
 */
export function scanTemplate(text: TemplateText, limits: ScanLimits): ScannedTemplate {
  const scan = new Scan(text, limits);
  scan.run();
  if (scan.literalBraces.length === 0) return { source: text.source, brace: undefined, nodes: scan.nodes };
  const brace = unusedCharacter(text.source);
  let source = '';
  let from = 0;
  for (const at of scan.literalBraces) {
    source += text.source.slice(from, at) + brace;
    from = at + 1;
  }
  return { source: source + text.source.slice(from), brace, nodes: scan.nodes };
}

/** From the private use area, which texts hardly use. */
function unusedCharacter(source: string): string {
  for (let code = 0xe000; code < 0xf8ff; code++) {
    const character = String.fromCharCode(code);
    if (!source.includes(character)) return character;
  }
  return '\uf8ff';
}

const TOKEN =
  /\s+|(\}~?\}\}|~?\}\})|"(?:\\"|[^"])*"|'(?:\\'|[^'])*'|\[(?:\\\]|[^\]])*\]|([()])|[./]|[^\s"'()[\]{}~./]+|[^]/y;
const BLOCK_NAME = /\s*([^\s}()~|]+)/y;
const COMMENT_END = /--~?\}\}/g;

class Scan {
  readonly #text: TemplateText;
  readonly #source: string;
  readonly #limits: ScanLimits;
  readonly #open: OpenBlock[] = [];
  readonly literalBraces: number[] = [];
  nodes = 0;
  #depth = 0;

  constructor(text: TemplateText, limits: ScanLimits) {
    this.#text = text;
    this.#source = text.source;
    this.#limits = limits;
  }

  run(): void {
    const nul = this.#source.indexOf('\0');
    if (nul >= 0) this.#fail(nul, 'there is a NUL character, which Handlebars cannot read.');
    for (let at = this.#next(0); at >= 0;) at = this.#next(this.#mustache(at));
    const unclosed = this.#open.at(-1);
    if (unclosed) {
      this.#fail(
        unclosed.offset,
        `the block {{${unclosed.sign}${unclosed.name}}} is never closed.`,
        `Close it with {{/${unclosed.name}}}.`,
      );
    }
  }

  /** The next `{{` that is not escaped: one backslash before it escapes, two are a literal backslash. */
  #next(from: number): number {
    const source = this.#source;
    let at = source.indexOf('{{', from);
    while (at > from && source[at - 1] === '\\' && !(at > from + 1 && source[at - 2] === '\\')) {
      from = at + 2;
      at = source.indexOf('{{', from);
    }
    return at;
  }

  /** Reads the mustache at `at`; returns the offset behind it. */
  #mustache(at: number): number {
    const source = this.#source;
    this.#count(at);
    if (source.startsWith('{{{{', at) && source[at + 4] !== '/') return this.#rawBlock(at);
    let cursor = at + 2;
    if (source[cursor] === '~') cursor++;
    if (source[cursor] === '!') return this.#comment(at, cursor);

    const sign = /^(?:#[>*]?|\/|\^|\{|&|>|\*)?/.exec(source.slice(cursor, cursor + 2))?.[0] ?? '';
    cursor += sign.length;
    BLOCK_NAME.lastIndex = cursor;
    const name = BLOCK_NAME.exec(source)?.[1] ?? '';
    const end = this.#expression(at, cursor, sign === '{');
    if (sign.startsWith('#') || (sign === '^' && name !== '')) this.#openBlock(at, sign, name);
    else if (sign === '/') this.#closeBlock(at, name);
    else if (sign === '^' || (sign === '' && name === 'else')) {
      this.#else(at, source.slice(cursor, end).replace(/[\s}~]/g, '') !== name);
    }
    return end;
  }

  #expression(at: number, from: number, isTriple: boolean): number {
    let parentheses = 0;
    for (TOKEN.lastIndex = from; TOKEN.lastIndex < this.#source.length;) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(this.#source);
      if (!match) break;
      if (match[1] === '}}}' && !isTriple) {
        this.literalBraces.push(TOKEN.lastIndex - 1);
        return TOKEN.lastIndex - 1;
      }
      if (match[1]) return TOKEN.lastIndex;
      const first = match[0][0] ?? '';
      if ((first === '"' || first === "'") && match[0].length === 1) {
        this.#fail(start, `the text that starts with ${first} is never closed.`, `Add a second ${first}.`);
      }
      if (match[2] === '(') this.#checkDepth(start, ++parentheses);
      else if (match[2] === ')') parentheses--;
      else if (!/\s/.test(first)) this.#count(start);
    }
    return this.#fail(at, 'the {{ is never closed.', 'Close it with }}.');
  }

  #comment(at: number, bang: number): number {
    if (this.#source.startsWith('!--', bang)) {
      COMMENT_END.lastIndex = at + 2;
      if (COMMENT_END.exec(this.#source)) return COMMENT_END.lastIndex;
      return this.#fail(at, 'the comment {{!-- is never closed.', 'Close it with --}}.');
    }
    const end = this.#source.indexOf('}}', bang);
    return end >= 0 ? end + 2 : this.#fail(at, 'the comment {{! is never closed.', 'Close it with }}.');
  }

  /** `{{{{name}}}} … {{{{/name}}}}`: what is inside is text, other raw blocks included. */
  #rawBlock(at: number): number {
    let level = 1;
    let cursor = this.#source.indexOf('}}}}', at);
    while (level > 0 && cursor >= 0) {
      cursor = this.#source.indexOf('{{{{', cursor);
      if (cursor < 0) break;
      level += this.#source[cursor + 4] === '/' ? -1 : 1;
      cursor += 4;
    }
    const end = cursor < 0 ? -1 : this.#source.indexOf('}}}}', cursor);
    return end >= 0
      ? end + 4
      : this.#fail(at, 'the raw block {{{{ is never closed.', 'Close it with {{{{/…}}}}.');
  }

  #openBlock(at: number, sign: string, name: string): void {
    this.#checkDepth(at, 1);
    this.#open.push({ name, sign, offset: at, chained: 0 });
    this.#depth++;
  }

  #else(at: number, isChain: boolean): void {
    const block = this.#open.at(-1);
    if (!block) {
      this.#fail(at, '{{else}} stands outside of any block.', 'It belongs between {{#…}} and {{/…}}.');
    }
    if (!isChain) return;
    this.#checkDepth(at, 1);
    block.chained++;
    this.#depth++;
  }

  #closeBlock(at: number, name: string): void {
    const block = this.#open.pop();
    if (!block) {
      this.#fail(
        at,
        `{{/${name}}} closes a block that was never opened.`,
        `Remove it or open one with {{#${name} …}}.`,
      );
    }
    // Segment literals are compared by Handlebars, which knows their quoting.
    if (block.name !== name && !/["'[(]/.test(block.name + name)) {
      const opened = placeOf(this.#source, block.offset).line;
      this.#fail(
        at,
        `{{/${name}}} closes {{${block.sign}${block.name}}}, which was opened in line ${opened}.`,
        `Write {{/${block.name}}} here, or close the inner block first.`,
      );
    }
    this.#depth -= 1 + block.chained;
  }

  #count(at: number): void {
    if (++this.nodes <= this.#limits.nodes) return;
    throw templateError(
      'TEMPLATE_TOO_COMPLEX',
      this.#text,
      placeOf(this.#source, at),
      `there are more than ${this.#limits.nodes} expressions in this text.`,
      'Move what repeats into {{#each}} and the data.',
    );
  }

  #checkDepth(at: number, deeper: number): void {
    if (this.#depth + deeper <= this.#limits.depth) return;
    throw templateError(
      'TEMPLATE_TOO_COMPLEX',
      this.#text,
      placeOf(this.#source, at),
      `blocks are nested more than ${this.#limits.depth} deep.`,
      'Split the text into partials, or prepare the decision in the data.',
    );
  }

  #fail(at: number, what: string, hint?: string): never {
    throw templateError('TEMPLATE_SYNTAX', this.#text, placeOf(this.#source, at), what, hint);
  }
}
