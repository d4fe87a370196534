/**
 * A browser lays a document out and paints it for the screen as soon as it is set, and once more for the page when it is
 * printed. Nobody sees the first, and it costs a quarter of a one-page invoice and a third of a long table. So a document
 * that fetches nothing by layout is hidden on the screen; the page is not the screen, and what is printed stays the same.
 */
import { isFetchedByLayout } from './resources.ts';

/** Letters that are escaped in CSS may spell any of these (CSS Syntax Level 3 §4.3.7). */
const ESCAPED_LETTER = /\\0{0,4}(?:4[1-9a-f]|5[\da]|6[1-9a-f]|7[\da])|\\[g-z@]/i;

const DOCTYPE = /^\uFEFF?\s*<!doctype[^>]*>/i;

// `:root` and `!important` outweigh what a template says of its root on all media.
const HIDDEN_ON_SCREEN = '<style media="screen">:root{display:none!important}</style>';

/**
 * The document hidden on the screen, or undefined when it needs its layout there. Only for a page whose media are not
 * emulated: emulated ones hold while it prints, too.
 */
export function withoutScreenLayout(html: string): string | undefined {
  if (isFetchedByLayout(html) || ESCAPED_LETTER.test(html)) return undefined;
  const doctype = DOCTYPE.exec(html)?.[0];
  // Without a doctype it would be an element before one: quirks mode for a document that is not.
  if (doctype === undefined) return undefined;
  return doctype + HIDDEN_ON_SCREEN + html.slice(doctype.length);
}
