/** The tags of a rendered document, found as the HTML parser would (HTML Living Standard §13.2.5), in linear time. */

export interface Tag {
  /** Lower case; `!--` for a comment. */
  readonly name: string;
  readonly isEnd: boolean;
  /** Offsets of `<`, behind the name, and behind `>`; behind the end tag of an element whose content is no markup. */
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
}

/** Their content is text up to their own end tag. */
export const RAW_TEXT = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
]);

const TAG_START = /<(\/?)([a-z][^\s/>]*)/iy;

export function* tagsOf(html: string): Generator<Tag> {
  let at = html.indexOf('<');
  while (at >= 0) {
    const tag = tagAt(html, at);
    if (tag) yield tag;
    at = html.indexOf('<', tag?.end ?? at + 1);
  }
}

function tagAt(html: string, start: number): Tag | undefined {
  if (html.startsWith('<!--', start)) {
    const close = html.indexOf('-->', start + 2);
    const end = close < 0 ? html.length : close + 3;
    return { name: '!--', isEnd: false, start, nameEnd: end, end };
  }
  TAG_START.lastIndex = start;
  const match = TAG_START.exec(html);
  if (!match) return undefined;
  const name = (match[2] ?? '').toLowerCase();
  const isEnd = match[1] === '/';
  const nameEnd = TAG_START.lastIndex;
  const tagEnd = endOfTag(html, nameEnd);
  const end = !isEnd && RAW_TEXT.has(name) ? endOfRawText(html, name, tagEnd) : tagEnd;
  return { name, isEnd, start, nameEnd, end };
}

/** The offset behind the `>` of a tag whose name ends at `from`; the end of the text when there is none. */
export function endOfTag(html: string, from: number): number {
  let quote = '';
  let isValue = false;
  for (let at = from; at < html.length; at++) {
    const character = html.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return at + 1;
    else if (isValue && (character === '"' || character === "'")) {
      quote = character;
      isValue = false;
    } else if (character === '=') isValue = true;
    else if (!/\s/.test(character)) isValue = false;
  }
  return html.length;
}

function endOfRawText(html: string, name: string, from: number): number {
  const ends = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  ends.lastIndex = from;
  return ends.exec(html) ? endOfTag(html, ends.lastIndex) : html.length;
}

const ATTRIBUTE = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** The attributes of a start tag by their names in lower case; the first of a name counts. */
export function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeReferences(double ?? single ?? bare ?? ''));
  }
  return attributes;
}

/** The `id` among the attributes of a start tag; undefined when there is none or it is empty. */
export function idOf(attributes: string): string | undefined {
  for (const [, name = '', double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    if (name.toLowerCase() !== 'id') continue;
    const id = double ?? single ?? bare ?? '';
    return id === '' ? undefined : decodeReferences(id);
  }
  return undefined;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Character references as `escapeHtml` and people write them in attributes; others stay as they are. */
function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
