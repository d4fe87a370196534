/**
 * Puts the bodies of several documents into one, so that one print makes pages of all. The DOM takes more than one body, each of
 * which matches `body` in a style sheet and is laid out as the only one would be; the HTML parser does not. What the analysis in
 * document/gang lets through looks at neither the number of bodies nor what is outside of its own.
 */
import type { GangBody } from '../engine.ts';

/** An expression that sets the bodies in place of the document's own; it gives their GangBodyFacts. */
export function gangScript(bodies: readonly GangBody[]): string {
  const list = bodies.map(({ html, name, hasOwnPages }) => [html, name, hasOwnPages]);
  return `((list) => {
  const parser = new DOMParser();
  const textOf = (body) => {
    const copy = body.cloneNode(true);
    for (const each of copy.querySelectorAll('script, style')) each.remove();
    return copy.textContent;
  };
  const links = document.createElement('div');
  links.hidden = true;
  document.body.remove();
  const found = [];
  for (const [html, name, hasOwnPages] of list) {
    const parsed = parser.parseFromString(html, 'text/html');
    const body = document.adoptNode(parsed.body);
    if (hasOwnPages) body.style.setProperty('page', name);
    else body.style.setProperty('break-before', 'page');
    // Its own id, if it has one, nothing refers to.
    body.id = name;
    const link = document.createElement('a');
    link.setAttribute('href', '#' + name);
    links.append(link);
    document.documentElement.append(body);
    found.push({ title: parsed.title, text: textOf(body) });
  }
  document.head.append(links);
  return found;
})(${JSON.stringify(list)})`;
}
