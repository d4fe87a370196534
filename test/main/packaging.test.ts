/**
 * What is shipped, asserted on a real packing run over a stand-in for Electron: electron-builder copies it, flips its
 * fuses and builds the archive; only the program itself is missing. Needs `dist/`, which `npm ci` builds.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');
const NODE = process.execPath;

/** Where Electron keeps its fuses in its executable: this text, a version, a count, then one character a fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserProcessSnapshot',
  'fileProtocolExtraPrivileges',
  'wasmTrapHandlers',
] as const;

async function makeElectronStandIn(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'resources'), { recursive: true });
  const wire = Buffer.concat([
    Buffer.from(SENTINEL),
    Buffer.from([1, FUSES.length]),
    Buffer.from('1'.repeat(FUSES.length)),
  ]);
  await writeFile(path.join(folder, 'electron'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]), {
    mode: 0o755,
  });
  await writeFile(path.join(folder, 'version'), 'v0.0.0');
  await writeFile(path.join(folder, 'LICENSE'), 'stand-in');
}

function readFuses(executable: string): Record<string, boolean> {
  const bytes = readFileSync(executable);
  const first = bytes.indexOf(SENTINEL) + SENTINEL.length + 2;
  return Object.fromEntries(FUSES.map((name, at) => [name, bytes[first + at] === '1'.charCodeAt(0)]));
}

interface AsarFolder {
  readonly files: Readonly<Record<string, AsarFolder | { readonly unpacked?: boolean }>>;
}

/** Paths in an archive; its header is JSON behind four little-endian lengths. */
function listAsar(file: string): string[] {
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as AsarFolder;
  const walk = (folder: AsarFolder, at: string): string[] =>
    Object.entries(folder.files).flatMap(([name, entry]) =>
      'files' in entry ? walk(entry, `${at}${name}/`) : [`${at}${name}`],
    );
  return walk(header, '');
}

describe.runIf(process.platform === 'linux')('the packed app', () => {
  let temp: string;
  let app: string;
  let resources: string;

  beforeAll(async () => {
    temp = await mkdtemp(path.join(tmpdir(), 'influxion-pack-'));
    await makeElectronStandIn(path.join(temp, 'electron'));
    await run(
      NODE,
      [
        path.join(ROOT, 'node_modules/electron-builder/cli.js'),
        ...['--dir', '--linux', '--config', 'electron-builder.yml'],
        `-c.electronDist=${path.join(temp, 'electron')}`,
        `-c.directories.output=${path.join(temp, 'release')}`,
      ],
      { cwd: ROOT, maxBuffer: 2 ** 26 },
    );
    const [unpacked] = (await readdir(path.join(temp, 'release'))).filter((name) => name.startsWith('linux'));
    app = path.join(temp, 'release', unpacked ?? '');
    resources = path.join(app, 'resources');
  }, 120_000);
  afterAll(() => rm(temp, { recursive: true }));

  it('is hardened by its fuses', () => {
    expect(readFuses(path.join(app, 'influxion'))).toMatchObject({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      nodeCliInspect: false,
      asarIntegrity: true,
      onlyLoadAppFromAsar: true,
      fileProtocolExtraPrivileges: false,
    });
  });

  it('holds what the app needs, and no sources, maps or packages', () => {
    const files = listAsar(path.join(resources, 'app.asar'));
    for (const needed of [
      'package.json',
      'dist/main/main.js',
      'dist/main/render-worker.js',
      'dist/preload/preload.cjs',
      'dist/renderer/index.html',
    ]) {
      expect(files).toContain(needed);
    }
    const strange = files.filter(
      (file) => !/^(package\.json|dist\/(main|preload|renderer|docs)\/)/.test(file),
    );
    expect(strange).toEqual([]);
    expect(files.filter((file) => /\.(map|ts|tsx)$|node_modules|(^|\/)\./.test(file))).toEqual([]);
  });

  it('carries its workers and its assets as files, and no browser besides its own', async () => {
    const unpacked = path.join(resources, 'app.asar.unpacked');
    // The workers, and what one of them reads as a file.
    expect((await readdir(path.join(unpacked, 'dist', 'main'))).sort()).toEqual([
      'pdf-worker.js',
      'pdfium.wasm',
      'render-worker.js',
    ]);
    expect(existsSync(path.join(unpacked, 'package.json'))).toBe(true);
    expect(existsSync(path.join(unpacked, 'node_modules'))).toBe(false);
    expect(existsSync(path.join(resources, 'assets', 'fonts'))).toBe(true);
    expect(existsSync(path.join(resources, 'assets', 'icons', 'icon.png'))).toBe(true);
    expect(existsSync(path.join(resources, 'assets', 'screenshots'))).toBe(false);
  });

  it('is never started without its sandbox', async () => {
    const text = await Promise.all(
      ['electron-builder.yml', 'scripts/start.ts', 'scripts/pack.ts', 'main/main.ts'].map((file) =>
        readFile(path.join(ROOT, file), 'utf8'),
      ),
    );
    expect(text.join('')).not.toContain('no-sandbox');
  });

  it('is of the size that the README states, without Electron: at most 40 MB', async () => {
    const entries = await readdir(resources, { recursive: true, withFileTypes: true });
    let bytes = 0;
    for (const entry of entries) {
      if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
    }
    expect(bytes / 2 ** 20).toBeLessThan(40);
  });
});
