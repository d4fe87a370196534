/** The whole app on the vehicle, driven by Playwright. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { buildAppForVehicle } from './bundle.ts';
import { CACHE } from './fetch-electron.ts';

const START_MS = 30_000;
const LEAVE_MS = 60_000;

export interface BuiltApp extends AsyncDisposable {
  readonly folder: string;
}

export async function buildApp(): Promise<BuiltApp> {
  const folder = await mkdtemp(path.join(CACHE, 'app-'));
  await buildAppForVehicle(folder);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly data: string;
  /** The window of the studio, among those that print. */
  studio(): Promise<Page>;
  /** A call of the studio's page. */
  ask(name: string, input?: object): Promise<unknown>;
  /** Quits as a person does; the exit code, or `killed` when it did not leave. Asked again, it tells the same. */
  quit(): Promise<number | null | 'killed'>;
}

export async function dataFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'influxion-desktop-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export async function startApp(options: {
  readonly program: string;
  readonly folder: string;
  readonly data: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
}): Promise<RunningApp> {
  const profile = path.join(options.data, 'profile');
  const app = await _electron.launch({
    executablePath: options.program,
    timeout: START_MS,
    // The container of the tests is root, which Chromium's sandbox is not made for; the product never runs so.
    args: ['--no-sandbox', `--user-data-dir=${profile}`, options.folder, ...(options.args ?? [])],
    env: { ...(options.environment as Record<string, string>), INFLUXION_DATA_DIR: options.data },
  });
  const child = app.process();
  const left = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let outcome: Promise<number | null | 'killed'> | undefined;
  const leave = async (): Promise<number | null | 'killed'> => {
    void app.evaluate(({ app: own }) => setImmediate(() => own.quit())).catch(() => undefined);
    const late = new Promise<'killed'>((resolve) => {
      setTimeout(resolve, LEAVE_MS, 'killed').unref();
    });
    const first = await Promise.race([left, late]);
    if (first === 'killed') child.kill('SIGKILL');
    return first;
  };
  const isStudio = (page: Page): boolean => page.url().startsWith('app://studio/');
  /** A window is told of once, often before it has the page that it will show: so the windows are asked, not the event. */
  const studio = async (): Promise<Page> => {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      const found = app.windows().find(isStudio);
      if (found !== undefined) return found;
      await sleep(50);
    }
    throw new Error(
      `no window of the studio; there are ${app
        .windows()
        .map((page) => page.url())
        .join(', ')}`,
    );
  };
  return {
    app,
    data: options.data,
    studio,
    async ask(name, input = {}) {
      const page = await studio();
      return page.evaluate(
        ([call, given]) => {
          const bridge = (
            globalThis as unknown as { influxion: { request(...args: unknown[]): Promise<unknown> } }
          ).influxion;
          return bridge.request(Math.floor(Math.random() * 1e9), call, given);
        },
        [name, input] as const,
      );
    },
    quit: () => (outcome ??= leave()),
  };
}
