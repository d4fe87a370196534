/** The keyboard's way from pane to pane: every element with `data-pane`, as they stand on the page. */
const FOCUSABLE =
  'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea, [tabindex]:not([tabindex="-1"])';

const isShown = (element: Element): boolean => element.getClientRects().length > 0;

/** Moves the focus to the pane after (1) or before (-1) the one that has it: where it last was there, else its first control. */
export function focusPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
    .filter(isShown)
    // A pane that holds panes is only their frame.
    .filter((pane) => pane.querySelector('[data-pane]') === null);
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes.at(current === -1 ? 0 : (current + step + panes.length) % panes.length);
  const target =
    next === undefined ? undefined : [...next.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isShown);
  (target ?? next)?.focus();
}
