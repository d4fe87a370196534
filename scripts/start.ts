/**
 * `npm start`: builds if needed, then runs the app: on Electron where that is possible, else on Node.
 * `--node` chooses Node; all other arguments go to `influxion serve`.
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostPaths } from '../core/data-folder.ts';
import { SHIPPED_FAMILIES } from '../core/pdf/font-aliases.ts';
import { writeFontConfiguration } from '../core/pdf/fontconfig.ts';
import { returnFreedMemory } from '../headless/return-freed-memory.ts';
import { executableIn, fetchElectron, findElectronDist, obstacleToElectron } from './electron-binary.ts';
import { isBuildFresh } from './freshness.ts';
import { HOST_ENTRY, ROOT } from './layout.ts';

const FETCH_DEADLINE_MS = 20_000;

/** An Electron that ends with an error this soon has not come up at all. */
const START_MS = 10_000;

/** A terminal sends Ctrl+C to every process of the command, and npm passes it on once more. */
const SAME_KEYSTROKE_MS = 500;

const PARENT_CHECK_MS = 500;

const say = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

/** In a process of its own, so that the tools of the build do not stay in the memory of the host. */
function buildIfNeeded(): boolean {
  if (isBuildFresh()) return true;
  say('Building Influxion …');
  const script = path.join(import.meta.dirname, 'build.ts');
  return spawnSync(process.execPath, [script], { stdio: ['ignore', process.stderr, 'inherit'] }).status === 0;
}

/** The folder of an Electron that can be tried, or why there is none. */
async function chooseElectron(
  args: readonly string[],
): Promise<{ readonly dist?: string; readonly reason: string }> {
  if (args.length > 0) return { reason: 'its arguments are those of the Node host' };
  const obstacle = obstacleToElectron(process.env);
  if (obstacle !== undefined) return { reason: obstacle };
  const present = findElectronDist(process.env);
  if (present !== undefined) return { dist: present, reason: '' };
  say(`Fetching Electron, for at most ${FETCH_DEADLINE_MS / 1000} seconds …`);
  await fetchElectron(FETCH_DEADLINE_MS);
  const fetched = findElectronDist(process.env);
  return fetched === undefined ? { reason: 'Electron could not be fetched' } : { dist: fetched, reason: '' };
}

/** Chromium reads it before the app itself could set it; the same pages so come out as on Node. */
async function fontEnvironment(): Promise<NodeJS.ProcessEnv> {
  if (process.platform !== 'linux') return {};
  const { cache, assets } = hostPaths(undefined, process.env);
  const fontsDir = path.join(assets, 'fonts');
  const folders = { cacheDir: cache, fontsDir, shipped: SHIPPED_FAMILIES };
  try {
    return { FONTCONFIG_FILE: await writeFontConfiguration(folders) };
  } catch {
    // The app itself says what is wrong with its folders.
    return {};
  }
}

/** Resolves with the exit code, or undefined when Electron does not come up on this machine. */
async function runElectron(dist: string): Promise<number | undefined> {
  const fonts = await fontEnvironment();
  const started = performance.now();
  const app = spawn(executableIn(dist), [ROOT], {
    stdio: 'inherit',
    env: { ...process.env, ...fonts },
    // In a group of its own on POSIX, so that each signal reaches it once.
    detached: process.platform !== 'win32',
  });
  let signalled = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - signalled > SAME_KEYSTROKE_MS) app.kill(signal);
      signalled = now;
    });
  }
  return new Promise((resolve) => {
    app.once('error', () => resolve(undefined));
    app.once('exit', (code) => {
      const cameUp = code === 0 || Number.isFinite(signalled) || performance.now() - started > START_MS;
      resolve(cameUp ? (code ?? 1) : undefined);
    });
  });
}

/**
 * npm passes a signal to the shell of the script, and the shell dies of it without telling what it runs. The only trace
 * of that is another parent, for which there is no event.
 */
function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  watch.unref();
}

/** This process becomes the host: nothing stands between it and the signals it gets. */
async function becomeNodeHost(args: readonly string[]): Promise<void> {
  process.argv.splice(1, process.argv.length, HOST_ENTRY, 'serve', ...args);
  await import(pathToFileURL(HOST_ENTRY).href);
}

async function start(): Promise<void> {
  returnFreedMemory(); // before anything here is watched or open, since this process becomes the host
  endWithNpm();
  const args = process.argv.slice(2);
  const hostArgs = args.filter((arg) => arg !== '--node');
  if (!buildIfNeeded()) {
    process.exitCode = 1;
    return;
  }
  const { dist, reason } = await chooseElectron(args);
  if (dist !== undefined) {
    const code = await runElectron(dist);
    if (code !== undefined) {
      process.exitCode = code;
      return;
    }
  }
  const why = dist === undefined ? reason : 'Electron does not start on this machine';
  say(`Influxion runs on Node, because ${why}; open the address below in a browser.`);
  await becomeNodeHost(hostArgs);
}

await start();
