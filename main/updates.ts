/** Updates of the desktop app: off unless whoever runs this computer switches them on, and never under a running job. */
import type { Logger } from '../core/ports.ts';

/** What is used of electron-updater's AppUpdater. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'update-downloaded', listener: (info: { readonly version: string }) => void): unknown;
}

export interface UpdateOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly isPackaged: boolean;
  /** Loaded only where updates are on: loading it is what makes it look for its feed. */
  readonly loadUpdater: () => Promise<Updater>;
  /** Whether no job waits or runs. */
  readonly isIdle: () => boolean;
  readonly announce: (text: string) => void;
  readonly logger: Logger;
}

const CHECK_MS = 6 * 60 * 60_000;

/** `INFLUXION_UPDATES=on` of a packed app; nothing else asks the network for anything. */
const isAllowed = ({ env, isPackaged }: UpdateOptions): boolean =>
  isPackaged && env['INFLUXION_UPDATES'] === 'on';

/**
 * Looks for a newer version now and every six hours while no job runs. What was fetched, and whose signature
 * electron-updater has checked, is installed when the app is left, which waits for its jobs. Returns how to stop.
 */
export async function startUpdates(options: UpdateOptions): Promise<() => void> {
  if (!isAllowed(options)) return () => undefined;
  const { logger, isIdle } = options;
  const updater = await options.loadUpdater();
  updater.autoDownload = true;
  updater.autoInstallOnAppQuit = true;
  updater.on('error', (err) => logger.warn({ err }, 'Looking for an update failed'));
  updater.on('update-downloaded', ({ version }) => {
    options.announce(`Influxion ${version} is ready and will be installed when you quit.`);
  });
  const check = (): void => {
    if (isIdle())
      updater.checkForUpdates().catch((err: unknown) => logger.warn({ err }, 'No update was looked for'));
  };
  check();
  const timer = setInterval(check, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
