/**
 * Whether a style sheet and a body look the same when other documents stand before and behind: nothing counts across documents,
 * nothing is placed by the whole print, nothing looks outside of its own body. What is not known to be harmless is refused.
 */

/** In any declaration, wherever it stands. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\bposition\s*:\s*(?:fixed|sticky|running)/i, 'it has elements that stand on every page'],
  [
    /\b(?:running|element|string-set|bookmark-[a-z]+|float-reference|footnote[a-z-]*)\b\s*[:(]/i,
    'it has running elements',
  ],
  [/\bcounter-(?:increment|reset|set)\b|\bcounters?\(|\btarget-[a-z-]+\(/i, 'it counts'],
  [/(?:^|[;{\s"'])page\s*:/i, 'it names pages'],
  [/\b(?:open|close)-quote\b|\bquotes\s*:/i, 'its quotation marks count'],
  [/\d(?:s|l|d)?v(?:w|h|i|b|min|max)\b|\dcq(?:w|h|i|b|min|max)\b/i, 'it measures by the page'],
  [/@(?!font-face\b)[a-z-]+/i, 'its style sheet has other at-rules than @page and @font-face'],
  [/\b(?:animation|transition)[a-z-]*\s*:|\bview-transition/i, 'it moves'],
  [/\battr\(|\benv\(|\bexpression\(|\bpaint\(/i, 'its style sheet computes'],
  [/\banchor(?:-name|-size)?\b\s*[:(]|\bposition-(?:anchor|area|try)/i, 'it places elements by others'],
  [/\bcontent-visibility\b|\bcontain(?:er)?(?:-[a-z-]+)?\s*:/i, 'it contains its layout'],
  [/\\[\da-f]/i, 'its style sheet has escapes'],
];

export function declarationProblem(css: string): string | undefined {
  return REFUSED.find(([pattern]) => pattern.test(css))?.[1];
}

/** Of the root, which all documents share. */
const OF_ROOT =
  /^(?:--[\w-]+|font(?:-[a-z-]+)?|color|line-height|letter-spacing|word-spacing|text-(?:rendering|size-adjust|align|wrap|transform|indent)|(?:-webkit-)?print-color-adjust|hyphens|orphans|widows|box-sizing|font-variant-[a-z]+|white-space|tab-size|overflow-wrap|word-break|line-break)$/;
/** Of a body, which is one of many. */
const OF_BODY =
  /^(?:--[\w-]+|font(?:-[a-z-]+)?|color|line-height|letter-spacing|word-spacing|text-[a-z-]+|hyphens|orphans|widows|box-sizing|white-space|margin(?:-[a-z]+)?|padding(?:-[a-z]+)?|width|max-width|(?:-webkit-)?print-color-adjust|tab-size|overflow-wrap|word-break|line-break)$/;

/** `css`: without comments and `@page` rules. */
export function styleProblem(css: string): string | undefined {
  const problem = declarationProblem(withoutStrings(css));
  if (problem !== undefined) return problem;
  for (const [, prelude = '', declarations = ''] of withoutStrings(css).matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (prelude.trim().startsWith('@font-face')) continue;
    for (const selector of prelude.split(',')) {
      const wrong = selectorProblem(selector.trim(), declarations);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

const withoutStrings = (css: string): string => css.replace(/"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/g, '""');

function selectorProblem(selector: string, declarations: string): string | undefined {
  if (/\{|\}|&|\|/.test(selector)) return 'its selectors are nested';
  // Every body gets an id and a style.
  if (/\[\s*(?:id|style)\b/i.test(selector)) return `it has the selector "${selector.slice(0, 40)}"`;
  if (
    /:(?:root|scope|host|has|is|where|not)\b|(?:^|[\s>+~(])html\b/i.test(selector) &&
    !/^(?::root|html)$/i.test(selector)
  ) {
    return `it has the selector "${selector.slice(0, 40)}"`;
  }
  const isRoot = /^(?::root|html|\*)$/i.test(selector);
  if (isRoot) return declared(declarations, OF_ROOT, selector);
  if (!/(?:^|[\s>+~(])(?:body|\*)(?![\w-])/i.test(selector)) return undefined;
  if (/^body$/i.test(selector)) return declared(declarations, OF_BODY, selector);
  // Of a body with a class, or of what stands in one.
  const parts = /^(?:body(?:[.#][\w-]+|\[[^\]]*\])*\s*>?\s*)?(?:[^+~]*|[^+~]+[+~][^+~]+)$/i.exec(selector);
  if (parts === null || /body[^\s>]*:/i.test(selector) || /body[^\s>]*\s*[+~]/i.test(selector)) {
    return `it has the selector "${selector.slice(0, 40)}"`;
  }
  return /^body[.#[]\S*$/i.test(selector) ? declared(declarations, OF_BODY, selector) : undefined;
}

function declared(declarations: string, allowed: RegExp, selector: string): string | undefined {
  for (const declaration of declarations.split(';')) {
    const property = declaration.split(':')[0]?.trim().toLowerCase() ?? '';
    if (property !== '' && !allowed.test(property))
      return `it sets "${property.slice(0, 40)}" of ${selector}`;
  }
  return undefined;
}

const IN_BODY: readonly (readonly [RegExp, string])[] = [
  [
    /<(?:style|script|link|base|iframe|frame|object|embed|video|audio|canvas|dialog|template|slot|frameset|noscript|plaintext|body|html|head|meta|title|map)\b/i,
    'its body has elements that act on the whole print',
  ],
  [/\bhref\s*=\s*["']?\s*#|\burl\(\s*["']?#|&#35;/i, 'it has links within itself'],
  [
    /\s(?:for|headers|list|form|usemap|popovertarget|aria-(?:labelledby|describedby|controls|owns|details|flowto|activedescendant|errormessage))\s*=/i,
    'it has references within itself',
  ],
];

/** `body`: from `<body` to the end of the document. */
export function bodyProblem(body: string, after: RegExp): string | undefined {
  const inside = body.slice(1);
  const problem = IN_BODY.find(([pattern]) => pattern.test(inside))?.[1];
  if (problem !== undefined) return problem;
  const end = /<\/body\s*>/i.exec(body)?.index;
  if (end !== undefined && !after.test(body.slice(end))) return 'something stands behind its body';
  for (const [, double, single] of body.matchAll(/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)'|\S+)/gi)) {
    const style = double ?? single;
    if (style === undefined) return 'it has styles without quotes';
    if (/&/.test(style)) return 'it has styles with character references';
    const wrong = declarationProblem(style);
    if (wrong !== undefined) return wrong;
  }
  return /^<body[^>]*\sstyle\s*=/i.test(body) ? 'its body has a style of its own' : undefined;
}
