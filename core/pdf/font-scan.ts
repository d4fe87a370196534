/**
 * What the text of a document says about its fonts, without a browser: whether it has characters that the shipped fonts
 * lack, and which families it asks for. Runs on every document, so a plain one must cost next to nothing.
 */
import { FONT_ALIASES } from './font-aliases.ts';
import type { CodePointRanges } from './font-file.ts';

export interface FontScan {
  /** Characters that need a look: not in the shipped fonts, or written so that only the browser knows them. */
  readonly characters: boolean;
  /** Families that come first in a `font-family` and are neither known nor declared, lower case. */
  readonly families: readonly string[];
  /** Families that the document declares with `@font-face`, lower case. */
  readonly declared: readonly string[];
}

export interface FontScanner {
  scan(html: string): FontScan;
  /** Source of a regular expression (flags `gu`) that matches the characters that need a look. */
  readonly pattern: string;
  /** Whether a family ships, stands for one that does, or is a generic one. */
  isKnown(family: string): boolean;
}

/** Without shipped fonts there is still a system that has Latin. */
const LATIN: CodePointRanges = [[0x00, 0x24f]];

const GENERIC = [
  ...['serif', 'sans-serif', 'monospace', 'cursive', 'fantasy', 'system-ui', 'ui-serif', 'ui-sans-serif'],
  ...['ui-monospace', 'ui-rounded', 'emoji', 'math', 'fangsong', '-apple-system', 'blinkmacsystemfont'],
  ...['inherit', 'initial', 'unset', 'revert', 'revert-layer', ''],
];

/** `&name;` of characters that every text font has; others are left to the browser to read. */
const PLAIN_ENTITY =
  /^(?:amp|lt|gt|quot|apos|nbsp|copy|reg|trade|euro|pound|yen|cent|sect|para|deg|plusmn|micro|middot|times|divide|laquo|raquo|iexcl|iquest|frac(?:12|14|34)|sup[123]|ord[fm]|hellip|bull|[mn]dash|[lr][sd]quo|[sb]dquo|[lr]saquo|ensp|emsp|thinsp|zwn?j|shy|[a-z](?:uml|acute|grave|circ|tilde|cedil|ring|slash|caron)|szlig|[ao]elig|eth|thorn)$/i;

export function createFontScanner(options: {
  /** Families that the browser finds without the system's help. */
  readonly shipped: readonly string[];
  /** Whether the browser is told that Arial means Arimo and so on. */
  readonly aliased: boolean;
  readonly coverage: CodePointRanges;
}): FontScanner {
  const known = new Set([...GENERIC, ...options.shipped.map((family) => family.toLowerCase())]);
  for (const [alias, family] of Object.entries(FONT_ALIASES)) {
    if (!options.aliased || options.shipped.includes(family)) known.add(alias.toLowerCase());
  }
  const ranges = options.coverage.length > 0 ? options.coverage : LATIN;
  const pattern = `(?![\\s\\p{Cc}\\p{Cf}\\p{Cs}\\p{Default_Ignorable_Code_Point}])[^\\0-\\x7e${ranges.map(escapeRange).join('')}]`;
  const odd = new RegExp(pattern, 'u');
  const plain = new Map<number, boolean>();
  const isOdd = (codePoint: number): boolean => {
    let known = plain.get(codePoint);
    if (known === undefined) {
      known = codePoint > 0x10ffff || !odd.test(String.fromCodePoint(codePoint));
      if (plain.size < MOST_REMEMBERED) plain.set(codePoint, known);
    }
    return !known;
  };

  return {
    pattern,
    isKnown: (family) => known.has(family),
    scan: (html) => {
      const styled = /font|<font/i.test(html);
      const declared = styled && /@font-face/i.test(html) ? declaredFamilies(html) : [];
      const families = styled
        ? [...firstFamilies(html)].filter((family) => !known.has(family) && !declared.includes(family))
        : [];
      return { characters: hasOddCharacters(html, isOdd), families, declared };
    },
  };
}

const escapeRange = ([first, last]: readonly [number, number]): string =>
  `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`;

