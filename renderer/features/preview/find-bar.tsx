import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import type { PreviewSession } from './preview-session.ts';

function countText({
  query,
  found,
  current,
  isSearching,
}: {
  query: string;
  found: number;
  current: number;
  isSearching: boolean;
}): string {
  if (query.trim() === '') return '';
  if (isSearching) return `${found} so far`;
  return found === 0 ? 'Nothing found' : `${current} of ${found}`;
}

/** Finds text in the document: Enter and Shift+Enter step, Escape closes. */
export function FindBar({
  session: { store, finder },
}: {
  readonly session: PreviewSession;
}): ReactElement | undefined {
  const find = useStore(store, (state) => state.find);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  if (find === undefined) return undefined;
  const search = (query: string): void => {
    store.setState({ find: { ...find, query } });
    void finder.search(query);
  };
  return (
    <div className="preview-find" role="search" aria-label="Find in the document">
      <Input
        ref={input}
        aria-label="Find in the document"
        placeholder="Find in the document"
        spellCheck={false}
        value={find.query}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finder.step(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') finder.close();
          else return;
          event.preventDefault();
        }}
      />
      <span className="preview-find-count" role="status">
        {countText(find)}
      </span>
      <IconButton
        size="s"
        label="Previous match"
        icon={<ChevronUp />}
        disabled={find.found === 0}
        onClick={() => finder.step(-1)}
      />
      <IconButton
        size="s"
        label="Next match"
        icon={<ChevronDown />}
        disabled={find.found === 0}
        onClick={() => finder.step(1)}
      />
      <IconButton size="s" label="Close" icon={<X />} onClick={() => finder.close()} />
    </div>
  );
}
