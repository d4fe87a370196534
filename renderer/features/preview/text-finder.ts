/** The find bar's work: reads the text of the pages one by one, from the page that is seen, and steps through matches. */
import type { DocumentViewer } from './document-viewer.ts';
import { isPiece, type OpenPdf } from './pdf-reader.ts';
import type { PreviewStore } from './preview-store.ts';
import { searchText, type TextMatch } from './search-text.ts';

interface Found {
  readonly page: number;
  /** Points from the top of the page. */
  readonly y: number;
  readonly match: TextMatch;
}

/** More would say nothing to a reader and cost memory. */
const MOST_MATCHES = 5000;

export class TextFinder {
  readonly #store: PreviewStore;
  readonly #viewer: DocumentViewer;
  #query = '';
  #found: Found[] = [];
  #current = -1;
  #run = 0;

  constructor(store: PreviewStore, viewer: DocumentViewer) {
    this.#store = store;
    this.#viewer = viewer;
  }

  /** Finds `query` in the document that is shown; empty finds nothing. */
  async search(query: string): Promise<void> {
    const isNew = query !== this.#query;
    this.#query = query;
    await this.#read(isNew);
  }

  /** The same words in a new version of the document; the reader is not moved. */
  async refresh(): Promise<void> {
    if (this.#query !== '') await this.#read(false);
  }

  step(direction: 1 | -1): void {
    const count = this.#found.length;
    if (count === 0) return;
    this.#current = (this.#current + direction + count) % count;
    const found = this.#found[this.#current];
    if (found !== undefined) this.#viewer.reveal({ page: found.page + 1, y: found.y });
    this.#tell(false);
  }

  close(): void {
    this.#run += 1;
    this.#query = '';
    this.#found = [];
    this.#viewer.setMatches(undefined);
    this.#store.setState({ find: undefined });
  }

  async #read(moves: boolean): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const { pdf } = this.#viewer;
    const found: Found[] = [];
    if (moves) this.#current = -1;
    if (pdf !== undefined && this.#query.trim() !== '') {
      for (let page = 0; page < pdf.pages && found.length < MOST_MATCHES; page += 1) {
        const matches = await matchesOf(pdf, page, this.#query);
        if (run !== this.#run) return;
        found.push(...matches);
        if (page % 20 === 19) this.#tell(true, found);
      }
    }
    this.#found = found;
    if (moves) {
      const seen = this.#store.getState().page - 1;
      const next = found.findIndex(({ page }) => page >= seen);
      this.#current = (next === -1 ? 0 : next) - 1;
      this.step(1);
    }
    this.#current = Math.min(this.#current, found.length - 1);
    this.#tell(false);
  }

  #tell(isSearching: boolean, found: readonly Found[] = this.#found): void {
    const byPage = new Map<number, TextMatch[]>();
    for (const { page, match } of found) byPage.set(page, [...(byPage.get(page) ?? []), match]);
    this.#viewer.setMatches({ byPage, current: found[this.#current] });
    const { find } = this.#store.getState();
    if (find === undefined) return;
    this.#store.setState({
      find: {
        ...find,
        found: found.length,
        current: found.length === 0 ? 0 : this.#current + 1,
        isSearching,
      },
    });
  }
}

async function matchesOf(pdf: OpenPdf, page: number, query: string): Promise<Found[]> {
  try {
    const [{ height }, { items }] = await Promise.all([pdf.size(page), pdf.text(page)]);
    const pieces = items.filter(isPiece);
    return searchText(pieces, query).map((match) => {
      const matrix = pieces[match.start.piece]?.transform as readonly number[] | undefined;
      return { page, y: height - (matrix?.[5] ?? height), match };
    });
  } catch {
    // A newer document took its place and is searched instead.
    return [];
  }
}