const MOST_REMEMBERED = 10_000;
const AMPERSAND = 0x26;
const BACKSLASH = 0x5c;
const LONGEST_REFERENCE = 34;

/** A loop rather than regular expressions: thirty times faster on a long document with a few special characters. */
function hasOddCharacters(html: string, isOdd: (codePoint: number) => boolean): boolean {
  for (let at = 0; at < html.length; at += 1) {
    const unit = html.charCodeAt(at);
    if (unit > 0x7e) {
      const codePoint = html.codePointAt(at) ?? unit;
      if (codePoint > 0xffff) at += 1;
      if (isOdd(codePoint)) return true;
    } else if (unit === AMPERSAND) {
      if (isOddReference(html.slice(at, at + LONGEST_REFERENCE), isOdd)) return true;
    } else if (unit === BACKSLASH) {
      const hex = /^\\([\da-f]{2,6})/i.exec(html.slice(at, at + 7))?.[1];
      if (hex !== undefined && isOdd(Number.parseInt(hex, 16))) return true;
    }
  }
  return false;
}

/** A character reference of HTML, at the start of the text. */
function isOddReference(text: string, isOdd: (codePoint: number) => boolean): boolean {
  const match = /^&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z][a-z\d]{1,30});)/i.exec(text);
  if (!match) return false;
  const [, hex, decimal, name] = match;
  if (name !== undefined) return !PLAIN_ENTITY.test(name);
  return isOdd(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
}

const FAMILY_DECLARATION = /font-family\s*:\s*((?:&(?:quot|apos|#\d+);|[^;}<]){0,1000})/gi;
const SHORTHAND = /[\s;{"']font\s*:\s*((?:&(?:quot|apos|#\d+);|[^;}<]){0,1000})/gi;
const FONT_ELEMENT = /<font\b[^>]*?\bface\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*))/gi;
const FONT_FACE = /@font-face\s*\{[^}]*/gi;
/** The size of a `font` shorthand: families come after it. */
const SIZE =
  /(?:^|\s)(?:[\d.]+(?:%|[a-z]+)|(?:x{1,3}-)?(?:small|large)|medium|smaller|larger|(?:calc|min|max|clamp)\(.*?\))(?:\s*\/\s*\S+)?\s+(?=\S)/i;

function declaredFamilies(html: string): string[] {
  const families = new Set<string>();
  for (const [rule] of html.matchAll(FONT_FACE)) {
    for (const family of firstFamilies(rule)) families.add(family);
  }
  return [...families];
}

/** First families of all declarations, lower case. */
export function firstFamilies(css: string): Set<string> {
  const families = new Set<string>();
  const add = (list: string): void => {
    const variable = /^\s*var\(\s*(--[\w-]+)/.exec(list)?.[1];
    if (variable === undefined) families.add(firstFamily(list));
    else for (const value of valuesOf(css, variable)) families.add(firstFamily(value));
  };
  for (const [, list = ''] of css.matchAll(FAMILY_DECLARATION)) add(list);
  for (const [, value = ''] of css.matchAll(SHORTHAND)) {
    const size = SIZE.exec(value);
    if (size) add(value.slice(size.index + size[0].length));
  }
  for (const [, double, single, bare] of css.matchAll(FONT_ELEMENT)) add(double ?? single ?? bare ?? '');
  return families;
}

function* valuesOf(css: string, variable: string): Generator<string> {
  for (let at = css.indexOf(variable); at !== -1; at = css.indexOf(variable, at + 1)) {
    const value = /^\s*:\s*((?:&(?:quot|apos|#\d+);|[^;}<]){0,1000})/.exec(
      css.slice(at + variable.length, at + variable.length + 500),
    );
    if (value?.[1] !== undefined) yield value[1];
  }
}

/** The first family of a list, without quotes and lower case; also as it stands in an attribute of HTML. */
export function firstFamily(list: string): string {
  const text = list.replaceAll(/&quot;|&#34;/gi, '"').replaceAll(/&apos;|&#39;/gi, "'");
  const match = /^\s*(?:"([^"]*)"|'([^']*)'|([^,"'!>;}]*))/.exec(text);
  return (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
