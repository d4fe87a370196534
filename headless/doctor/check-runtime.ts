import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import { VERSION } from '../version.ts';
import type { Finding } from './finding.ts';

export function checkVersions(): Finding[] {
  const { node, sqlite } = process.versions;
  return [
    {
      id: 'influxion',
      label: 'Influxion',
      state: 'ok',
      says: `${VERSION} on ${platform()} ${release()} (${arch()})`,
    },
    { id: 'node', label: 'Node', state: 'ok', says: node },
    { id: 'sqlite', label: 'SQLite', state: 'ok', says: sqlite ?? 'unknown' },
  ];
}

/** The desktop app's runtime. Only looked for, never loaded: loading the package downloads a binary that is missing. */
export function checkElectron(): Finding {
  const finding = { id: 'electron', label: 'Electron' } as const;
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { ...finding, state: 'note', says: 'not installed; only the desktop app needs it' };
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile)
    ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
    : undefined;
  if (binary !== undefined && existsSync(binary)) {
    return { ...finding, state: 'ok', says: `${version}, ${binary}` };
  }
  return {
    ...finding,
    state: 'note',
    says: `package ${version}, but its binary is not here; only the desktop app needs it`,
    fix: 'npm start fetches it when it can; "node node_modules/electron/install.js" does so by hand.',
  };
}
