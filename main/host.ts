/** The core with the ports of Electron filled in. */
import path from 'node:path';
import { safeStorage } from 'electron';
import { hostPaths, makeDataFolder } from '../core/data-folder.ts';
import { openInfluxion, type Influxion } from '../core/influxion.ts';
import { systemClock, type Logger, type Paths } from '../core/ports.ts';
import { engineLimits } from '../core/studio/settings-file.ts';
import { createWindowEngine } from './engine/window-engine.ts';
import { createSafeSecretStore, secretWarning } from './safe-secret-store.ts';

export interface DesktopHostOptions {
  readonly paths: Paths;
  readonly version: string;
  readonly logger: Logger;
  readonly docsFolder: string;
  /** Whether Chromium takes the shipped fonts first. */
  readonly ownFonts: boolean;
}

export const desktopPaths = (env: NodeJS.ProcessEnv): Paths => hostPaths(undefined, env);

/**
 * Opens the data folder and begins to work, to be called when the app is ready. Errors: DATA_FOLDER_IN_USE,
 * DATA_FOLDER_UNUSABLE, DISK_FULL. An engine that does not start is no error: each job tries again.
 */
export async function openDesktopHost(options: DesktopHostOptions): Promise<Influxion> {
  const { paths, logger, ownFonts } = options;
  await makeDataFolder(paths);
  const warning = secretWarning(process.platform, () => safeStorage.getSelectedStorageBackend());
  if (warning !== undefined) logger.warn({}, warning);
  const influxion = await openInfluxion({
    paths,
    engine: createWindowEngine({
      cacheDir: paths.cache,
      fontsDir: path.join(paths.assets, 'fonts'),
      ownFonts,
      logger,
      ...(await engineLimits(paths.data)),
    }),
    secrets: createSafeSecretStore({
      folder: path.join(paths.data, 'secrets'),
      keyring: safeStorage,
      warning,
    }),
    logger,
    clock: systemClock,
    version: options.version,
    docsFolder: options.docsFolder,
  });
  void work(influxion, logger);
  return influxion;
}

/** What does not come up is shown by the studio's status and tried again with the next job. */
async function work(influxion: Influxion, logger: Logger): Promise<void> {
  try {
    await influxion.openApi();
    await influxion.start();
  } catch (error) {
    logger.error({ err: error }, 'Not everything could be started');
  }
}
