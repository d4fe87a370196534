import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';
import './menu.css';

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  /** As in `Command.shortcut`; the menu only shows it. */
  readonly shortcut?: string;
  readonly disabled?: boolean;
  /** Deletes or stops something. */
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

/** `'line'` parts groups of items. */
export type MenuEntry = MenuItem | 'line';

type Parts =
  Pick<typeof RadixDropdown, 'Item' | 'Separator'> | Pick<typeof RadixContext, 'Item' | 'Separator'>;

function entriesOf(entries: readonly MenuEntry[], { Item, Separator }: Parts): ReactElement[] {
  return entries.map((entry, index) =>
    entry === 'line' ? (
      <Separator key={index} className="ui-menu-line" />
    ) : (
      <Item
        key={index}
        className={cx('ui-menu-item', entry.danger === true && 'ui-menu-item-danger')}
        disabled={entry.disabled ?? false}
        onSelect={entry.onSelect}
      >
        {entry.icon}
        <span className="ui-menu-label">{entry.label}</span>
        {entry.shortcut !== undefined && <Kbd shortcut={entry.shortcut} />}
      </Item>
    ),
  );
}

export interface DropdownMenuProps {
  /** The button that opens it, e.g. an IconButton. */
  readonly trigger: ReactElement;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

/** A menu under a button. */
export function DropdownMenu({ trigger, entries, align = 'start' }: DropdownMenuProps): ReactElement {
  return (
    <RadixDropdown.Root>
      <RadixDropdown.Trigger asChild>{trigger}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content className="ui-menu" align={align} sideOffset={4} collisionPadding={8}>
          {entriesOf(entries, RadixDropdown)}
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

export interface ContextMenuProps {
  readonly entries: readonly MenuEntry[];
  /** One element that takes a ref; a right click or the menu key on it opens the menu. */
  readonly children: ReactElement;
}

/** A menu at the pointer. What it offers must also be reachable by a button or a key. */
export function ContextMenu({ entries, children }: ContextMenuProps): ReactElement {
  return (
    <RadixContext.Root>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className="ui-menu" collisionPadding={8}>
          {entriesOf(entries, RadixContext)}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}
