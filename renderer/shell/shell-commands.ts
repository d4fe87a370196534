import type { StudioHost } from '../host/studio-host.ts';
import type { Command } from '../ui/command-registry.ts';
import { openReference } from './open-reference.ts';
import { focusPane } from './panes.ts';
import { useShell } from './shell-store.ts';
import { setTheme } from './theme-setting.ts';

/** What the frame itself can do. */
export function shellCommands(host: StudioHost): readonly Command[] {
  const { go, show } = useShell.getState();
  return [
    {
      id: 'studio.palette',
      title: 'Find a template, job or command',
      shortcut: 'Mod+K',
      run: () => show('palette'),
    },
    { id: 'studio.templates', title: 'Go to templates', shortcut: 'Alt+1', run: () => go('templates') },
    { id: 'studio.jobs', title: 'Go to jobs', shortcut: 'Alt+2', run: () => go('jobs') },
    { id: 'studio.batches', title: 'Go to batches', shortcut: 'Alt+3', run: () => go('batches') },
    { id: 'studio.folders', title: 'Go to hot folders', shortcut: 'Alt+4', run: () => go('folders') },
    { id: 'studio.keys', title: 'Go to keys', shortcut: 'Alt+5', run: () => go('keys') },
    { id: 'studio.verify', title: 'Go to verify', shortcut: 'Alt+6', run: () => go('verify') },
    { id: 'studio.api', title: 'Go to API', shortcut: 'Alt+7', run: () => go('api') },
    { id: 'studio.settings', title: 'Open settings', shortcut: 'Mod+,', run: () => go('settings') },
    { id: 'studio.next-pane', title: 'Go to the next pane', shortcut: 'F6', run: () => focusPane(1) },
    {
      id: 'studio.previous-pane',
      title: 'Go to the previous pane',
      shortcut: 'Shift+F6',
      run: () => focusPane(-1),
    },
    { id: 'studio.theme-light', title: 'Use the light theme', run: () => setTheme(host, 'light') },
    { id: 'studio.theme-dark', title: 'Use the dark theme', run: () => setTheme(host, 'dark') },
    { id: 'studio.theme-system', title: 'Use the theme of the system', run: () => setTheme(host, 'system') },
    {
      id: 'studio.shortcuts',
      title: 'Show keyboard shortcuts',
      shortcut: 'F1',
      run: () => show('shortcuts'),
    },
    {
      id: 'studio.reference',
      title: 'Open the API reference',
      run: () => void openReference(host),
    },
  ];
}
