/**
 * Chromium writes a named destination for every id that a link of the document refers to. The links for ids that none
 * refers to are put into the head: nothing there is laid out, so no rule of the template can see a difference on the page,
 * and a link without a box leaves no annotation in the file.
 */

/** An expression that makes the printed document name where these ids are. */
export function destinationLinksScript(ids: readonly string[]): string {
  const names = ids.map((id) => encodeURIComponent(id.toWellFormed()));
  return `((names) => {
  const head = document.head;
  if (!head) return;
  const links = document.createElement('div');
  links.hidden = true;
  for (const name of names) {
    const link = document.createElement('a');
    link.setAttribute('href', '#' + name);
    links.append(link);
  }
  head.append(links);
})(${JSON.stringify(names)})`;
}
