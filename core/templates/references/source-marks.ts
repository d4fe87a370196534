/**
 * Where a rendered element comes from. For a preview the start tags in the text of a template get a mark with path and
 * line; of the marks, ids are made once all is rendered (place-ids.ts), and a print tells on which page each id stands.
 */
// Its types are global; without this a program that takes nothing else of Handlebars would not have them.
import type {} from 'handlebars';
import { RAW_TEXT } from './html-tags.ts';

/** Noncharacters of Unicode, which are for internal use and in no text (Unicode §23.7). A space stands before. */
const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';

/** What the marks of a template name. */
export interface MarkedSource {
  readonly path: string;
  /** Letters and digits that nobody knows outside, so that no data can hold a mark. */
  readonly key: string;
}

/** Groups: line, path as `encodeURIComponent` writes it. */
export const sourceMarks = (key: string): RegExp =>
  new RegExp(` ${OPEN}${key}:(\\d+):([^${OPEN}${CLOSE}]*)${CLOSE}`, 'g');

/** Elements with a place on the page; those of a drawing have it from the drawing. */
const PLACED = new Set(
  (
    'a address article aside b blockquote caption cite code dd details div dl dt em fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 header hgroup hr i img label legend li main mark nav ol p pre q section small span strong ' +
    'summary svg table tbody td tfoot th thead time tr u ul'
  ).split(' '),
);

const LINE_BREAK = /\r\n?|\n/g;
const TAG_START = /<(\/?)([a-z][^\s/><]*)/iy;

/** `original`, the text as the template has it, is declared nowhere in its types. */
type ContentNode = hbs.AST.ContentStatement & { readonly original: string };

type Mode = 'text' | 'tag' | 'comment' | 'raw' | '"' | "'";

/**
 * The contents of a template with marks in their tags; contents without any are not in the map. What stands between the
 * contents, the mustaches, is taken for text of no consequence: a tag may begin before one and end behind it.
 */
export function markSources(
  program: hbs.AST.Program,
  { path, key }: MarkedSource,
): ReadonlyMap<hbs.AST.ContentStatement, string> {
  const marked = new Map<hbs.AST.ContentStatement, string>();
  const scan = new MarkScan(key, encodeURIComponent(path.toWellFormed()));
  const visit = (node: hbs.AST.Program | undefined): void => {
    for (const statement of node?.body ?? []) {
      if (statement.type === 'ContentStatement') {
        const content = statement as hbs.AST.ContentStatement;
        const text = scan.content(content);
        if (text !== content.value) marked.set(content, text);
      } else {
        const block = statement as Partial<hbs.AST.BlockStatement>;
        visit(block.program);
        visit(block.inverse);
      }
    }
  };
  visit(program);
  return marked;
}

class MarkScan {
  readonly #key: string;
  readonly #path: string;
  #mode: Mode = 'text';
  #name = '';
  #markedLine = 0;

  constructor(key: string, path: string) {
    this.#key = key;
    this.#path = path;
  }

  content(node: hbs.AST.ContentStatement): string {
    const { value, original } = node as ContentNode;
    // White space that Handlebars took away before the text may hold line breaks.
    const taken = original.length - original.trimStart().length - (value.length - value.trimStart().length);
    let line = node.loc.start.line + breaksIn(original.slice(0, Math.max(0, taken)));
    let counted = 0;
    let out = '';
    let copied = 0;
    for (let at = 0; at < value.length;) {
      if (this.#mode !== 'text') {
        at = this.#inside(value, at);
        continue;
      }
      const start = value.indexOf('<', at);
      if (start < 0) break;
      at = this.#open(value, start);
      if (!PLACED.has(this.#name)) continue;
      line += breaksIn(value.slice(counted, start));
      counted = start;
      // The first of a line speaks for it.
      if (line === this.#markedLine) continue;
      this.#markedLine = line;
      out += `${value.slice(copied, at)} ${OPEN}${this.#key}:${line}:${this.#path}${CLOSE}`;
      copied = at;
    }
    return copied === 0 ? value : out + value.slice(copied);
  }

  /** Reads `<` and what makes it a tag or comment; the offset behind. */
  #open(text: string, start: number): number {
    if (text.startsWith('<!--', start)) {
      this.#mode = 'comment';
      this.#name = '';
      return start + 4;
    }
    TAG_START.lastIndex = start;
    const match = TAG_START.exec(text);
    if (match) {
      this.#mode = 'tag';
      this.#name = match[1] === '' ? (match[2] ?? '').toLowerCase() : '';
      return TAG_START.lastIndex;
    }
    // A mustache gives the name.
    if (/^<\/?$/.test(text.slice(start))) this.#mode = 'tag';
    this.#name = '';
    return start + 1;
  }

  /** Reads on in what is no text, as far as it goes; the offset behind. */
  #inside(text: string, at: number): number {
    switch (this.#mode) {
      case 'comment':
        return this.#upTo(text, text.indexOf('-->', at), 3);
      case 'raw': {
        const ends = new RegExp(`</${this.#name}(?=[\\s/>]|$)`, 'gi');
        ends.lastIndex = at;
        return this.#upTo(text, ends.exec(text)?.index ?? -1, 0);
      }
      case '"':
      case "'": {
        const close = text.indexOf(this.#mode, at);
        if (close < 0) return text.length;
        this.#mode = 'tag';
        return close + 1;
      }
      case 'tag':
      case 'text':
        return this.#inTag(text, at);
    }
  }

  #upTo(text: string, end: number, length: number): number {
    if (end < 0) return text.length;
    this.#mode = 'text';
    return end + length;
  }

  #inTag(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const character = text.charAt(at);
      if (character === '>') {
        this.#mode = RAW_TEXT.has(this.#name) ? 'raw' : 'text';
        return at + 1;
      }
      if ((character === '"' || character === "'") && /=\s*$/.test(text.slice(from, at).slice(-8))) {
        this.#mode = character;
        return at + 1;
      }
    }
    return text.length;
  }
}

const breaksIn = (text: string): number => text.match(LINE_BREAK)?.length ?? 0;
