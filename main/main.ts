/** The desktop app. Start-up is this list, in this order. */
import path from 'node:path';
import { app, Menu, utilityProcess } from 'electron';
import { createDesktop } from './desktop.ts';
import { menuTemplate } from './menu.ts';
import { stopBeforeQuit } from './quit.ts';
import { openStudioWindow, type StudioWindow } from './studio-window.ts';

const report = (error: unknown): void => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

/** The host and its workers lie beside the archive: they are files that other processes open. */
const unpacked = (folder: string): string => folder.replace(/app\.asar$/, 'app.asar.unpacked');

function start(): void {
  const root = app.getAppPath();
  const devTools = !app.isPackaged;
  let window: StudioWindow | undefined;

  const desktop = createDesktop({
    startHost: () =>
      utilityProcess.fork(
        path.join(unpacked(root), 'dist', 'headless', 'influxion.js'),
        ['serve', '--port', '0', '--json'],
        { stdio: 'pipe', serviceName: 'Influxion host' },
      ),
    killHard: (pid) => process.kill(pid, 'SIGKILL'),
    show: (url) => window?.show(url),
  });
  const openWindow = (): void => {
    window = openStudioWindow({
      preload: path.join(root, 'dist', 'preload', 'preload.cjs'),
      stateFolder: app.getPath('userData'),
      devTools,
      onRetry: () => void desktop.open(),
      onError: report,
    });
  };

  stopBeforeQuit(app, () => desktop.stop(), report);
  app.on('second-instance', () => window?.focus());
  app.on('window-all-closed', () => app.quit());
  void app
    .whenReady()
    .then(() => {
      Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, devTools)));
      openWindow();
      return desktop.open();
    })
    .catch((error: unknown) => {
      report(error);
      app.exit(1);
    });
}

if (app.requestSingleInstanceLock()) start();
else app.quit();
