/** `{{toc}}`: the helper leaves a mark, and once the whole document is rendered its headings stand there. */
import { InfluxionError } from '../../error.ts';
import { escapeHtml } from '../language/escape.ts';
import { idOf, tagsOf } from './html-tags.ts';
import { UNKNOWN_PAGE, type ReferenceRecord } from './page-numbers.ts';

export interface TocOptions {
  /** The first heading level that is listed, 1 to 3. */
  readonly from: number;
  /** How many levels. */
  readonly depth: number;
  /** Also the headings that stand before it. */
  readonly all: boolean;
}

/** Noncharacters of Unicode, which are for internal use and in no text (Unicode §23.7). */
const OPEN = '\uFDD2';
const CLOSE = '\uFDD3';
const marksOf = (key: string): RegExp => new RegExp(`${OPEN}${key}:(\\d),(\\d),([01])${CLOSE}`, 'g');
const DEEPEST = 3;
const MOST_HEADINGS = 5000;
const OWN_ID = 'toc-heading-';

/** Weighs nothing against a template's own rules. */
const STYLE =
  ':where(ol.toc){list-style:none;margin:0;padding:0}' +
  ':where(ol.toc .toc-2){padding-inline-start:1.5em}' +
  ':where(ol.toc .toc-3){padding-inline-start:3em}' +
  ':where(ol.toc a){display:flex;align-items:last baseline;column-gap:.5em;color:inherit;text-decoration:none}' +
  ':where(ol.toc .toc-title){flex:1;display:flex;align-items:last baseline;column-gap:.5em}' +
  ':where(ol.toc .toc-title)::after{content:"";flex:1;min-width:1em;border-bottom:.08em dotted}';

export const tocMark = ({ key }: ReferenceRecord, { from, depth, all }: TocOptions): string =>
  `${OPEN}${key}:${from},${depth},${all ? 1 : 0}${CLOSE}`;

export const holdsTocMark = (text: string, { key }: ReferenceRecord): boolean =>
  text.includes(`${OPEN}${key}`);

interface Heading {
  readonly level: number;
  readonly id: string;
  /** HTML without tags. */
  readonly title: string;
  readonly start: number;
  /** Where an id is to be put; undefined when it has one. */
  readonly idAt: number | undefined;
}

export interface FilledDocument {
  readonly html: string;
  /** Goes before the template's style sheet. */
  readonly css: string;
}

/** Undefined for a document without a table of contents. Throws TEMPLATE_TOO_COMPLEX beyond 5,000 headings. */
export function fillTablesOfContents(html: string, references: ReferenceRecord): FilledDocument | undefined {
  if (!holdsTocMark(html, references)) return undefined;
  const marks = marksOf(references.key);
  const headings = headingsOf(html, marks);
  const edits: { readonly at: number; readonly end: number; readonly text: string }[] = [];
  for (const { id, idAt } of headings) {
    if (idAt !== undefined) edits.push({ at: idAt, end: idAt, text: ` id="${id}"` });
  }
  for (const mark of html.matchAll(marks)) {
    const options = { from: Number(mark[1]), depth: Number(mark[2]), all: mark[3] === '1' };
    const text = list(headings, mark.index, options, references);
    edits.push({ at: mark.index, end: mark.index + mark[0].length, text });
  }
  let filled = '';
  let copied = 0;
  for (const { at, end, text } of edits.sort((a, b) => a.at - b.at)) {
    filled += html.slice(copied, at) + text;
    copied = end;
  }
  return { html: filled + html.slice(copied), css: STYLE };
}

function list(
  headings: readonly Heading[],
  at: number,
  { from, depth, all }: TocOptions,
  references: ReferenceRecord,
): string {
  const rows = headings.flatMap(({ level, id, title, start }) => {
    if (level < from || level >= from + depth || (start < at && !all)) return [];
    const page = references.list(id);
    // A heading that is not printed has no page to turn to.
    if (page === undefined && references.numbers !== undefined) return [];
    return (
      `<li class="toc-${level - from + 1}"><a href="#${escapeHtml(encodeURIComponent(id))}">` +
      `<span class="toc-title">${title}</span> <span class="toc-page">${page ?? UNKNOWN_PAGE}</span></a></li>`
    );
  });
  return `<ol class="toc">${rows.join('')}</ol>`;
}

function headingsOf(html: string, marks: RegExp): Heading[] {
  const headings: Heading[] = [];
  let open: { level: number; name: string; start: number; nameEnd: number; tagEnd: number } | undefined;
  let title = '';
  let textFrom = 0;
  for (const tag of tagsOf(html)) {
    if (open) {
      title += html.slice(textFrom, tag.start) + (tag.name === 'br' ? ' ' : '');
      textFrom = tag.end;
      if (!tag.isEnd || tag.name !== open.name) continue;
      const id = idOf(html.slice(open.nameEnd, open.tagEnd - 1));
      headings.push({
        level: open.level,
        id: id ?? `${OWN_ID}${headings.length + 1}`,
        title: title.replace(marks, '').replaceAll(/\s+/g, ' ').trim(),
        start: open.start,
        idAt: id === undefined ? open.nameEnd : undefined,
      });
      if (headings.length > MOST_HEADINGS) throw tooManyHeadings();
      open = undefined;
    } else {
      const level = /^h([1-6])$/.test(tag.name) && !tag.isEnd ? Number(tag.name.charAt(1)) : DEEPEST + 1;
      if (level > DEEPEST) continue;
      open = { level, name: tag.name, start: tag.start, nameEnd: tag.nameEnd, tagEnd: tag.end };
      title = '';
      textFrom = tag.end;
    }
  }
  return headings;
}

function tooManyHeadings(): InfluxionError {
  return new InfluxionError(
    'TEMPLATE_TOO_COMPLEX',
    `A table of contents can list ${MOST_HEADINGS} headings; this document has more.`,
    { hint: 'List fewer levels with {{toc depth=1}}, or use <h4> for what need not be listed.' },
  );
}
