/** Finds mustaches in a text that need not parse: it is read while it is typed. */

export interface Mustache {
  /** Offsets of the braces; `end` is behind them, or the end of what was read when they are not closed. */
  readonly start: number;
  readonly end: number;
  /** Where what is between the braces starts. */
  readonly innerStart: number;
  /** What is between the braces, `#each items`, without `~`. */
  readonly inner: string;
  readonly isClosed: boolean;
}

/** The mustaches of `text` up to `until`, comments and raw blocks left out. */
export function scanMustaches(text: string, until = text.length): Mustache[] {
  const found: Mustache[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('{{', at);
    if (start < 0 || start >= until) return found;
    if (text[start - 1] === '\\') {
      at = start + 2;
      continue;
    }
    const comment = /^\{\{~?!(--)?/.exec(text.slice(start, start + 6));
    if (comment) {
      const close = text.indexOf(comment[1] === undefined ? '}}' : '--', start + comment[0].length);
      if (close < 0) return found;
      at = close + 2;
      continue;
    }
    if (text.startsWith('{{{{', start)) {
      const name = /^\{\{\{\{\s*([^\s}]+)/.exec(text.slice(start, start + 200))?.[1];
      const closing = name === undefined ? -1 : text.indexOf(`{{{{/${name}}}}}`, start);
      if (name === undefined || closing < 0) return found;
      at = closing + name.length + 9;
      continue;
    }
    const mustache = readMustache(text, start, until);
    found.push(mustache);
    at = mustache.end;
  }
}

const OPEN = /\{\{\{?~?&?/y;

function readMustache(text: string, start: number, until: number): Mustache {
  OPEN.lastIndex = start;
  const innerStart = start + (OPEN.exec(text)?.[0].length ?? 2);
  let quote: string | undefined;
  for (let at = innerStart; at < until; at++) {
    const char = text[at];
    if (quote !== undefined) {
      // A quote that is still open at the end of its line was not meant to go on.
      if (char === quote || char === '\n') quote = undefined;
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '}' && text[at + 1] === '}') {
      let end = at + 2;
      if (text[end] === '}' && text.startsWith('{{{', start)) end++;
      if (end > until) break;
      const inner = text.slice(innerStart, at).replace(/~$/, '');
      return { start, end, innerStart, inner, isClosed: true };
    } else if (char === '{' && text[at + 1] === '{') {
      return { start, end: at, innerStart, inner: text.slice(innerStart, at), isClosed: false };
    }
  }
  return { start, end: until, innerStart, inner: text.slice(innerStart, until), isClosed: false };
}
