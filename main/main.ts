/** The desktop app. Start-up is this list, in this order. */
import path from 'node:path';
import { app, powerMonitor, protocol, session } from 'electron';
import { growHeapsInLargeSteps } from '../core/heap-steps.ts';
import { createLogger } from '../core/pino-logger.ts';
import { openDesktop, type Desktop } from './desktop.ts';
import { hasPrivateFonts } from './engine/private-fonts.ts';
import { desktopPaths, openDesktopHost } from './host.ts';
import { openLogFile } from './log-file.ts';
import { filesAmong } from './opened-files.ts';
import { stopBeforeQuit } from './quit.ts';
import { serveStudio, STUDIO_SCHEME } from './studio-scheme.ts';

/** Jobs that run get this long when the app is left. */
const DRAIN_MS = 8_000;
/** Of the studio's window alone: what documents are printed in shares nothing with it. */
const PARTITION = 'persist:studio';

function start(): void {
  const root = app.getAppPath();
  const paths = desktopPaths(process.env);
  const logFolder = path.join(paths.data, 'logs');
  const logger = createLogger({ level: 'info', stream: openLogFile(logFolder) });
  const fonts = { cacheDir: paths.cache, fontsDir: path.join(paths.assets, 'fonts') };
  const ownFonts = hasPrivateFonts(fonts, process.env);
  const given = filesAmong(process.argv.slice(1), process.cwd());
  let desktop: Desktop | undefined;

  // Electron would tell of it in a dialog, and nothing would go on, no job of the night either, until somebody closes that.
  process.on('uncaughtException', (err) => logger.error({ err }, 'Something failed that nothing expects'));
  // Once: the host is opened again when a person asks for that.
  growHeapsInLargeSteps();
  protocol.registerSchemesAsPrivileged([STUDIO_SCHEME]);
  stopBeforeQuit(
    app,
    async () => desktop?.close(DRAIN_MS),
    (err) => logger.error({ err }, 'Not everything could be closed'),
  );
  app.on('second-instance', (_event, args, folder) => {
    desktop?.openWindow();
    desktop?.openFiles(filesAmong(args.slice(1), folder));
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    if (desktop === undefined) given.push(file);
    else desktop.openFiles([file]);
  });
  app.on('activate', () => desktop?.openWindow());
  app.on('window-all-closed', () => {
    // Electron would quit: see onWindowClosed.
  });
  void app
    .whenReady()
    .then(async () => {
      const studioSession = session.fromPartition(PARTITION);
      await serveStudio(studioSession.protocol, path.join(root, 'dist', 'renderer'));
      powerMonitor.on('shutdown', () => app.quit());
      desktop = openDesktop({
        openHost: () =>
          openDesktopHost({
            paths,
            version: app.getVersion(),
            logger,
            docsFolder: path.join(root, 'dist', 'docs'),
            ownFonts,
          }),
        session: studioSession,
        preload: path.join(root, 'dist', 'preload', 'preload.cjs'),
        icon: path.join(paths.assets, 'icons', 'icon.png'),
        logFolder,
        logger,
        onWindowClosed: () => {
          // Else the tray says what goes on.
          if (desktop?.isNeeded !== true && process.platform !== 'darwin') app.quit();
        },
      });
      desktop.openWindow();
      desktop.openFiles(given);
    })
    .catch((error: unknown) => {
      logger.error({ err: error }, 'The app could not start');
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      app.exit(1);
    });
}

if (app.requestSingleInstanceLock()) start();
else app.quit();
