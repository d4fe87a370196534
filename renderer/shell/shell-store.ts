import { create } from 'zustand';
import type { StudioStatus } from '../../contract/studio/app.ts';
import type { ConnectionState } from '../host/studio-host.ts';
import { formatLocation, parseLocation, type Screen, type StudioLocation } from './location.ts';

export interface ShellState {
  readonly location: StudioLocation;
  /** Screens that were shown; they stay mounted, with their scroll places and unsaved texts. */
  readonly visited: ReadonlySet<Screen>;
  readonly overlay: 'none' | 'palette' | 'shortcuts';
  readonly connection: ConnectionState;
  /** How the host does, as it tells it; undefined until it has answered once. */
  readonly status: StudioStatus | undefined;
  /** From the last edit to its pages, milliseconds. */
  readonly lastRenderMs: number | undefined;
  readonly go: (screen: Screen, id?: string) => void;
  readonly show: (overlay: ShellState['overlay']) => void;
}

const start = parseLocation(location.hash);

export const useShell = create<ShellState>()((set, get) => ({
  location: start,
  visited: new Set([start.screen]),
  overlay: 'none',
  connection: 'up',
  status: undefined,
  lastRenderMs: undefined,
  go(screen, id) {
    const next = { screen, id };
    if (formatLocation(next) !== formatLocation(get().location))
      history.pushState(null, '', formatLocation(next));
    set(({ visited }) => ({ location: next, visited: new Set([...visited, screen]), overlay: 'none' }));
  },
  show: (overlay) => set({ overlay }),
}));

/** Follows Back, Forward and a changed address until disposed; `onArrive` also hears where the page began. */
export function followAddress(onArrive: (location: StudioLocation) => void): () => void {
  const read = (): void => {
    const next = parseLocation(location.hash);
    useShell.setState(({ visited }) => ({ location: next, visited: new Set([...visited, next.screen]) }));
    onArrive(next);
  };
  addEventListener('popstate', read);
  onArrive(useShell.getState().location);
  return () => removeEventListener('popstate', read);
}
