/** The icon beside the clock, for when no window is open. */
import { Menu, nativeImage, Tray } from 'electron';

export interface AppTray {
  showState(text: string): void;
  dispose(): void;
}

/** Undefined where the system has no place for it. */
export function openTray(options: {
  readonly icon: string;
  readonly onOpen: () => void;
  readonly onQuit: () => void;
  readonly onError: (error: unknown) => void;
}): AppTray | undefined {
  try {
    const image = nativeImage.createFromPath(options.icon).resize({ width: 22, height: 22 });
    const tray = new Tray(image);
    tray.setToolTip('Influxion');
    tray.on('click', options.onOpen);
    const showState = (text: string): void => {
      if (tray.isDestroyed()) return;
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { id: 'state', label: text, enabled: false },
          { type: 'separator' },
          { id: 'open', label: 'Open Influxion', click: options.onOpen },
          { id: 'quit', label: 'Quit', click: options.onQuit },
        ]),
      );
    };
    return { showState, dispose: () => tray.destroy() };
  } catch (error) {
    options.onError(error);
    return undefined;
  }
}
