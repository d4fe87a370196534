/** Colours what was found through the CSS Custom Highlight API: no element is added to the text. */
import type { PageView } from './page-view.ts';
import type { TextMatch } from './search-text.ts';

export interface FoundMatches {
  /** Matches by page, from 0. */
  readonly byPage: ReadonlyMap<number, readonly TextMatch[]>;
  readonly current: { readonly page: number; readonly match: TextMatch } | undefined;
}

const ALL = 'preview-match';
const CURRENT = 'preview-current-match';

function rangeOf(view: PageView, { start, end }: TextMatch): Range | undefined {
  const first = view.pieces[start.piece]?.firstChild;
  const last = view.pieces[end.piece]?.firstChild;
  if (first == null || last == null) return undefined;
  const range = new Range();
  range.setStart(first, Math.min(start.offset, first.nodeValue?.length ?? 0));
  range.setEnd(last, Math.min(end.offset, last.nodeValue?.length ?? 0));
  return range;
}

/** Of the pages that are mounted and have their text. */
export function highlightMatches(
  views: ReadonlyMap<number, PageView>,
  matches: FoundMatches | undefined,
): void {
  const all: Range[] = [];
  const current: Range[] = [];
  for (const [index, view] of views) {
    for (const match of matches?.byPage.get(index) ?? []) {
      const range = rangeOf(view, match);
      if (range === undefined) continue;
      (match === matches?.current?.match ? current : all).push(range);
    }
  }
  CSS.highlights.set(ALL, new Highlight(...all));
  CSS.highlights.set(CURRENT, new Highlight(...current));
}
