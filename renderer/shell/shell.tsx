import {
  Activity,
  memo,
  Suspense,
  useEffect,
  useMemo,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import { useHost } from '../host/host-context.tsx';
import { createCommandRegistry, type Command } from '../ui/command-registry.ts';
import { Spinner } from '../ui/spinner.tsx';
import { Toaster } from '../ui/toast.tsx';
import { ActivityBar } from './activity-bar.tsx';
import { CommandPalette } from './command-palette.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { SCREENS, type Screen, type StudioLocation } from './location.ts';
import { tellMenus } from './native-menus.ts';
import { paletteSources, type PaletteTargets } from './palette-sources.tsx';
import { ScreenBoundary } from './screen-boundary.tsx';
import { shellCommands } from './shell-commands.ts';
import { followStatus } from './follow-status.ts';
import { followAddress, useShell } from './shell-store.ts';
import './shell.css';
import { ShortcutsHelp } from './shortcuts-help.tsx';
import { StatusBar } from './status-bar.tsx';
import { followTheme } from './theme-setting.ts';
import { TopBar } from './top-bar.tsx';
import { CommandsProvider } from './use-commands.ts';
import { useShortcuts } from './use-shortcuts.ts';

export interface ShellProps {
  /** What each screen shows; asked for when it is first visited, then kept with its texts and scroll places. Must be stable. */
  readonly screens: Readonly<Record<Screen, () => ReactNode>>;
  /** Commands of the features. Must be stable. */
  readonly commands: readonly Command[];
  readonly targets: PaletteTargets;
  /** The page began or came back at a place: what is named there is to be opened. Must be stable. */
  readonly onArrive: (location: StudioLocation) => void;
}

const NAMES: Record<Screen, string> = {
  templates: 'Templates',
  jobs: 'Jobs',
  batches: 'Batches',
  folders: 'Folders',
  keys: 'Keys',
  verify: 'Verify',
  api: 'API',
  settings: 'Settings',
};

/** The frame of the studio: where to go, what runs, and what can be done. */
export function Shell({ screens, commands, targets, onArrive }: ShellProps): ReactElement {
  const host = useHost();
  const [registry] = useState(createCommandRegistry);
  const location = useShell((state) => state.location);
  const overlay = useShell((state) => state.overlay);
  const sources = useMemo(() => paletteSources(host, registry, targets), [host, registry, targets]);

  useShortcuts(registry);
  useEffect(() => registry.add(shellCommands(host)), [registry, host]);
  useEffect(() => registry.add(commands), [registry, commands]);
  useEffect(() => followAddress(onArrive), [onArrive]);
  useEffect(() => followTheme(host), [host]);
  useEffect(() => followStatus(host), [host]);
  useEffect(() => host.watchConnection?.((connection) => useShell.setState({ connection })), [host]);
  useEffect(() => tellMenus(host, registry), [host, registry]);
  useEffect(
    () =>
      host.subscribe((event) => {
        if (event.type === 'command') registry.run(event.id);
      }),
    [host, registry],
  );
  useEffect(() => {
    document.title = `${NAMES[location.screen]} · Influxion`;
  }, [location.screen]);

  return (
    <CommandsProvider value={registry}>
      <div className="shell">
        <TopBar />
        <ConnectionBar />
        <ActivityBar />
        <Screens screens={screens} />
        <StatusBar />
      </div>
      <CommandPalette open={overlay === 'palette'} onClose={closeOverlay} sources={sources} />
      <ShortcutsHelp open={overlay === 'shortcuts'} onClose={closeOverlay} />
      <Toaster />
    </CommandsProvider>
  );
}

const closeOverlay = (): void => useShell.getState().show('none');

/** Apart from the frame, whose overlays come and go: the screens cost twenty times as much. */
const Screens = memo(function Screens({ screens }: Pick<ShellProps, 'screens'>): ReactElement {
  const { screen: current } = useShell((state) => state.location);
  const visited = useShell((state) => state.visited);
  return (
    <main>
      {SCREENS.filter((screen) => visited.has(screen)).map((screen) => (
        // A screen that is not shown stops listening, but for the editor, whose unsaved texts and pages go on.
        <Activity key={screen} mode={screen === current || screen === 'templates' ? 'visible' : 'hidden'}>
          <section
            className="screen"
            aria-label={NAMES[screen]}
            hidden={screen !== current}
            data-pane
            tabIndex={-1}
          >
            <ScreenBoundary name={NAMES[screen]}>
              <Suspense fallback={<Waiting />}>{screens[screen]()}</Suspense>
            </ScreenBoundary>
          </section>
        </Activity>
      ))}
    </main>
  );
});

function Waiting(): ReactElement {
  return (
    <div className="screen-waiting">
      <Spinner label="Loading" />
    </div>
  );
}
