/** Elements that have no content (HTML Standard, 13.1.2), and what looks like one. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|!doctype)$/i;
/**
 * A start tag at the end of the text; quoted values and mustaches may hold a `>`. Each part begins with a sign of its own, so
 * that there is one way to read a text: more ways are twice as many with each mustache.
 */
const START_TAG = /<([a-z][\w:-]*)(?:\{{2,3}[^{}]*\}{2,3}|"[^"]*"|'[^']*'|[^<>"'{}])*>$/i;
const NO_MARKUP = [
  ['<script', '</script'],
  ['<style', '</style'],
  ['<!--', '-->'],
] as const;
/** A tag that is longer is none. */
const MOST_CHARS = 2000;

/**
 * The end tag that belongs to a start tag whose `>` has just been typed: `before` ends with it. Undefined where none is
 * missing: void and self-closed elements, `{{> partial}}`, an element that is closed further on.
 */
export function missingEnd(before: string, after: string): string | undefined {
  const [tag = '', name] = START_TAG.exec(before.slice(-MOST_CHARS)) ?? [];
  if (name === undefined || VOID.test(name) || tag.endsWith('/>')) return undefined;
  if (isNoMarkup(before.slice(0, -tag.length))) return undefined;
  const tags = new RegExp(`<(/?)${name}(?=[\\s/>])`, 'gi');
  let open = 0;
  for (const [, slash] of (before + after).matchAll(tags)) open += slash === '' ? 1 : -1;
  return open > 0 ? `</${name}>` : undefined;
}

/** Whether what follows the text is a script, a style sheet, a comment or a mustache. */
const isNoMarkup = (text: string): boolean =>
  text.lastIndexOf('{{') > text.lastIndexOf('}}') ||
  NO_MARKUP.some(([start, end]) => text.lastIndexOf(start) > text.lastIndexOf(end));

/** An end tag, or the end or the other part of a block, that is alone on the last line so far. */
const END = /(?:^|\n)[ \t]*(?:<\/([\w:-]+)\s*>|\{\{~?(?:\/([\w.-]+)|(else)\b[^{}]*)\s*~?\}\})$/;

/**
 * The white space that a line with nothing but an end so far should begin with: that of the line with its beginning.
 * `before` is the text up to the cursor. Undefined where nothing is ended.
 */
export function indentOfEnd(before: string): string | undefined {
  const [line, element, block, other] = END.exec(before) ?? [];
  if (line === undefined) return undefined;
  const name = (element ?? block ?? '').replaceAll('.', '\\.');
  const tags =
    element === undefined
      ? new RegExp(`\\{\\{~?([#/])${other === undefined ? `${name}(?=[\\s~}])` : ''}`, 'g')
      : new RegExp(`<(/?)${name}(?=[\\s/>])`, 'gi');
  const above = before.slice(0, -line.length);
  let closed = 0;
  for (const tag of [...above.matchAll(tags)].reverse()) {
    if (tag[1] === '/') closed += 1;
    else if (closed === 0) return /^[ \t]*/.exec(above.slice(above.lastIndexOf('\n', tag.index) + 1))?.[0];
    else closed -= 1;
  }
  return undefined;
}
