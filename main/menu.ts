import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../contract/studio/ipc.ts';

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly devTools: boolean;
  /** What the page offers; none until it has been loaded. */
  readonly commands: readonly MenuCommand[];
  readonly run: (commandId: string) => void;
  readonly copyDiagnostics: () => void;
  readonly openLogs: () => void;
}

/** Titles of menus by the feature that a command belongs to, in this order. */
const FEATURES: readonly (readonly [feature: string, label: string])[] = [
  ['templates', 'Template'],
  ['preview', 'Preview'],
  ['jobs', 'Jobs'],
  ['api', 'API'],
  ['studio', 'Go'],
];

/** The usual menus of the platform by role, which copy and paste need on macOS, and those of the page's commands. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { platform, devTools, commands } = options;
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(devTools ? [{ role: 'toggleDevTools' } as const] : []),
  ];
  const features = FEATURES.flatMap(([feature, label]) => {
    const own = commands.filter(({ id }) => id.startsWith(`${feature}.`));
    return own.length === 0 ? [] : [{ label, submenu: own.map((command) => commandItem(command, options)) }];
  });
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
    { role: 'editMenu' },
    ...features,
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { id: 'diagnostics', label: 'Copy diagnostics', click: options.copyDiagnostics },
        { id: 'logs', label: 'Open the folder of the log', click: options.openLogs },
      ],
    },
  ];
}

function commandItem(command: MenuCommand, { run }: MenuOptions): MenuItemConstructorOptions {
  const accelerator = command.shortcut && acceleratorOf(command.shortcut);
  return {
    id: command.id,
    label: command.title,
    click: () => run(command.id),
    // Shown only: the page listens for its shortcuts itself, the same in a browser.
    ...(accelerator !== undefined && accelerator !== '' && { accelerator, registerAccelerator: false }),
  };
}

const KEY =
  /^(?:[a-z0-9]|f\d{1,2}|enter|escape|delete|backspace|space|tab|up|down|left|right|[,./;'[\]\\`=-])$/i;
const MODIFIERS: Readonly<Record<string, string>> = {
  mod: 'CmdOrCtrl',
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
};

/** Electron's spelling of `Mod+Shift+S`; undefined for what it has no word for, which would throw. */
export function acceleratorOf(shortcut: string): string | undefined {
  const parts = shortcut.split('+');
  const key = parts.pop() ?? '';
  const modifiers = parts.map((part) => MODIFIERS[part.toLowerCase()]);
  if (!KEY.test(key) || modifiers.includes(undefined)) return undefined;
  return [...modifiers, key].join('+');
}
