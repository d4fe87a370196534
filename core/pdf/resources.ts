/** What of an HTML text makes a browser fetch something, as far as the text tells. */

/** Whatever stands in a tag, or in a style sheet. */
const FETCHING =
  /<(?:image|link|picture|iframe|frame|object|embed|video|audio|feimage|script)\b|\bbackground\s*=|@font-face|@import|image-set\(|\burl\(\s*["']?[^"'#\s]|\bsrc\(/i;

const IMAGE = /<img\b[^>]*/gi;
const CHOSEN_BY_LAYOUT = /\b(?:srcset|sizes)\b/i;
const INPUT = /<input\b[^>]*/gi;
const SOURCE = /\bsrc/i;
const USE = /<use\b[^>]*>?/gi;
const OTHER_FILE = /href\s*=\s*["']?[^"'#\s]/i;

/**
 * Whether one of the tags holds something. `tags` ends with `[^>]*` or an optional `>`, so that a text is gone through once: a pattern that
 * asks for more behind that goes to its end from each tag of a hostile one, which is seconds.
 */
export function someTag(html: string, tags: RegExp, holds: RegExp): boolean {
  for (const [tag] of html.matchAll(tags)) if (holds.test(tag)) return true;
  return false;
}

/** What is fetched only once it is laid out, or fetched differently on another layout. A plain `<img>` is fetched anyway. */
export const isFetchedByLayout = (html: string): boolean =>
  FETCHING.test(html) ||
  someTag(html, IMAGE, CHOSEN_BY_LAYOUT) ||
  someTag(html, INPUT, SOURCE) ||
  someTag(html, USE, OTHER_FILE);

/** Whether the text names images at all. */
export const hasImages = (html: string): boolean => /<img\b/i.test(html);
