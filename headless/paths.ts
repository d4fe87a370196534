/** Where the Node host keeps things; the desktop app uses the same default folder. */
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { NAME } from '../core/data-folder.ts';

export { findAssets, findPlaces, hasDataFolder, hostPaths, makeDataFolder } from '../core/data-folder.ts';

const OWNER_ONLY = 0o700;

/** A folder that is made when it is first asked for and removed in the end. */
export function temporaryFolder(): AsyncDisposable & { path(): Promise<string> } {
  let made: Promise<string> | undefined;
  return {
    path: () => (made ??= mkdtemp(join(tmpdir(), 'influxion-'))),
    async [Symbol.asyncDispose]() {
      if (made !== undefined) await rm(await made, { recursive: true, force: true });
    },
  };
}

export interface TemporaryCache extends AsyncDisposable {
  readonly folder: string;
}

/** The user's cache folder for a command that needs no data folder; a temporary one where there is no writable home. */
export async function openCache(env: NodeJS.ProcessEnv): Promise<TemporaryCache> {
  const cache = resolve(env['INFLUXION_CACHE_DIR'] || envPaths(NAME, { suffix: '' }).cache);
  try {
    await mkdir(cache, { recursive: true, mode: OWNER_ONLY });
    accessSync(cache, constants.R_OK | constants.W_OK | constants.X_OK);
    return { folder: cache, [Symbol.asyncDispose]: () => Promise.resolve() };
  } catch {
    const folder = await mkdtemp(join(tmpdir(), 'influxion-'));
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  }
}
