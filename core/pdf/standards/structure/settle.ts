/**
 * Gives every element of Chromium's tree a type that says something, in a place where it may stand. Chromium tags each piece of
 * text, and each box without a role, as NonStruct; text must stand in a paragraph, a heading, a cell … (ISO 32000-1 §14.8.4.3;
 * ISO 14289-2 §8.2.5 with ISO/TS 32005 table 5).
 */
import { MarkedContent, ObjectReference, StructureElement } from './element.ts';
import { settleFigure } from './figures.ts';
import {
  isContainer,
  isForbiddenInPhrase,
  isGroup,
  isInline,
  isPhrase,
  needsParagraph,
  replacementIn,
} from './kinds.ts';
import { settleList, settleListItem } from './lists.ts';
import { settleRuby } from './ruby.ts';
import { settleTable, settleTableRow } from './tables.ts';

export function settle(root: StructureElement): void {
  for (const kid of [...root.kids]) {
    if (kid instanceof StructureElement) settleElement(kid);
    else root.kids.splice(root.kids.indexOf(kid), 1);
  }
}

/** Kids first, so that an element knows what its kids have become. */
function settleElement(element: StructureElement): void {
  settleKids(element);
  switch (element.type) {
    case 'L':
      settleList(element);
      for (const item of element.elements) if (item.type === 'LI') settleNew(item, 'LBody');
      break;
    case 'LI':
      settleListItem(element);
      settleNew(element, 'LBody');
      break;
    case 'NonStruct':
      settleMixed(element);
      if (!speaks(element)) element.type = BOX;
      break;
    case 'Link':
      settleMixed(element);
      if (!element.kids.some((kid) => kid instanceof ObjectReference)) element.type = BOX;
      break;
    case 'Table':
      settleTable(element);
      for (const row of element.elements) if (row.type === 'TR') settleNew(row, 'TD');
      break;
    case 'TR':
      settleTableRow(element);
      settleNew(element, 'TD');
      break;
    case 'Ruby':
      settleRuby(element);
      break;
    case 'Figure':
      if (settleFigure(element) === 'section') settleContainer(element);
      break;
    default:
      if (isContainer(element)) settleContainer(element);
      else if (isPhrase(element)) settlePhrase(element);
      else settleMixed(element);
  }
}

/** Of elements that were made to hold what stood in the wrong place. */
function settleNew(holder: StructureElement, type: string): void {
  for (const kid of holder.elements) {
    if (kid.type === type && kid.elements.some(isNameless)) settleMixed(kid);
  }
}

function settleKids(element: StructureElement): void {
  const { kids } = element;
  let gone = 0;
  for (let index = 0; index < kids.length; index += 1) {
    const kid = kids[index];
    if (kid instanceof StructureElement) {
      settleElement(kid);
      if (isEmpty(kid)) gone += 1;
    } else if (kid instanceof MarkedContent && kid.isReleased) gone += 1;
  }
  if (gone === 0) return;
  element.kids = kids.filter((kid) =>
    kid instanceof StructureElement ? !isEmpty(kid) : !(kid instanceof MarkedContent && kid.isReleased),
  );
}

/** Elements that say nothing when they hold nothing. Cells and rows keep a table regular. */
const isEmpty = ({ kids, type }: StructureElement): boolean => kids.length === 0 && !MEANT_EMPTY.has(type);
const MEANT_EMPTY = new Set(['TD', 'TH', 'TR']);

/** Something is said about it that would be lost with it. */
const speaks = ({ entries, attributes }: StructureElement): boolean =>
  entries !== undefined || attributes !== undefined;

/** No type of PDF: a box whose parent decides what becomes of it. */
const BOX = 'Box';

const isNameless = ({ type }: StructureElement): boolean =>
  type === 'NonStruct' || type === 'Private' || type === BOX;

/** Boxes become paragraphs or groups; lines of text without a box become paragraphs. */
function settleContainer(element: StructureElement): void {
  element.spread((kid) => givesWayTo(element, kid));
  if (element.kids.some(needsParagraph)) {
    element.wrapRuns('P', isInline, (run) => run.some(needsParagraph));
  }
}

/** Cells, list bodies, captions, links: text of their own, or blocks. */
function settleMixed(element: StructureElement): void {
  // The only box is the cell.
  const isOnly = element.kids.length === 1;
  element.spread((kid) => (isOnly && isNameless(kid) && !speaks(kid)) || givesWayTo(element, kid));
  if (isOnly && element.elements.some(isNameless)) element.spread((kid) => givesWayTo(element, kid));
}

/** Settles what a kid of a container or cell is. Whether it gives way to its own kids. */
function givesWayTo(element: StructureElement, kid: StructureElement): boolean {
  if (!isNameless(kid)) {
    kid.type = replacementIn(element.type, kid.type) ?? kid.type;
    return false;
  }
  if (!kid.kids.every(isInline)) return settleGroup(kid);
  if (element.type === 'Link' && (element.elements.length === 1 || isInPhrase(element))) {
    // A link within a paragraph holds no paragraphs, and one with a single line is to become part of one.
    kid.type = 'Span';
    settlePhrase(kid);
    return !speaks(kid);
  }
  return settleLines(kid);
}

const isInPhrase = ({ parent }: StructureElement): boolean => parent !== undefined && isPhrase(parent);

/** A box with lines of text. */
function settleLines(kid: StructureElement): boolean {
  if (!speaks(kid) && !kid.kids.some(needsParagraph)) return true;
  kid.type = 'P';
  settlePhrase(kid);
  return false;
}

/** A box with blocks. */
function settleGroup(kid: StructureElement): boolean {
  if (kid.kids.length === 1 && !speaks(kid)) return true;
  kid.type = 'Div';
  settleContainer(kid);
  return false;
}

/** Blocks cannot stand in a line: their text does. */
function settlePhrase(element: StructureElement): void {
  if (element.type === 'P' && element.elements.some(isBlockOfMeaning)) {
    element.type = 'Div';
    settleContainer(element);
    return;
  }
  while (element.spread((kid) => givesWayInPhrase(element, kid)));
}

function givesWayInPhrase(phrase: StructureElement, kid: StructureElement): boolean {
  if (isNameless(kid) && speaks(kid)) kid.type = 'Span';
  if (!isNameless(kid) && !isForbiddenInPhrase(phrase.type, kid.type)) {
    kid.type = replacementIn(phrase.type, kid.type) ?? kid.type;
    return false;
  }
  if (!speaks(kid) || !isGroup(kid) || phrase.type === 'Form') return true;
  kid.type = 'Span';
  return false;
}

/** Something in a paragraph that must not become part of its text. */
const isBlockOfMeaning = (kid: StructureElement): boolean =>
  isForbiddenInPhrase('P', kid.type) && !isGroup(kid) && !isNameless(kid) && kid.type !== 'Caption';
