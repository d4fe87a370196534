/** Takes the `@page` rules out of a style sheet, and writes them for a page that has a name of its own (CSS Paged Media 3 §6). */

export interface PageRule {
  /** `` or `:first`, `:left`, `:right`, `:blank`; a name stands before it. */
  readonly selector: string;
  readonly block: string;
}

export interface SplitCss {
  /** Without comments and `@page` rules. */
  readonly rest: string;
  readonly pages: readonly PageRule[];
}

/** Undefined for CSS whose braces or strings do not match. */
export function splitCss(css: string): SplitCss | undefined {
  const text = withoutComments(css);
  if (text === undefined) return undefined;
  const pages: PageRule[] = [];
  let rest = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === '{') {
      const end = endOfBlock(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (character === '@' && PAGE.test(text.slice(at, at + 6))) {
      const open = text.indexOf('{', at);
      const end = open < 0 ? undefined : endOfBlock(text, open);
      if (end === undefined) return undefined;
      pages.push({ selector: text.slice(at + 5, open).trim(), block: text.slice(open + 1, end - 1) });
      rest += text.slice(from, at);
      from = end;
      at = end;
    } else if (character === '}' || character === '\\') return undefined;
    else at += 1;
  }
  return { rest: rest + text.slice(from), pages };
}

const PAGE = /^@page(?![\w-])/i;

/** Undefined for a comment that does not end. */
function withoutComments(css: string): string | undefined {
  let text = '';
  let from = 0;
  for (let at = 0; at < css.length;) {
    const character = css.charAt(at);
    if (character === '"' || character === "'") at = endOfString(css, at);
    else if (character === '/' && css.charAt(at + 1) === '*') {
      const end = css.indexOf('*/', at + 2);
      if (end < 0) return undefined;
      text += `${css.slice(from, at)} `;
      from = at = end + 2;
    } else at += 1;
  }
  return text + css.slice(from);
}

function endOfString(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === quote || character === '\n') return at + 1;
  }
  return text.length;
}

function endOfBlock(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = endOfString(text, at) - 1;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

export interface NamedPage {
  /** The rules for pages of a name; for all pages when that is empty. */
  readonly css: (name: string) => string;
  /** What its margin boxes show. */
  readonly text: string;
  /** They speak of all pages alike, so that the pages need no name. */
  readonly isPlain: boolean;
  /** They hold for a first page that is the last one, too. */
  readonly isOnePage: boolean;
  /** The rules without what their strings say: those of documents that are printed together are alike. */
  readonly shape: string;
}

/** What page of the document these select: the first one is a right page where text runs from left to right. */
const OF_FIRST: Readonly<Record<string, number>> = { '': 0, ':right': 1, ':first': 2 };
const OF_OTHERS = new Set([':left', ':blank']);
const COUNTER = /\bcounter\(\s*(pages?)\s*\)/gi;
/** A counter is set apart from the text beside it, so that "1" alone would come out by 1/64 of a pixel elsewhere. */
const ONE = 'influxion-one';
export const ONE_STYLE = `@counter-style ${ONE} { system: cyclic; symbols: "1"; suffix: "" }`;
const UNKNOWN = /\b(?:counters?|string|element|content|leader|target-[a-z]+|attr|url|env|var)\(/i;

/** Undefined for rules that say more than can be said of a page with a name. */
export function namedPage(rules: readonly PageRule[]): NamedPage | undefined {
  const first = rules.filter(({ selector }) => selector.toLowerCase() in OF_FIRST);
  const others = rules.filter(({ selector }) => OF_OTHERS.has(selector.toLowerCase()));
  if (first.length + others.length < rules.length) return undefined;
  const weight = ({ selector }: PageRule): number => OF_FIRST[selector.toLowerCase()] ?? 0;
  const blocks = first.toSorted((a, b) => weight(a) - weight(b)).map(({ block }) => block);
  const numbered = blocks.map((block) =>
    outsideStrings(block, (text) => text.replace(COUNTER, `counter($1, ${ONE})`)),
  );
  const isNumbered = numbered.some((block, index) => block !== blocks[index]);
  if (blocks.some((block) => UNKNOWN.test(withoutStrings(block).replace(COUNTER, '')))) return undefined;
  return {
    css: (name) => numbered.map((block) => `@page ${name} {${block}}`).join('\n'),
    text: shownIn(blocks.map((block) => outsideStrings(block, (text) => text.replace(COUNTER, '"1"')))),
    isPlain: rules.every(({ selector }) => selector === ''),
    isOnePage: isNumbered || others.length > 0 || first.some(({ selector }) => selector !== ''),
    shape: numbered.map(withoutStrings).join('\n'),
  };
}

const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g;
const withoutStrings = (css: string): string => css.replace(STRING, '""');

function outsideStrings(css: string, change: (text: string) => string): string {
  let changed = '';
  let from = 0;
  for (const match of css.matchAll(STRING)) {
    changed += change(css.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return changed + change(css.slice(from));
}

/** The strings of the margin boxes that are left when later rules have replaced earlier ones. */
function shownIn(blocks: readonly string[]): string {
  const boxes = new Map<string, string>();
  for (const block of blocks) {
    for (const [, box = '', declarations = ''] of block.matchAll(
      /@([\w-]+)\s*\{((?:[^{}"']|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')*)\}/g,
    )) {
      const content = /(?:^|[;\s])content\s*:((?:[^;"']|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')*)/i.exec(
        declarations,
      )?.[1];
      if (content !== undefined) boxes.set(box.toLowerCase(), content);
    }
  }
  return [...boxes.values()]
    .flatMap((value) => [...value.matchAll(STRING)].map(([text]) => unescaped(text)))
    .join(' ');
}

const unescaped = (text: string): string =>
  text
    .slice(1, -1)
    .replace(
      /\\(?:([\da-f]{1,6})\s?|\n|([^]))/gi,
      (_, hex: string | undefined, character: string | undefined) =>
        hex === undefined
          ? (character ?? '')
          : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
    );
