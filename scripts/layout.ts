/** Where things lie in the repository; scripts name folders through here only. */
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const DIST = path.join(ROOT, 'dist');

/** A file in `dist/`, written last by a build: its time says how old the output is. */
export const BUILD_STAMP = '.built';

export const HOST_ENTRY = path.join(DIST, 'headless', 'influxion.js');

/** Everything the output is made from. */
export const SOURCES = [
  'contract',
  'core',
  'headless',
  'main',
  'preload',
  'renderer',
  'scripts',
  'package.json',
  'package-lock.json',
];

export const LAYERS = ['contract', 'core', 'headless', 'main', 'preload', 'renderer', 'scripts', 'test'];
