/** Where both hosts keep things. */
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { InfluxionError } from './error.ts';
import type { Paths } from './ports.ts';

export const NAME = 'Influxion';
const OWNER_ONLY = 0o700;

interface Places {
  readonly data: string;
  readonly cache: string;
}

/**
 * `--data`, else INFLUXION_DATA_DIR, else the platform's folder for user data (XDG Base Directory on Linux). A folder
 * that was named holds everything, so that a container needs one volume; INFLUXION_CACHE_DIR moves what can be made again.
 */
export function findPlaces(given: string | undefined, env: NodeJS.ProcessEnv): Places {
  const fallback = envPaths(NAME, { suffix: '' });
  const named = given ?? (env['INFLUXION_DATA_DIR'] || undefined);
  const cache = env['INFLUXION_CACHE_DIR'] || undefined;
  if (named === undefined) return { data: fallback.data, cache: resolve(cache ?? fallback.cache) };
  const data = resolve(named);
  return { data, cache: resolve(cache ?? join(data, 'cache')) };
}

/** The folder of what ships with the product: beside the sources, or two levels above the bundle in `dist/headless`. */
export function findAssets(from = import.meta.dirname): string {
  const candidates = ['..', '../..', '../../..'].map((up) => resolve(from, up, 'assets'));
  const found = candidates.find((folder) => existsSync(join(folder, 'fonts')));
  if (found !== undefined) return found;
  throw new InfluxionError(
    'DATA_FOLDER_UNUSABLE',
    'The folder "assets" that belongs to Influxion is missing; install it again.',
  );
}

export function hostPaths(given: string | undefined, env: NodeJS.ProcessEnv): Paths {
  const { data, cache } = findPlaces(given, env);
  return {
    data,
    cache,
    database: join(data, 'influxion.db'),
    output: join(data, 'output'),
    templates: join(data, 'templates'),
    assets: findAssets(),
  };
}

/** Whether there is a data folder that could be read; a command that only looks makes none. */
export function hasDataFolder(paths: Paths): boolean {
  return existsSync(paths.database);
}

function unusable(path: string, error: unknown): InfluxionError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const reasons: Record<string, string> = {
    EACCES: 'access is denied',
    EPERM: 'the system does not permit it',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of its path is a file',
    EEXIST: 'a file of that name is in the way',
    ENOSPC: 'the disk is full',
  };
  return new InfluxionError(
    'DATA_FOLDER_UNUSABLE',
    `The data folder ${path} cannot be used: ${reasons[code] ?? code}.`,
    { hint: 'Name another one with --data DIR or INFLUXION_DATA_DIR.' },
    error,
  );
}

/** Makes the data folder with its parts, for this user only. Throws DATA_FOLDER_UNUSABLE with the reason. */
export async function makeDataFolder(paths: Paths): Promise<void> {
  try {
    for (const folder of [paths.data, paths.output, paths.templates, paths.cache]) {
      await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw unusable(paths.data, error);
  }
}
