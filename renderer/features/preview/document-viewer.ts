/**
 * The desk with the pages of a document. Only what is seen (and a page around it) exists; a new document is drawn aside
 * and takes the place of the old one in a single frame, where the reader was.
 */
import { highlightMatches, type FoundMatches } from './highlight-matches.ts';
import type { Margins } from './page-margins.ts';
import {
  A4,
  currentPage,
  DESK_GAP,
  FULL_SCALE,
  layOut,
  positionOf,
  scaleFor,
  scrollOf,
  seenPages,
  TOP,
  type PageLayout,
  type PageSize,
  type Position,
  type Zoom,
} from './page-layout.ts';
import { PageView } from './page-view.ts';
import { paintPage, releaseCanvas, type Painting } from './paint-page.ts';
import type { OpenPdf, PageLink, PdfReader } from './pdf-reader.ts';

export interface ViewerListener {
  /** Page from 1; `scale` where 1 is the size on paper. */
  onView(view: { readonly page: number; readonly scale: number }): void;
  /** The reader asks for the source of a point: page from 1, points from its top. */
  onPoint(page: number, y: number): void;
  onExternalLink(url: string): void;
}

/** Page from 1, points from its top. */
export interface Mark {
  readonly page: number;
  readonly y: number;
}

interface Drawing {
  readonly sizes: Map<number, PageSize>;
  readonly canvases: ReadonlyMap<number, HTMLCanvasElement | undefined>;
  readonly scale: number;
}

const NEIGHBOURS = 1;
/** Text and links come when the reader rests; they cost as much as the drawing. */
const DRESS_AFTER_MS = 150;
const REPAINT_AFTER_MS = 80;

export class DocumentViewer {
  readonly #desk: HTMLElement;
  readonly #sheet = document.createElement('div');
  readonly #listener: ViewerListener;
  readonly #views = new Map<number, PageView>();
  readonly #resize: ResizeObserver;
  readonly #events = new AbortController();
  #reader: PdfReader | undefined;
  #pdf: OpenPdf | undefined;
  #sizes = new Map<number, PageSize>();
  #zoom: Zoom = 'width';
  #layout: PageLayout;
  #position: Position = TOP;
  #mark: Mark | undefined;
  #margins: Margins | undefined;
  #matches: FoundMatches | undefined;
  #isSourceMode = false;
  #isPreparing = false;
  #isPainting = false;
  /** Counts the calls of `clear`: what was begun before is not shown after. */
  #cleared = 0;
  #painting: Painting | undefined;
  #dressTimer: ReturnType<typeof setTimeout> | undefined;
  #paintTimer: ReturnType<typeof setTimeout> | undefined;

