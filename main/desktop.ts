/** The running app: its core, its window, its tray, and what passes between them. */
import path from 'node:path';
import {
  app,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  Notification,
  powerSaveBlocker,
  shell,
  type Session,
} from 'electron';
import type { MenuCommand } from '../contract/studio/ipc.ts';
import type { Influxion } from '../core/influxion.ts';
import type { Logger } from '../core/ports.ts';
import { serveStudioIpc, type StudioContents } from './ipc/studio-ipc.ts';
import { menuTemplate } from './menu.ts';
import { failurePage } from './notice-page.ts';
import { readOpenedFile } from './opened-files.ts';
import { apiLine, backgroundReason, watchQueue } from './queue-watch.ts';
import { openStudioWindow, type StudioWindow } from './studio-window.ts';
import { openTray } from './tray.ts';
import { startUpdates } from './updates.ts';

export interface DesktopOptions {
  /** Opens the core; called again when a person asks to try again. */
  readonly openHost: () => Promise<Influxion>;
  readonly session: Session;
  readonly preload: string;
  readonly icon: string;
  readonly logFolder: string;
  /** Windows that print stay, so Electron itself never says that all are closed. */
  readonly onWindowClosed: () => void;
  readonly logger: Logger;
}

export interface Desktop {
  openWindow(): void;
  openFiles(files: readonly string[]): void;
  /** Whether there is work that goes on without a window. */
  readonly isNeeded: boolean;
  /** Finishes within the budget; what is left is taken up at the next start. */
  close(budgetMs: number): Promise<void>;
}

/** To be called once, when the app is ready. */
export function openDesktop(options: DesktopOptions): Desktop {
  const { logger } = options;
  const devTools = !app.isPackaged;
  const onError = (error: unknown): void =>
    logger.error({ err: error }, 'Something of the desktop app failed');
  const opened = Promise.withResolvers<Influxion>();
  opened.promise.catch(() => undefined);
  const files: string[] = [];
  const listening = new Set<StudioContents>();
  let opening: Promise<void> | undefined;
  let influxion: Influxion | undefined;
  let window: StudioWindow | undefined;
  let isClosing = false;

  const openWindow = (): void => {
    if (isClosing) return;
    if (window !== undefined) {
      window.focus();
      return;
    }
    window = openStudioWindow({
      preload: options.preload,
      session: options.session,
      stateFolder: app.getPath('userData'),
      devTools,
      onRetry: () => {
        window?.showStudio();
        start();
      },
      onClosed: () => {
        window = undefined;
        const reason = backgroundReason(queue.isBusy, influxion?.api());
        if (!isClosing && reason !== undefined) announce(reason);
        options.onWindowClosed();
      },
      onError,
    });
    window.showStudio();
  };

  const tray = openTray({ icon: options.icon, onOpen: openWindow, onQuit: () => app.quit(), onError });

  const announce = (text: string): void => {
    if (!Notification.isSupported()) return;
    const notice = new Notification({ title: 'Influxion', body: text });
    notice.on('click', openWindow);
    notice.show();
  };

  const queue = watchQueue({
    stayAwake: () => {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      return () => powerSaveBlocker.stop(id);
    },
    showState: (text) =>
      tray?.showState(influxion === undefined ? text : `${text} · ${apiLine(influxion.api())}`),
    allDone: (text) => {
      if (window?.isInFront !== true) announce(text);
    },
  });

  const start = (): void => {
    opening ??= options.openHost().then(
      (host) => {
        influxion = host;
        host.studio.events.subscribe((event) => queue.hear(event));
        opened.resolve(host);
      },
      (error: unknown) => {
        opening = undefined;
        onError(error);
        window?.showNotice(failurePage(error));
      },
    );
  };

  const deliverFiles = async (): Promise<void> => {
    const [contents] = listening;
    if (contents === undefined) return;
    for (const file of files.splice(0)) {
      try {
        contents.send('studio:event', await readOpenedFile(file));
        app.addRecentDocument(file);
      } catch (error) {
        dialog.showErrorBox(
          'The file was not opened',
          error instanceof Error ? error.message : String(error),
        );
      }
    }
  };

  const copyDiagnostics = async (): Promise<void> => {
    const { router } = (await opened.promise).studio;
    const call = { client: 'menu', signal: new AbortController().signal };
    const reply = await router.handle('app.diagnostics', {}, call);
    const { electron, chrome, node } = process.versions;
    const versions = `Electron ${electron}, Chromium ${chrome}, Node ${node}`;
    await clipboard.writeText(
      reply.ok ? `${versions}\n${(reply.data as { text: string }).text}` : reply.error.message,
    );
  };

  const showMenu = (commands: readonly MenuCommand[]): void => {
    const template = menuTemplate({
      platform: process.platform,
      devTools,
      commands,
      run: (id) => window?.contents.send('studio:event', { type: 'command', id }),
      copyDiagnostics: () => void copyDiagnostics().catch(onError),
      openLogs: () => void shell.openPath(options.logFolder).catch(onError),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };

  showMenu([]);
  tray?.showState('Starting …');
  serveStudioIpc({
    ipcMain,
    studio: opened.promise.then((host) => host.studio),
    logger,
    onCommands: showMenu,
    onListening: (contents) => {
      if (!listening.has(contents)) contents.on('destroyed', () => listening.delete(contents));
      listening.add(contents);
      void deliverFiles();
    },
  });
  start();
  const updating = startUpdates({
    env: process.env,
    isPackaged: app.isPackaged,
    loadUpdater: async () => (await import('electron-updater')).autoUpdater,
    isIdle: () => !queue.isBusy,
    announce,
    logger,
  });
  void updating.catch(onError);

  return {
    openWindow,
    openFiles(more) {
      files.push(...more.map((file) => path.resolve(file)));
      void deliverFiles();
    },
    get isNeeded() {
      return backgroundReason(queue.isBusy, influxion?.api()) !== undefined;
    },
    async close(budgetMs) {
      isClosing = true;
      // While its last words can still be saved.
      await window?.close();
      await opening;
      await influxion?.close(budgetMs);
      queue.dispose();
      tray?.dispose();
    },
  };
}
