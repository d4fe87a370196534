/** Rulers along a page and the lines of its margins, in percent of the page so that every zoom fits. */
import type { PageSize } from './page-layout.ts';
import type { Margins } from './page-margins.ts';

const MM_PER_POINT = 25.4 / 72;
const TICK_MM = 10;
const NUMBER_EVERY = 2;

const element = (className: string): HTMLDivElement => {
  const div = document.createElement('div');
  div.className = className;
  return div;
};

function ruler(lengthMm: number, direction: 'across' | 'down'): HTMLElement {
  const bar = element(`page-ruler ${direction}`);
  const side = direction === 'across' ? 'left' : 'top';
  for (let at = 0; at <= lengthMm; at += TICK_MM) {
    const tick = element('page-tick');
    tick.style[side] = `${(100 * at) / lengthMm}%`;
    if ((at / TICK_MM) % NUMBER_EVERY === 0) tick.textContent = String(at);
    bar.append(tick);
  }
  return bar;
}

export function createRulers(size: PageSize, margins: Margins): HTMLElement {
  const width = size.width * MM_PER_POINT;
  const height = size.height * MM_PER_POINT;
  const root = element('page-guides');
  root.setAttribute('aria-hidden', 'true');
  const box = element('page-margins');
  box.style.top = `${(100 * margins.top) / height}%`;
  box.style.bottom = `${(100 * margins.bottom) / height}%`;
  box.style.left = `${(100 * margins.left) / width}%`;
  box.style.right = `${(100 * margins.right) / width}%`;
  root.append(ruler(width, 'across'), ruler(height, 'down'), box);
  return root;
}
