/** Headers and footers as CSS: the margin boxes of `@page` (CSS Paged Media Level 3, §5). */

export const BOX_POSITIONS = [
  'top-left',
  'top-center',
  'top-right',
  'bottom-left',
  'bottom-center',
  'bottom-right',
] as const;
export type BoxPosition = (typeof BOX_POSITIONS)[number];

export const PAGE_SELECTORS = ['all', 'first', 'left', 'right'] as const;
export type PageSelector = (typeof PAGE_SELECTORS)[number];

/** What stands in a box. */
export type BoxContent =
  | { readonly kind: 'page' }
  | { readonly kind: 'page-of-pages' }
  | { readonly kind: 'date' }
  | { readonly kind: 'text'; readonly text: string }
  /** A field of the data, `seller.name`. */
  | { readonly kind: 'field'; readonly path: string }
  /** Takes away what all pages have. */
  | { readonly kind: 'nothing' };

export interface MarginBox {
  readonly pages: PageSelector;
  readonly position: BoxPosition;
  readonly content: BoxContent;
}

/** A CSS string: Handlebars inside of the text still runs. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '').replaceAll('\n', '\\A ')}"`;

export function boxContent(content: BoxContent): string {
  switch (content.kind) {
    case 'page':
      return 'counter(page)';
    case 'page-of-pages':
      return 'counter(page) " / " counter(pages)';
    case 'date':
      return '"{{date (today) "long"}}"';
    case 'text':
      return quoted(content.text);
    case 'field':
      // As JSON it is a string with its quotes escaped, which CSS reads alike.
      return `{{{json ${content.path}}}}`;
    case 'nothing':
      return 'none';
  }
}

const selectorOf = (pages: PageSelector): string => (pages === 'all' ? '@page' : `@page :${pages}`);

/** A rule that can be added to any style sheet. */
export const marginBoxRule = ({ pages, position, content }: MarginBox): string =>
  `${selectorOf(pages)} {\n  @${position} { content: ${boxContent(content)}; }\n}`;

/**
 * The style sheet with the box in it: in the rule for these pages when there is one, in place of the same box when that is
 * there; else a rule of its own at the end.
 */
export function withMarginBox(css: string, box: MarginBox): string {
  const written = `@${box.position} { content: ${boxContent(box.content)}; }`;
  const rule = findPageRule(css, box.pages);
  if (rule === undefined) {
    const gap = css === '' ? '' : css.endsWith('\n') ? '\n' : '\n\n';
    return `${css}${gap}${marginBoxRule(box)}\n`;
  }
  const body = css.slice(rule.start, rule.end);
  const old = new RegExp(`@${box.position}(?=[\\s{])\\s*\\{`).exec(body);
  if (old !== null) {
    const from = rule.start + old.index;
    const to = blockEnd(css, from + old[0].length);
    return css.slice(0, from) + written + css.slice(to);
  }
  const head = css.slice(0, rule.end).trimEnd();
  const semicolon = /[;{}]$/.test(head) ? '' : ';';
  return `${head}${semicolon}\n  ${written}\n${css.slice(rule.end)}`;
}

/** The inside of the first `@page` rule for these pages. */
function findPageRule(css: string, pages: PageSelector): { start: number; end: number } | undefined {
  const wanted = pages === 'all' ? '' : `:${pages}`;
  for (const match of withoutComments(css).matchAll(/@page\b([^{};]*)\{(?!\{)/g)) {
    if ((match[1] ?? '').replace(/\s/g, '') !== wanted) continue;
    const start = match.index + match[0].length;
    return { start, end: blockEnd(css, start) - 1 };
  }
  return undefined;
}

/** Of the same length, so that offsets stay true. */
const withoutComments = (css: string): string =>
  css.replace(/\/\*[^]*?\*\//g, (comment) => ' '.repeat(comment.length));

/** Behind the brace that closes a block; strings, comments and mustaches are passed over. */
function blockEnd(css: string, from: number): number {
  const token = /\{\{\{?[^]*?\}?\}\}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[^]*?\*\/|[{}]/g;
  token.lastIndex = from;
  let depth = 1;
  for (let match = token.exec(css); match; match = token.exec(css)) {
    if (match[0] === '{') depth++;
    else if (match[0] === '}' && --depth === 0) return token.lastIndex;
  }
  return css.length;
}
