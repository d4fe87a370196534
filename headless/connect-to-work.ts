import { connectToRunning } from './connect.ts';
import type { HostConnection } from './host-connection.ts';
import { hostPaths, makeDataFolder } from './paths.ts';

/**
 * The Influxion that runs; else the data folder, made where there is none, whose jobs run in this process until the
 * connection is closed. Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, ENGINE_NOT_FOUND, ENGINE_START_FAILED.
 */
export async function connectToWork(
  dataFolder: string | undefined,
  options: { readonly workers?: number | undefined; readonly browser?: string | undefined } = {},
): Promise<HostConnection> {
  const running = connectToRunning(dataFolder);
  if (running !== undefined) return running;
  const paths = hostPaths(dataFolder, process.env);
  await makeDataFolder(paths);
  const { workOnFolder } = await import('./connect-folder.ts');
  return workOnFolder(paths, options);
}
