/** One page on the desk: its canvas, the text that can be selected, its links, and what is laid over it. */
import type { PageFrame, PageSize } from './page-layout.ts';
import type { Margins } from './page-margins.ts';
import { releaseCanvas } from './paint-page.ts';
import { isPiece, type OpenPdf, type PageLink, type PdfReader } from './pdf-reader.ts';
import { createRulers } from './rulers.ts';

/** Which drawing is shown: of which document, at how many CSS pixels a point. */
export interface Drawn {
  readonly pdf: OpenPdf;
  readonly scale: number;
}

const element = (className: string): HTMLDivElement => {
  const div = document.createElement('div');
  div.className = className;
  return div;
};

const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;

export class PageView {
  readonly root = element('page');
  readonly #paper = element('page-paper');
  readonly #text = element('textLayer');
  readonly #links = element('page-links');
  readonly #mark = element('page-mark');
  #guides: HTMLElement | undefined;
  #canvas: HTMLCanvasElement | undefined;
  /** The text in its order, one element a piece, once it is laid out. */
  pieces: readonly HTMLElement[] = [];
  drawn: Drawn | undefined;
  /** Whose text and links are laid over the canvas. */
  dressed: OpenPdf | undefined;

  constructor(index: number) {
    this.root.dataset['page'] = String(index + 1);
    this.root.setAttribute('role', 'region');
    this.root.setAttribute('aria-label', `Page ${index + 1}`);
    this.#mark.hidden = true;
    this.root.append(this.#paper, this.#text, this.#links, this.#mark);
  }

  get pixels(): number {
    return this.#canvas === undefined ? 0 : this.#canvas.width * this.#canvas.height;
  }

  place(frame: PageFrame, scale: number): void {
    const { style } = this.root;
    style.transform = `translate(${frame.left}px, ${frame.top}px)`;
    style.width = `${frame.width}px`;
    style.height = `${frame.height}px`;
    style.setProperty('--total-scale-factor', String(scale));
  }

  /** Swaps the canvas in the same frame; the old one was seen until now. */
  show(canvas: HTMLCanvasElement, drawn: Drawn): void {
    const old = this.#canvas;
    this.#canvas = canvas;
    this.drawn = drawn;
    this.#paper.replaceChildren(canvas);
    releaseCanvas(old);
  }

  /** Lays text and links over the page; the last ones stay until the new ones are there. */
  async dress(
    reader: PdfReader,
    pdf: OpenPdf,
    index: number,
    onLink: (link: PageLink, event: Event) => void,
  ): Promise<void> {
    if (this.dressed === pdf) return;
    const [page, content, links] = await Promise.all([pdf.page(index), pdf.text(index), pdf.links(index)]);
    if (this.drawn?.pdf !== pdf) return;
    this.dressed = pdf;
    const layer = element('textLayer');
    const text = new reader.TextLayer({
      textContentSource: { ...content, items: content.items.filter(isPiece) },
      container: layer,
      viewport: page.getViewport({ scale: this.drawn.scale }),
    });
    await text.render();
    if (this.dressed !== pdf) return;
    this.#text.replaceChildren(...layer.childNodes);
    this.#text.style.cssText = layer.style.cssText;
    this.pieces = text.textDivs;
    const { width, height } = page.getViewport({ scale: 1 });
    this.#links.replaceChildren(...links.map((link) => linkElement(link, { width, height }, onLink)));
  }

  /** A thin bar beside what the cursor is in; `y` in points. */
  showMark(y: number | undefined, size: PageSize): void {
    this.#mark.hidden = y === undefined;
    if (y !== undefined) this.#mark.style.top = percent(Math.min(y, size.height), size.height);
  }

  showGuides(margins: Margins | undefined, size: PageSize): void {
    this.#guides?.remove();
    this.#guides = margins === undefined ? undefined : createRulers(size, margins);
    if (this.#guides !== undefined) this.root.append(this.#guides);
  }

  remove(): void {
    releaseCanvas(this.#canvas);
    this.root.remove();
  }
}

function linkElement(
  { box, url, dest }: PageLink,
  size: PageSize,
  onLink: (link: PageLink, event: Event) => void,
): HTMLElement {
  const link = document.createElement('a');
  link.href = url ?? '#';
  link.title = url ?? 'Go to this place in the document';
  link.setAttribute('aria-label', url === undefined ? 'Link to a place in the document' : `Link to ${url}`);
  link.rel = 'noreferrer';
  const [left, top, right, bottom] = box;
  link.style.left = percent(left, size.width);
  link.style.top = percent(top, size.height);
  link.style.width = percent(right - left, size.width);
  link.style.height = percent(bottom - top, size.height);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    onLink({ box, url, dest }, event);
  });
  return link;
}