  /** `desk` is the element that scrolls. */
  constructor(desk: HTMLElement, listener: ViewerListener) {
    this.#desk = desk;
    this.#listener = listener;
    this.#sheet.className = 'preview-sheet';
    desk.append(this.#sheet);
    this.#layout = this.#layOut(0, this.#sizes);
    const { signal } = this.#events;
    desk.addEventListener('scroll', () => this.#onScroll(), { signal, passive: true });
    desk.addEventListener('click', (event) => this.#onClick(event), { signal });
    desk.addEventListener('dblclick', (event) => this.#askSource(event), { signal });
    this.#resize = new ResizeObserver(() => this.#relayout());
    this.#resize.observe(desk);
  }

  /** The element that scrolls. */
  get desk(): HTMLElement {
    return this.#desk;
  }

  get position(): Position {
    return this.#position;
  }

  get pdf(): OpenPdf | undefined {
    return this.#pdf;
  }

  /**
   * Draws what will be seen of `pdf`, then shows it and closes the document that was shown before. False, and `pdf` is
   * closed, when the desk was cleared meanwhile.
   */
  async show(reader: PdfReader, pdf: OpenPdf): Promise<boolean> {
    const cleared = this.#cleared;
    this.#reader = reader;
    this.#isPreparing = true;
    try {
      const drawn = await this.#drawSeen(pdf);
      if (cleared !== this.#cleared) {
        for (const canvas of drawn.canvases.values()) releaseCanvas(canvas);
        pdf.destroy();
        return false;
      }
      this.#swap(pdf, drawn);
      return true;
    } catch (error) {
      pdf.destroy();
      throw error;
    } finally {
      this.#isPreparing = false;
    }
  }

  async #drawSeen(pdf: OpenPdf): Promise<Drawing> {
    const sizes = new Map([[0, await pdf.size(0)]]);
    const [first, last] = this.#seenOf(pdf, sizes);
    const seen = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
    await Promise.all(seen.map(async (index) => sizes.set(index, await pdf.size(index))));
    const { scale } = this.#layOut(pdf.pages, sizes);
    const paintings = seen.map((index) =>
      paintPage(pdf, index, this.#sizeOf(index, sizes), { scale, pixelRatio: devicePixelRatio }),
    );
    await Promise.all(paintings.map(({ done }) => done)).catch((error: unknown) => {
      for (const painting of paintings) painting.cancel();
      throw error;
    });
    return { sizes, scale, canvases: new Map(seen.map((index, at) => [index, paintings[at]?.canvas])) };
  }

  /** Takes the pages away; the next document begins at `position`. */
  clear(position: Position): void {
    this.#cleared += 1;
    this.#position = position;
    this.#painting?.cancel();
    for (const view of this.#views.values()) view.remove();
    this.#views.clear();
    this.#pdf?.destroy();
    this.#pdf = undefined;
    this.#sizes = new Map();
    this.#layout = this.#layOut(0, this.#sizes);
    this.#sheet.style.height = '0';
  }

  /** `point` (CSS pixels in the desk) stays where it is; without it the top does. */
  setZoom(zoom: Zoom, point?: { readonly x: number; readonly y: number }): void {
    if (point === undefined || this.#layout.pages === 0) {
      this.#zoom = zoom;
      this.#relayout();
      return;
    }
    const { scrollTop, scrollLeft } = this.#desk;
    const index = this.#layout.pageAt(scrollTop + point.y);
    const before = this.#layout.frame(index);
    const x = (scrollLeft + point.x - before.left) / before.width;
    const y = (scrollTop + point.y - before.top) / before.height;
    this.#zoom = zoom;
    this.#relayout();
    const after = this.#layout.frame(index);
    this.#scrollTo({
      top: after.top + y * after.height - point.y,
      left: after.left + x * after.width - point.x,
    });
  }

  /** Page from 1; `y` in points from its top. */
  goTo(page: number, y = 0): void {
    const { top } = this.#layout.frame(page - 1);
    this.#scrollTo({ top: top + y * this.#layout.scale - DESK_GAP, left: this.#desk.scrollLeft });
  }

  /** Brings a point into view, without moving when it is seen already. */
  reveal({ page, y }: Mark): void {
    const at = this.#layout.frame(page - 1).top + y * this.#layout.scale;
    const { scrollTop, clientHeight } = this.#desk;
    if (at >= scrollTop && at <= scrollTop + clientHeight) return;
    this.#scrollTo({ top: at - clientHeight / 3, left: this.#desk.scrollLeft });
  }

  setMark(mark: Mark | undefined): void {
    this.#mark = mark;
    for (const [index, view] of this.#views) this.#showMark(index, view);
  }

  setGuides(margins: Margins | undefined): void {
    this.#margins = margins;
    for (const [index, view] of this.#views) view.showGuides(margins, this.#sizeOf(index));
  }

  /** In source mode a plain click asks for the source. */
  setSourceMode(isOn: boolean): void {
    this.#isSourceMode = isOn;
    this.#desk.classList.toggle('is-source-mode', isOn);
  }

  /** Dims the pages: they are not what the last edit would print. */
  setStale(isStale: boolean): void {
    this.#desk.classList.toggle('is-stale', isStale);
  }

  /** Asks for the source of what is at the top of the view, for those who do not point. */
  askSourceOfTop(): void {
    const { page, y } = this.#position;
    const height = this.#sizeOf(page).height;
    this.#listener.onPoint(page + 1, Math.max(0, y) * height);
  }

  setMatches(matches: FoundMatches | undefined): void {
    this.#matches = matches;
    highlightMatches(this.#views, matches);
  }

  destroy(): void {
    clearTimeout(this.#dressTimer);
    clearTimeout(this.#paintTimer);
    this.#events.abort();
    this.#resize.disconnect();
    this.clear(TOP);
    highlightMatches(this.#views, undefined);
    this.#sheet.remove();
  }

  #sizeOf(index: number, sizes = this.#sizes): PageSize {
    return sizes.get(index) ?? sizes.get(0) ?? A4;
  }

  get #view(): PageSize {
    return { width: this.#desk.clientWidth, height: this.#desk.clientHeight };
  }

  #layOut(pages: number, sizes: ReadonlyMap<number, PageSize>): PageLayout {
    const first = sizes.get(0) ?? A4;
    const scale = scaleFor(this.#zoom, first, this.#view);
    return layOut(pages, (index) => sizes.get(index) ?? first, scale, this.#view.width);
  }

  #seenOf(pdf: OpenPdf, sizes: ReadonlyMap<number, PageSize>): readonly [number, number] {
    const layout = this.#layOut(pdf.pages, sizes);
    const { top } = scrollOf(layout, this.#position, this.#view);
    return seenPages(layout, top, this.#view.height);
  }

  #swap(pdf: OpenPdf, { sizes, canvases, scale }: Drawing): void {
    const old = this.#pdf;
    this.#painting?.cancel();
    this.#pdf = pdf;
    this.#sizes = sizes;
    this.#relayout();
    for (const [index, canvas] of canvases) {
      const view = this.#views.get(index);
      if (view !== undefined && canvas !== undefined) view.show(canvas, { pdf, scale });
      else releaseCanvas(canvas);
    }
    this.#paintSoon();
    old?.destroy();
  }

  /** Sizes of the view, the zoom or the pages changed; what was at the top stays there. */
  #relayout(): void {
    const position = this.#position;
    this.#layout = this.#layOut(this.#pdf?.pages ?? 0, this.#sizes);
    this.#sheet.style.width = `${this.#layout.width}px`;
    this.#sheet.style.height = `${this.#layout.height}px`;
    if (this.#layout.pages === 0) return;
    this.#scrollTo(scrollOf(this.#layout, position, this.#view));
    for (const [index, view] of this.#views) {
      if (index < this.#layout.pages) view.place(this.#layout.frame(index), this.#layout.scale);
    }
  }

  #scrollTo({ top, left }: { readonly top: number; readonly left: number }): void {
    this.#desk.scrollTo({ top, left, behavior: 'instant' });
    this.#onScroll();
  }

  #onScroll(): void {
    if (this.#pdf === undefined) return;
    const { scrollTop, scrollLeft } = this.#desk;
    this.#position = positionOf(this.#layout, { top: scrollTop, left: scrollLeft }, this.#view);
    this.#mount();
    this.#paintSoon();
    const page = currentPage(this.#layout, scrollTop, this.#view.height) + 1;
    this.#listener.onView({ page, scale: this.#layout.scale / FULL_SCALE });
  }

  #mount(): void {
    const [first, last] = seenPages(this.#layout, this.#desk.scrollTop, this.#view.height);
    const from = Math.max(0, first - NEIGHBOURS);
    const to = Math.min(this.#layout.pages - 1, last + NEIGHBOURS);
    for (const [index, view] of this.#views) {
      if (index >= from && index <= to) continue;
      view.remove();
      this.#views.delete(index);
    }
    for (let index = from; index <= to; index += 1) {
      if (this.#views.has(index)) continue;
      const view = new PageView(index);
      view.place(this.#layout.frame(index), this.#layout.scale);
      view.showGuides(this.#margins, this.#sizeOf(index));
      this.#views.set(index, view);
      this.#showMark(index, view);
      // In the order of the document, for the keyboard and for screen readers.
      const next = Math.min(...[...this.#views.keys()].filter((other) => other > index));
      this.#sheet.insertBefore(view.root, this.#views.get(next)?.root ?? null);
    }
  }

  #showMark(index: number, view: PageView): void {
    view.showMark(this.#mark?.page === index + 1 ? this.#mark.y : undefined, this.#sizeOf(index));
  }

  #paintSoon(): void {
    clearTimeout(this.#paintTimer);
    this.#paintTimer = setTimeout(() => void this.#paintNext(), this.#zoomIsMoving() ? REPAINT_AFTER_MS : 0);
  }

  /** Pages that are seen were drawn at another scale: wait until the wheel rests. */
  #zoomIsMoving(): boolean {
    return [...this.#views.values()].some(
      ({ drawn }) => drawn !== undefined && drawn.scale !== this.#layout.scale,
    );
  }

  /** Draws the mounted pages that are missing or old, those that are seen first, one after the other. */
  async #paintNext(): Promise<void> {
    if (this.#isPainting || this.#isPreparing) return;
    const pdf = this.#pdf;
    const index = this.#nextToPaint();
    if (pdf === undefined || index === undefined) {
      this.#dressSoon();
      return;
    }
    this.#isPainting = true;
    let painting: Painting | undefined;
    try {
      const size = await pdf.size(index);
      this.#learnSize(index, size);
      const { scale } = this.#layout;
      painting = paintPage(pdf, index, size, { scale, pixelRatio: devicePixelRatio });
      this.#painting = painting;
      await painting.done;
      if (this.#pdf === pdf) this.#views.get(index)?.show(painting.canvas, { pdf, scale });
    } catch {
      // It was cancelled, or its document closed: what is there now is drawn next.
    } finally {
      // The page may have been scrolled away, or its document followed by another, meanwhile.
      if (painting?.canvas.isConnected === false) painting.cancel();
      this.#painting = undefined;
      this.#isPainting = false;
    }
    if (this.#pdf !== undefined) this.#paintSoon();
  }

  #nextToPaint(): number | undefined {
    const middle = currentPage(this.#layout, this.#desk.scrollTop, this.#view.height);
    return [...this.#views]
      .filter(([, { drawn }]) => drawn?.pdf !== this.#pdf || drawn?.scale !== this.#layout.scale)
      .map(([index]) => index)
      .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  }

  #learnSize(index: number, size: PageSize): void {
    const known = this.#sizeOf(index);
    this.#sizes.set(index, size);
    if (known.width !== size.width || known.height !== size.height) this.#relayout();
  }

  #dressSoon(): void {
    clearTimeout(this.#dressTimer);
    this.#dressTimer = setTimeout(() => void this.#dress(), DRESS_AFTER_MS);
  }

  async #dress(): Promise<void> {
    const [reader, pdf] = [this.#reader, this.#pdf];
    if (reader === undefined || pdf === undefined) return;
    const onLink = (link: PageLink, event: Event): void => void this.#follow(pdf, link, event);
    for (const [index, view] of this.#views) {
      // Its document may be closed meanwhile; the next one is dressed then.
      await view.dress(reader, pdf, index, onLink).catch(() => undefined);
      if (this.#pdf !== pdf) return;
    }
    highlightMatches(this.#views, this.#matches);
  }

  async #follow(pdf: OpenPdf, { url, dest }: PageLink, event: Event): Promise<void> {
    if (this.#isSourceMode || (event instanceof MouseEvent && event.altKey)) return;
    if (url !== undefined) {
      this.#listener.onExternalLink(url);
      return;
    }
    const target = dest === undefined ? undefined : await pdf.target(dest);
    if (target !== undefined) this.goTo(target.page + 1, target.y);
  }

  #onClick(event: MouseEvent): void {
    if (event.altKey || this.#isSourceMode) this.#askSource(event);
  }

  #askSource(event: MouseEvent): void {
    const root = event.target instanceof Element ? event.target.closest<HTMLElement>('.page') : null;
    if (root === null) return;
    const y = (event.clientY - root.getBoundingClientRect().top) / this.#layout.scale;
    this.#listener.onPoint(Number(root.dataset['page']), y);
  }
}
