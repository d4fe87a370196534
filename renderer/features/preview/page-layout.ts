/** Where the pages of a document lie on the desk: pure sums, so that 1,200 pages cost nothing until they are seen. */

/** Points, 1/72 inch. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** As wide as the desk, one whole page, or a factor where 1 is the size on paper at 96 CSS pixels an inch. */
export type Zoom = 'width' | 'page' | number;

export const A4: PageSize = { width: 595.92, height: 842.88 };
/** CSS pixels of one point at 100 %. */
export const FULL_SCALE = 96 / 72;
export const ZOOM_LIMITS = { min: 0.1, max: 8 };
export const ZOOM_STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.25, 1.5, 2, 3, 4, 6, 8];
/** CSS pixels around a page. */
export const DESK_GAP = 16;

/** CSS pixels from the top left of the scrolled area. */
export interface PageFrame {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export interface PageLayout {
  readonly pages: number;
  /** CSS pixels of one point. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  frame(index: number): PageFrame;
  /** The page at a height, counted from 0; of a gap the page below it. */
  pageAt(y: number): number;
}

/** What is at the top of what is seen, said so that it holds at any zoom and in the next version of the document. */
export interface Position {
  /** Counted from 0. */
  readonly page: number;
  /** Of the page's height; below 0 in the gap above it. */
  readonly y: number;
  /** Of the whole width: the middle of what is seen. */
  readonly x: number;
}

export const TOP: Position = { page: 0, y: -1, x: 0.5 };

export const clampZoom = (factor: number): number =>
  Math.min(ZOOM_LIMITS.max, Math.max(ZOOM_LIMITS.min, factor));

/** The next step up (1) or down (-1) from a factor. */
export function zoomStep(factor: number, direction: 1 | -1): number {
  const near = 0.01;
  const next =
    direction === 1
      ? ZOOM_STEPS.find((step) => step > factor + near)
      : ZOOM_STEPS.findLast((step) => step < factor - near);
  return next ?? clampZoom(factor * (direction === 1 ? 1.25 : 0.8));
}

/** CSS pixels of a point for a zoom: `size` is the page that has to fit into `view` (CSS pixels). */
export function scaleFor(zoom: Zoom, size: PageSize, view: PageSize): number {
  const inner = { width: view.width - 2 * DESK_GAP, height: view.height - 2 * DESK_GAP };
  const least = ZOOM_LIMITS.min * FULL_SCALE;
  if (typeof zoom === 'number') return clampZoom(zoom) * FULL_SCALE;
  const byWidth = inner.width / size.width;
  const scale = zoom === 'width' ? byWidth : Math.min(byWidth, inner.height / size.height);
  return Math.min(ZOOM_LIMITS.max * FULL_SCALE, Math.max(least, scale));
}

/** Pages one below the other, each in the middle of the desk. */
export function layOut(
  pages: number,
  sizeOf: (index: number) => PageSize,
  scale: number,
  viewWidth: number,
): PageLayout {
  const tops = new Float64Array(pages + 1);
  let widest = 0;
  let y = DESK_GAP;
  for (let index = 0; index < pages; index += 1) {
    const size = sizeOf(index);
    tops[index] = y;
    y += Math.round(size.height * scale) + DESK_GAP;
    widest = Math.max(widest, size.width);
  }
  tops[pages] = y;
  const width = Math.max(viewWidth, Math.round(widest * scale) + 2 * DESK_GAP);
  return {
    pages,
    scale,
    width,
    height: y,
    frame: (index) => {
      const size = sizeOf(index);
      const pageWidth = Math.round(size.width * scale);
      return {
        top: tops[index] ?? 0,
        left: Math.floor((width - pageWidth) / 2),
        width: pageWidth,
        height: Math.round(size.height * scale),
      };
    },
    pageAt: (at) => {
      let low = 0;
      let high = pages - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((tops[middle + 1] ?? Infinity) - DESK_GAP < at) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

export interface Scroll {
  readonly top: number;
  readonly left: number;
}

export function positionOf(layout: PageLayout, scroll: Scroll, view: PageSize): Position {
  const page = layout.pageAt(scroll.top);
  const { top, height } = layout.frame(page);
  return { page, y: (scroll.top - top) / height, x: (scroll.left + view.width / 2) / layout.width };
}

export function scrollOf(layout: PageLayout, position: Position, view: PageSize): Scroll {
  const page = Math.max(0, Math.min(position.page, layout.pages - 1));
  const { top, height } = layout.frame(page);
  const wanted = { top: top + position.y * height, left: position.x * layout.width - view.width / 2 };
  return {
    top: Math.max(0, Math.min(wanted.top, layout.height - view.height)),
    left: Math.max(0, Math.min(wanted.left, layout.width - view.width)),
  };
}

/** First and last page that are seen. */
export function seenPages(layout: PageLayout, top: number, viewHeight: number): readonly [number, number] {
  if (layout.pages === 0) return [0, -1];
  const first = layout.pageAt(top);
  let last = first;
  while (last + 1 < layout.pages && layout.frame(last + 1).top < top + viewHeight) last += 1;
  return [first, last];
}

/** The page that takes most of the view, counted from 0. */
export function currentPage(layout: PageLayout, top: number, viewHeight: number): number {
  const [first, last] = seenPages(layout, top, viewHeight);
  let best = first;
  let most = -1;
  for (let index = first; index <= last; index += 1) {
    const frame = layout.frame(index);
    const shown = Math.min(frame.top + frame.height, top + viewHeight) - Math.max(frame.top, top);
    if (shown > most + 1) {
      best = index;
      most = shown;
    }
  }
  return best;
}
