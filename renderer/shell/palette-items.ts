import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { rank } from './fuzzy.ts';

export interface PaletteItem {
  /** Unique in the palette. */
  readonly id: string;
  readonly title: string;
  /** Beside the title: a state, a template. */
  readonly detail?: string;
  readonly shortcut?: string;
  readonly run: () => void;
}

/** A kind of thing that the palette finds. */
export interface PaletteSource {
  /** The heading above its items. */
  readonly title: string;
  readonly icon: ReactNode;
  /** Called when the palette opens and as the query changes; rejections leave the group out. */
  readonly load: (query: string, signal: AbortSignal) => Promise<readonly PaletteItem[]>;
  /** Already chosen by `load` for the query: not ranked again. */
  readonly isSearched?: boolean;
}

export interface PaletteGroup {
  readonly source: PaletteSource;
  readonly items: readonly PaletteItem[];
}

const MOST_OF_A_GROUP = 8;

/** What fits the query, a group a source; `isLoading` until every source has answered. */
export function usePaletteGroups(
  sources: readonly PaletteSource[],
  query: string,
): { readonly groups: readonly PaletteGroup[]; readonly isLoading: boolean } {
  const [loaded, setLoaded] = useState<ReadonlyMap<PaletteSource, readonly PaletteItem[]>>(new Map());

  useEffect(() => {
    const controller = new AbortController();
    for (const source of sources) {
      const set = (items: readonly PaletteItem[]): void => {
        if (!controller.signal.aborted) setLoaded((last) => new Map(last).set(source, items));
      };
      source.load(query, controller.signal).then(set, () => set([]));
    }
    return () => controller.abort();
  }, [sources, query]);

  const groups = sources
    .map((source) => {
      const items = loaded.get(source) ?? [];
      const fitting =
        source.isSearched === true
          ? items
          : rank(items, query, ({ title, detail }) => `${title} ${detail ?? ''}`);
      return { source, items: fitting.slice(0, query === '' ? MOST_OF_A_GROUP : MOST_OF_A_GROUP * 2) };
    })
    .filter(({ items }) => items.length > 0);
  return { groups, isLoading: loaded.size < sources.length };
}
