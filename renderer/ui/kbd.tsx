import type { ReactElement } from 'react';
import './kbd.css';
import { shortcutKeys } from './shortcut.ts';

/** A shortcut (`Mod+K`) drawn as keys of this system. */
export function Kbd({ shortcut }: { readonly shortcut: string }): ReactElement {
  return (
    <span className="ui-kbd">
      {shortcutKeys(shortcut).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
