import type { ReactElement } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import './shortcuts-help.css';
import { useAllCommands } from './use-commands.ts';

export function ShortcutsHelp({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactElement {
  const commands = useAllCommands();
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts" size="l">
      <dl className="shortcuts">
        {commands.map(
          ({ id, title, shortcut }) =>
            shortcut !== undefined && (
              <div key={id}>
                <dt>{title}</dt>
                <dd>
                  <Kbd shortcut={shortcut} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <p className="muted">
        In a list or a menu the arrow keys move; Tab goes from control to control; Escape closes what is on
        top.
      </p>
    </Dialog>
  );
}
