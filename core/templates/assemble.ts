/** Puts the style sheet into the head of a rendered document and makes Chromium read it in standards mode. */

/** What may stand in a head (HTML Living Standard, "in head" insertion mode); anything else begins the body. */
const HEAD_ELEMENTS = new Set([
  'base',
  'basefont',
  'bgsound',
  'link',
  'meta',
  'noscript',
  'script',
  'style',
  'template',
  'title',
]);
/** Their content is not markup until their own end tag. */
const HOLDS_TEXT = new Set(['noscript', 'script', 'style', 'title']);

const TAG = /<(\/?)([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/iy;
const SPACE = /[\t\n\f\r ]*/y;
const NAMES_CHARSET = /\bcharset\s*=/i;

interface Head {
  readonly hasDoctype: boolean;
  readonly hasCharset: boolean;
  /** Where the head's content starts and ends, also of a head that is only implied. */
  readonly start: number;
  readonly end: number;
}

/**
 * The document with the style sheet last in its head, so that it wins over the template's own styles of equal weight.
 * A doctype and a charset are added only where they are missing.
 */
export function assembleDocument(rendered: string, css: string | undefined): string {
  const html = rendered.startsWith('\uFEFF') ? rendered.slice(1) : rendered;
  const head = readHead(html);
  const charset = head.hasCharset ? '' : '<meta charset="utf-8">';
  const style = css === undefined || css.trim() === '' ? '' : `<style>${harmless(css)}</style>`;
  return (
    (head.hasDoctype ? '' : '<!DOCTYPE html>') +
    html.slice(0, head.start) +
    charset +
    html.slice(head.start, head.end) +
    style +
    html.slice(head.end)
  );
}

/** In CSS `\\/` is a slash, in a string too; to the HTML parser it ends nothing. */
function harmless(css: string): string {
  return css.replace(/<\/(?=style)/gi, '<\\/');
}

/** Reads as far as the head goes, as the HTML parser would. */
function readHead(html: string): Head {
  let at = 0;
  let start = 0;
  let hasDoctype = false;
  let hasCharset = false;
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.exec(html);
    const next = SPACE.lastIndex;
    const behind = behindMarkup(html, next);
    if (behind !== undefined) {
      if (/^<!doctype/i.test(html.slice(next, next + 9))) {
        hasDoctype = true;
        start = behind;
      }
      at = behind;
      continue;
    }
    TAG.lastIndex = next;
    const tag = TAG.exec(html);
    const name = tag?.[2]?.toLowerCase() ?? '';
    if (tag?.[1] !== '') return { hasDoctype, hasCharset, start, end: next };
    at = TAG.lastIndex;
    if (name === 'html' || name === 'head') start = at;
    else if (HEAD_ELEMENTS.has(name)) at = behindElement(html, name, at);
    else return { hasDoctype, hasCharset, start, end: next };
    if (name === 'meta' && NAMES_CHARSET.test(tag[3] ?? '')) hasCharset = true;
  }
}

/** The offset behind a comment, doctype or processing instruction at `at`; undefined when there is none. */
function behindMarkup(html: string, at: number): number | undefined {
  if (html.startsWith('<!--', at)) {
    // `<!-->` and `<!--->` are whole comments, too.
    const short = /^<!--(?:-?>)/.exec(html.slice(at, at + 6));
    if (short) return at + short[0].length;
    const end = html.indexOf('-->', at + 4);
    return end < 0 ? html.length : end + 3;
  }
  if (html.startsWith('<!', at) || html.startsWith('<?', at)) {
    const end = html.indexOf('>', at);
    return end < 0 ? html.length : end + 1;
  }
  return undefined;
}

function behindElement(html: string, name: string, from: number): number {
  if (!HOLDS_TEXT.has(name) && name !== 'template') return from;
  const ends = new RegExp(`</${name}(?=[\\s/>])[^>]*>`, 'gi');
  ends.lastIndex = from;
  return ends.exec(html) ? ends.lastIndex : html.length;
}
