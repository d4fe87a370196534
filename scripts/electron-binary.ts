/** Finds Electron's executable, or has Electron's own loader fetch it, without ever importing `electron`. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './layout.ts';

const PACKAGE = path.join(ROOT, 'node_modules', 'electron');

/** Where the executable lies inside a distribution (electron's install.js). */
const EXECUTABLES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** The folder of an unpacked Electron: one that was named, else the one that the loader has fetched. */
export function findElectronDist(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(PACKAGE, 'dist');
  return existsSync(executableIn(folder)) ? folder : undefined;
}

export const executableIn = (dist: string): string =>
  path.join(dist, EXECUTABLES[process.platform] ?? 'electron');

export function electronVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Why there is no use in starting Electron on this machine, or undefined. */
export function obstacleToElectron(env: NodeJS.ProcessEnv): string | undefined {
  if (!existsSync(PACKAGE)) return 'the electron package is not installed';
  if (process.platform !== 'linux') return undefined;
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'there is no screen';
  // Chromium's sandbox does not work for root, and Influxion never runs without it.
  if (process.getuid?.() === 0) return 'Electron does not run as root';
  return undefined;
}

/** True when the loader brought Electron before the deadline. */
export function fetchElectron(deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const loader = spawn(process.execPath, [path.join(PACKAGE, 'install.js')], {
      stdio: 'ignore',
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    });
    loader.once('error', () => resolve(false));
    loader.once('exit', (code) => resolve(code === 0));
  });
}
