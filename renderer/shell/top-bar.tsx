import { Keyboard, Moon, Search, Sun } from 'lucide-react';
import { useSyncExternalStore, type ReactElement } from 'react';
import { useHost } from '../host/host-context.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { currentTheme, onTheme } from '../ui/theme.ts';
import { useShell } from './shell-store.ts';
import { setTheme } from './theme-setting.ts';
import './top-bar.css';

export function TopBar(): ReactElement {
  const host = useHost();
  const show = useShell((state) => state.show);
  const theme = useSyncExternalStore(onTheme, currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="top-bar">
      <h1>Influxion</h1>
      <button type="button" className="top-bar-find" onClick={() => show('palette')}>
        <Search aria-hidden="true" />
        <span>Find a template, job or command</span>
        <Kbd shortcut="Mod+K" />
      </button>
      <div className="top-bar-actions">
        <IconButton
          label="Keyboard shortcuts"
          shortcut="F1"
          icon={<Keyboard aria-hidden="true" />}
          onClick={() => show('shortcuts')}
        />
        <IconButton
          label={`Use the ${other} theme`}
          icon={theme === 'dark' ? <Sun aria-hidden="true" /> : <Moon aria-hidden="true" />}
          onClick={() => setTheme(host, other)}
        />
      </div>
    </header>
  );
}
