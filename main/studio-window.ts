/** A window of the studio: sandboxed, guarded, back where it was. */
import path from 'node:path';
import { BrowserWindow, screen, shell, type Session, type WebContents } from 'electron';
import { STUDIO_ORIGIN, STUDIO_URL } from './ipc/studio-sender.ts';
import { crashedPage } from './notice-page.ts';
import { guardContents, guardSession } from './window-guard.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export interface StudioWindow {
  /** Shows the studio. */
  showStudio(): void;
  /** Shows a page of our own making, a `data:` URL. */
  showNotice(url: string): void;
  focus(): void;
  /** Lets the page leave in order; ends it when that takes longer than two seconds. */
  close(): Promise<void>;
  /** Whether a person sees it now. */
  readonly isInFront: boolean;
  readonly contents: WebContents;
}

export interface StudioWindowOptions {
  readonly preload: string;
  readonly session: Session;
  readonly stateFolder: string;
  readonly devTools: boolean;
  readonly onRetry: () => void;
  readonly onClosed: () => void;
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
      session: options.session,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      // Chromium's PDF viewer, for finished documents.
      plugins: true,
      devTools: options.devTools,
    },
  });
  if (state.maximized) window.maximize();
  const { webContents: contents } = window;

  const origin = (): string => STUDIO_ORIGIN;
  guardSession(options.session, origin);
  guardContents(contents, {
    origin,
    openExternal: (url) => void shell.openExternal(url).catch(options.onError),
    retry: options.onRetry,
  });
  const show = (url: string): void => {
    if (!window.isDestroyed()) window.loadURL(url).catch(options.onError);
  };
  const crashes = new CrashCount();
  contents.on('render-process-gone', (_event, { reason }) => {
    options.onError(new Error(`The page of the studio ended: ${reason}`));
    const next = crashes.isTooMany() ? crashedPage() : STUDIO_URL;
    // Not from inside the event: the contents are still being taken down.
    setImmediate(() => show(next));
  });
  window.on('close', () => {
    writeWindowState(
      stateFile,
      { bounds: window.getNormalBounds(), maximized: window.isMaximized() },
      options.onError,
    );
  });
  const closed = new Promise<void>((resolve) => window.once('closed', resolve));
  void closed.then(options.onClosed);

  return {
    contents,
    showStudio: () => show(STUDIO_URL),
    showNotice: show,
    get isInFront() {
      return !window.isDestroyed() && window.isVisible() && window.isFocused();
    },
    async close() {
      if (window.isDestroyed()) return;
      const timer = setTimeout(() => window.destroy(), CLOSE_MS);
      window.close();
      await closed;
      clearTimeout(timer);
    },
    focus: () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

const CLOSE_MS = 2000;
const MOST_CRASHES = 3;
const CRASH_SPAN_MS = 60_000;

/** A page that ends is shown again, unless it does nothing but end. */
class CrashCount {
  #times: number[] = [];

  isTooMany(): boolean {
    const now = performance.now();
    this.#times = [...this.#times.filter((time) => now - time < CRASH_SPAN_MS), now];
    return this.#times.length > MOST_CRASHES;
  }
}
