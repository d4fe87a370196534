import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Kbd } from '../ui/kbd.tsx';
import './command-palette.css';
import { usePaletteGroups, type PaletteItem, type PaletteSource } from './palette-items.ts';

export interface CommandPaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Must be stable. */
  readonly sources: readonly PaletteSource[];
}

/** Finds whatever the sources know by a few letters: arrows move, Enter takes, Escape leaves. */
export function CommandPalette({ open, onClose, sources }: CommandPaletteProps): ReactElement {
  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="ui-scrim" />
        <Dialog.Content className="palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Find a template, job or command</Dialog.Title>
          <Finder sources={sources} onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Finder({ sources, onClose }: Omit<CommandPaletteProps, 'open'>): ReactElement {
  const listId = useId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const { groups, isLoading } = usePaletteGroups(sources, query);
  const items = groups.flatMap((group) => group.items);
  const current = items[Math.min(chosen, items.length - 1)];

  const take = (item: PaletteItem): void => {
    onClose();
    // The focus has gone back by then, so a command may move it on.
    setTimeout(item.run);
  };
  const move = (index: number): void => {
    const next = (index + items.length) % items.length;
    setChosen(next);
    const id = items[next]?.id;
    if (id !== undefined) document.getElementById(`${listId}-${id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (items.length === 0 || current === undefined) return;
    const at = items.indexOf(current);
    const steps: Partial<Record<string, () => void>> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at - 1),
      PageDown: () => move(Math.min(at + 8, items.length - 1)),
      PageUp: () => move(Math.max(at - 8, 0)),
      Enter: () => take(current),
    };
    const step = steps[event.key];
    if (step === undefined || event.nativeEvent.isComposing) return;
    event.preventDefault();
    step();
  };

  return (
    <>
      <div className="palette-query">
        <Search aria-hidden="true" />
        <input
          autoFocus
          role="combobox"
          aria-label="Find a template, job or command"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current === undefined ? undefined : `${listId}-${current.id}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Find a template, job or command"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="palette-list" id={listId} role="listbox" aria-label="Found">
        {groups.map(({ source, items: found }) => (
          <div key={source.title} role="group" aria-label={source.title}>
            <div className="palette-heading" aria-hidden="true">
              {source.title}
            </div>
            {found.map((item) => (
              <div
                key={item.id}
                id={`${listId}-${item.id}`}
                className="palette-item"
                role="option"
                aria-selected={item === current}
                onClick={() => take(item)}
                onMouseMove={() => setChosen(items.indexOf(item))}
              >
                {source.icon}
                <span className="palette-title">{item.title}</span>
                <span className="palette-detail">{item.detail}</span>
                {item.shortcut !== undefined && <Kbd shortcut={item.shortcut} />}
              </div>
            ))}
          </div>
        ))}
      </div>
      {groups.length === 0 && !isLoading && (
        <p className="palette-nothing" role="status">
          Nothing found for “{query}”. Try a part of a name, a document id or a verb.
        </p>
      )}
    </>
  );
}
