/** What kinds of structure types there are (ISO 32000-1 §14.8.4, ISO/TS 32005 table 5), as far as repairs ask. */
import { StructureElement, type Kid } from './element.ts';

/** They hold blocks and no text of their own. */
export const CONTAINERS: ReadonlySet<string> = new Set(
  'Document DocumentFragment Part Sect Art Div BlockQuote Aside Index'.split(' '),
);

/** They hold text and inline elements, but no blocks. */
const PHRASES: ReadonlySet<string> = new Set(
  'P H H1 H2 H3 H4 H5 H6 Title Lbl Span Em Strong Quote Code Sub RB RT RP Reference BibEntry Form'.split(' '),
);

/** Elements that stand within a line of text. */
const INLINE: ReadonlySet<string> = new Set(
  'Span Em Strong Link Quote Code Sub Ruby Reference BibEntry Annot Lbl'.split(' '),
);

/** Elements that can stand within a line and by themselves. */
const OBJECTS: ReadonlySet<string> = new Set(['Figure', 'Form', 'Formula']);

/** Elements without meaning of their own, which may give way to what they hold. */
const GROUPS: ReadonlySet<string> = new Set('NonStruct Private Div Part Sect Span P'.split(' '));

export const isHeading = (type: string): boolean => /^H\d*$/.test(type);

export const isContainer = ({ type }: StructureElement): boolean => CONTAINERS.has(type);
export const isPhrase = ({ type }: StructureElement): boolean => PHRASES.has(type);
export const isGroup = ({ type }: StructureElement): boolean => GROUPS.has(type);

/** Whether a kid can stand in a line of text. */
export function isInline(kid: Kid): boolean {
  return !(kid instanceof StructureElement) || INLINE.has(kid.type) || OBJECTS.has(kid.type);
}

/** Whether a kid can only stand in a line of text, so that a container needs a paragraph for it. */
export function needsParagraph(kid: Kid): boolean {
  return !(kid instanceof StructureElement) || INLINE.has(kid.type);
}

/**
 * Types that a type must not hold although it holds others (ISO/TS 32005 table 5), with what they become there; `''` means
 * that they give way to their kids.
 */
export function replacementIn(parent: string, kid: string): string | undefined {
  if (kid === 'Caption') return CAPTIONED.has(parent) ? undefined : 'P';
  if (kid === 'Aside' && NO_ASIDE.has(parent)) return 'Div';
  if (kid === 'Art' && NO_ARTICLE.has(parent)) return 'Div';
  if (kid === 'BlockQuote' && (parent === 'TD' || parent === 'TH')) return 'Div';
  if (kid === 'Lbl' && (parent === 'LBody' || parent === 'Lbl')) return 'Span';
  if (kid === 'Document') return 'Div';
  if (kid === 'Part' && NO_PART.has(parent)) return 'Div';
  return undefined;
}

const CAPTIONED = new Set('Figure Table Formula L Sect Art Aside BlockQuote Div LBody'.split(' '));
const NO_ASIDE = new Set(['Aside', 'BlockQuote', 'TD', 'TH']);
const NO_ARTICLE = new Set(['Art', 'Formula']);
const NO_PART = new Set(['TD', 'TH']);

/** Types that must not stand directly in a phrase of this type. */
export function isForbiddenInPhrase(parent: string, kid: string): boolean {
  if (parent === 'P') return BLOCKS_BUT_LISTS.has(kid) || isHeading(kid);
  if (parent === 'Form') return kid !== 'L' && kid !== 'Table' && !FORM_PARTS.has(kid);
  return BLOCKS_BUT_LISTS.has(kid) || isHeading(kid) || kid === 'L' || kid === 'Table';
}

const BLOCKS_BUT_LISTS = new Set(
  'P Div Sect Part Art Aside BlockQuote Caption Document LI LBody TR TD TH THead TBody TFoot TOC TOCI Title Index'.split(
    ' ',
  ),
);
const FORM_PARTS = new Set('Figure Formula Lbl Div NonStruct'.split(' '));
