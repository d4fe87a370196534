/**
 * What a rendered document says about itself in its tags. Chromium fills gaps with its own language and the address of the page, so
 * only the HTML tells whether somebody meant it.
 */
import { attributesOf, tagsOf } from '../../templates/references/html-tags.ts';

export interface HtmlFacts {
  /** It has a `<title>` that is not empty; its text is in the print. */
  readonly hasTitle: boolean;
  /** Of `<html lang>`. */
  readonly language: string | undefined;
  /** Of `<meta name="author">`, `description` and `keywords`. */
  readonly author: string | undefined;
  readonly description: string | undefined;
  readonly keywords: readonly string[];
}

export function htmlFacts(html: string): HtmlFacts {
  let language: string | undefined;
  let hasTitle = false;
  const meta = new Map<string, string>();
  for (const { name, isEnd, nameEnd, end, start } of tagsOf(html)) {
    if (isEnd) {
      if (name === 'head') break;
      continue;
    }
    if (name === 'body') break;
    if (name === 'html') language = attributesOf(html.slice(nameEnd, end)).get('lang')?.trim();
    else if (name === 'title') hasTitle = /<title[^>]*>\s*[^\s<]/i.test(html.slice(start, end));
    else if (name === 'meta') {
      const attributes = attributesOf(html.slice(nameEnd, end));
      const [key, content] = [attributes.get('name')?.toLowerCase(), attributes.get('content')?.trim()];
      if (key !== undefined && content !== undefined && content !== '') meta.set(key, content);
    }
  }
  return {
    hasTitle,
    language: language === '' ? undefined : language,
    author: meta.get('author'),
    description: meta.get('description'),
    keywords: (meta.get('keywords') ?? '')
      .split(',')
      .map((keyword) => keyword.trim())
      .filter((keyword) => keyword !== ''),
  };
}
