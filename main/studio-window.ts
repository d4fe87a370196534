/** The one window: sandboxed, guarded, back where it was. */
import path from 'node:path';
import { BrowserWindow, screen, shell } from 'electron';
import { guardContents, guardSession } from './window-guard.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export interface StudioWindow {
  /** Shows a page of the host (`http:`) or of our own making (`data:`). */
  show(url: string): void;
  focus(): void;
}

export interface StudioWindowOptions {
  readonly preload: string;
  readonly stateFolder: string;
  readonly devTools: boolean;
  readonly onRetry: () => void;
  readonly onError: (error: unknown) => void;
}

export function openStudioWindow(options: StudioWindowOptions): StudioWindow {
  const stateFile = path.join(options.stateFolder, 'window.json');
  const state = readWindowState(
    stateFile,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: 480,
    minHeight: 360,
    title: 'Influxion',
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Chromium's PDF viewer, for the document that was just made.
      plugins: true,
      devTools: options.devTools,
    },
  });
  if (state.maximized) window.maximize();

  let origin: string | undefined;
  guardSession(window.webContents.session, () => origin);
  guardContents(window.webContents, {
    origin: () => origin,
    openExternal: (url) => void shell.openExternal(url).catch(options.onError),
    retry: options.onRetry,
  });
  window.on('close', () => {
    writeWindowState(
      stateFile,
      { bounds: window.getNormalBounds(), maximized: window.isMaximized() },
      options.onError,
    );
  });

  return {
    show: (url) => {
      if (window.isDestroyed()) return;
      const parsed = URL.parse(url);
      origin = parsed?.protocol === 'http:' ? parsed.origin : undefined;
      window.loadURL(url).catch(options.onError);
    },
    focus: () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.focus();
    },
  };
}
