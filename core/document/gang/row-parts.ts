/** Takes a rendered document apart into what it has in common with others of its template and what is its own. */
import { attributesOf, tagsOf } from '../../templates/references/html-tags.ts';
import { namedPage, splitCss, type NamedPage, type PageRule } from './page-rules.ts';
import { bodyProblem, styleProblem } from './static-check.ts';

export interface RowParts {
  /** Everything before `<body>`, without title, facts about the document and `@page` rules. */
  readonly shell: string;
  readonly page: NamedPage;
  /** Documents can share a print when theirs are equal. */
  readonly key: string;
}

const hasText = (title: string): boolean => /<title[^>]*>\s*[^\s<]/i.test(title);

/** Facts about a document, which are read from its own HTML. */
const FACTS = new Set(['author', 'description', 'keywords', 'generator']);
/** What a head may hold besides. */
const IN_HEAD = new Set(['!--', 'html', 'head', 'meta', 'title', 'style']);
const AFTER_BODY = /^\s*(?:<\/body\s*>\s*)?(?:<\/html\s*>\s*)?$/i;

/** The parts, or in words why the document is to be printed by itself. */
export function rowParts(html: string): RowParts | string {
  const cuts: { start: number; end: number; put: string }[] = [];
  const rules: PageRule[] = [];
  let styles = '';
  let bodyAt: number | undefined;
  for (const { name, isEnd, start, nameEnd, end } of tagsOf(html)) {
    if (name === 'body') {
      bodyAt = start;
      break;
    }
    if (!IN_HEAD.has(name)) return `its head has <${name.slice(0, 20)}>`;
    if (isEnd) continue;
    // Chromium shows a title where there is one.
    if (name === 'title')
      cuts.push({ start, end, put: hasText(html.slice(start, end)) ? '<title>-</title>' : '' });
    if (name === 'html' && attributesOf(html.slice(nameEnd, end)).get('dir') !== undefined) {
      return 'it sets the direction of its text';
    }
    if (
      name === 'meta' &&
      FACTS.has(attributesOf(html.slice(nameEnd, end)).get('name')?.toLowerCase() ?? '')
    ) {
      cuts.push({ start, end, put: '' });
    }
    if (name === 'style') {
      const open = html.indexOf('>', nameEnd) + 1;
      if (html.slice(nameEnd, open - 1).trim() !== '') return 'a <style> has attributes';
      const close = html.lastIndexOf('</', end);
      const split = splitCss(html.slice(open, close));
      if (split === undefined) return 'its style sheet cannot be taken apart';
      rules.push(...split.pages);
      styles += split.rest;
      cuts.push({ start: open, end: close, put: split.rest });
    }
  }
  if (bodyAt === undefined) return 'it has no <body> tag';
  const page = namedPage(rules);
  if (page === undefined) return 'its @page rules are more than can be shared';
  const body = html.slice(bodyAt);
  const problem = styleProblem(styles) ?? bodyProblem(body, AFTER_BODY);
  if (problem !== undefined) return problem;
  let shell = '';
  let from = 0;
  for (const { start, end, put } of cuts) {
    shell += html.slice(from, start) + put;
    from = end;
  }
  shell += html.slice(from, bodyAt);
  return { shell, page, key: `${shell}\n${page.shape}\n${rareCharacters(html)}` };
}

/**
 * Fonts of a print hold the glyphs of all its documents. Letters of European alphabets, digits and punctuation tell nothing
 * about a neighbour; whoever has others shares a print only with documents that have the same ones.
 */
const RARE = /[^\u0000-\u024f\u2000-\u206f\u20a0-\u20cf]/gu;
const REFERENCE = /&(?:#(?:x[\da-f]+|\d+)|[a-z][a-z\d]*);?/gi;
const ESCAPE = /\\[\da-f]{1,6}/gi;

function rareCharacters(html: string): string {
  const rare = new Set<string>();
  for (const [reference] of html.matchAll(REFERENCE)) rare.add(reference);
  for (const [escape] of html.matchAll(ESCAPE)) rare.add(escape);
  for (const [character] of html.matchAll(RARE)) rare.add(character);
  return [...rare].sort().join('');
}
