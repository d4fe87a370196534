/** What stands in the editor, for the preview: told without a render of the page, because it changes with every key. */
import { useSyncExternalStore } from 'react';
import type { SourceLine } from './places.ts';

export interface Edited {
  /** Null while no template is open. */
  readonly templateId: string | null;
  /** Texts as they stand in the editor, by path. */
  readonly edits: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly data: string;
  /** The file that the data stands in; null when it stands in none. */
  readonly dataPath: string | null;
  readonly cursor: SourceLine | null;
}

export interface EditorFeed {
  readonly get: () => Edited;
  /** Calls back when something may be another, until disposed. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A part of it; `pick` must give the same thing for the same state. */
export const useEdited = <Value>(feed: EditorFeed, pick: (edited: Edited) => Value): Value =>
  useSyncExternalStore(feed.subscribe, () => pick(feed.get()));
