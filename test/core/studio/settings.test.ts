import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings, SettingsPatch } from '../../../contract/studio/app.ts';
import { diskCalls, type DiskCalls } from '../../../core/store/durable-file.ts';
import { DEFAULT_SETTINGS, engineLimits } from '../../../core/studio/settings-file.ts';
import { openSettings } from '../../../core/studio/settings-store.ts';
import { silentLogger } from '../../support/job-world.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'influxion-settings-'));
  file = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true }));

const open = (disk?: DiskCalls) => openSettings({ file, logger: silentLogger, ...(disk && { disk }) });

describe('the settings', () => {
  it('are the defaults without a file, and those are valid', async () => {
    const store = await open();
    expect(store.current).toEqual(DEFAULT_SETTINGS);
    expect(store.problem).toBeUndefined();
    expect(Settings.parse(store.current)).toEqual(store.current);
    expect(await readdir(folder)).toEqual([]);
  });

  it('change by what a patch says and keep the rest, over a restart', async () => {
    const store = await open();
    await store.write({ theme: 'dark', api: { mode: 'lan' } });
    await store.write({ api: { announce: true }, retention: { max_jobs: 10 } });
    const expected = {
      ...DEFAULT_SETTINGS,
      theme: 'dark',
      api: { ...DEFAULT_SETTINGS.api, mode: 'lan', announce: true },
      retention: { ...DEFAULT_SETTINGS.retention, max_jobs: 10 },
    };
    expect(store.current).toEqual(expected);
    expect((await open()).current).toEqual(expected);
  });

  it('do not lose one of two changes that come at once', async () => {
    const store = await open();
    await Promise.all([store.write({ theme: 'dark' }), store.write({ api: { port: 9000 } })]);
    expect((await open()).current).toMatchObject({ theme: 'dark', api: { port: 9000 } });
  });

  it('tell each change with its patch, after it is on the disk', async () => {
    const store = await open();
    const told: unknown[] = [];
    store.onChange((settings, patch) => told.push([settings.theme, patch]));
    await store.write({ theme: 'light' });
    expect(told).toEqual([['light', { theme: 'light' }]]);
  });

  it.each([
    ['is no JSON', '{"theme": "dark"', /not valid JSON/],
    ['is another value', '[1]', /the whole file/],
    ['is empty', '', /not valid JSON/],
  ])('are the defaults, with a warning, when the file %s', async (_how, text, warning) => {
    await writeFile(file, text);
    const store = await open();
    expect(store.current).toEqual(DEFAULT_SETTINGS);
    expect(store.problem).toMatch(warning);
    // What a person typed is kept beside.
    await store.write({ theme: 'dark' });
    expect(store.problem).toBeUndefined();
    expect(await readFile(join(folder, 'settings.unusable.json'), 'utf8')).toBe(text);
  });

  it('lose only the fields that cannot be used, each named, and pass over what they do not know', async () => {
    const api = { mode: 'everywhere', port: 9000, lan_addresses: ['0.0.0.0'] };
    await writeFile(file, JSON.stringify({ theme: 'dark', api, retention: 7, later: { sign: true } }));
    const store = await open();
    expect(store.current).toEqual({
      ...DEFAULT_SETTINGS,
      theme: 'dark',
      api: { ...DEFAULT_SETTINGS.api, port: 9000 },
    });
    expect(store.problem).toMatch(/api\.mode, api\.lan_addresses, retention cannot be used/);
  });

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EROFS', 'DATA_FOLDER_UNUSABLE'],
  ])('stay as they were when the disk says %s, and the next write works', async (code, expected) => {
    let failing = true;
    const disk: DiskCalls = {
      ...diskCalls,
      sync: (fd) => (failing ? Promise.reject(Object.assign(new Error(code), { code })) : diskCalls.sync(fd)),
    };
    const store = await open(disk);
    await expect(store.write({ theme: 'dark' })).rejects.toMatchObject({ code: expected });
    expect(store.current.theme).toBe('system');
    expect(await readdir(folder)).toEqual([]);
    failing = false;
    await store.write({ theme: 'light' });
    expect((await open()).current.theme).toBe('light');
  });

  it.each([
    [{ api: { lan_addresses: ['0.0.0.0'] } }],
    [{ api: { lan_addresses: ['::'] } }],
    [{ api: { lan_addresses: ['desk.local'] } }],
    [{ api: { port: 70_000 } }],
    [{ api: { host: '0.0.0.0' } }],
    [{ retention: { max_jobs: 0 } }],
    [{ work: { concurrency: 0 } }],
    [{ work: { print_memory_mb: 10 } }],
    [{ work: { body_mb: 1.5 } }],
    [{ theme: 'blue' }],
  ])('are not to be had from %j', (patch) => {
    expect(SettingsPatch.safeParse(patch).success).toBe(false);
  });

  it('tell an engine what to keep to, and nothing where it is to find out by itself', async () => {
    expect(await engineLimits(folder)).toEqual({});
    await (await open()).write({ work: { concurrency: 3, print_memory_mb: 500 } });
    expect(await engineLimits(folder)).toEqual({ concurrency: 3, printMemoryBytes: 500_000_000 });
  });
});
