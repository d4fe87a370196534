/**
 * Where an element lands on the pages: a link that covers it is printed as an annotation with its very box. Whoever finishes the
 * file takes the annotation out again (core/pdf/finish/anchor.ts).
 */

/** The address of the link that tells where the anchor is; nobody but the reader of the file ever sees it. */
export const ANCHOR_URL = 'https://anchor.influxion.invalid/';

export type AnchorOutcome = 'placed' | 'missing' | 'invalid';

/** An expression that covers the first element of a CSS selector; it gives an AnchorOutcome. */
export function anchorLinkScript(selector: string): string {
  return `((selector) => {
  let element;
  try { element = document.querySelector(selector); } catch { return 'invalid'; }
  if (!element) return 'missing';
  const link = document.createElement('a');
  link.href = ${JSON.stringify(ANCHOR_URL)};
  if (element instanceof HTMLImageElement || element instanceof SVGElement) {
    element.replaceWith(link);
    link.append(element);
    return 'placed';
  }
  if (getComputedStyle(element).position === 'static') element.style.position = 'relative';
  link.style.cssText = 'all:initial;position:absolute;inset:0;display:block';
  element.append(link);
  return 'placed';
})(${JSON.stringify(selector)})`;
}
