/**
 * The browser of the npm package `@sparticuz/chromium` (Linux x64): a headless shell with the few libraries that it
 * needs, so that it runs on a machine without any browser package. It is unpacked here rather than by the package,
 * which unpacks into the temp folder and runs whatever already lies there.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import {
  access,
  chmod,
  constants,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';
import { tarFiles } from './tar-files.ts';

const PACKAGE = '@sparticuz/chromium';
const BROWSER = 'chromium';
const LIBRARIES = 'lib';
const SEAL = 'unpacked.json';
const CHUNK = 2 ** 21;

export interface UnpackedBrowser {
  readonly path: string;
  /** Folder of the libraries that it brings, when the system lacks one of them. */
  readonly libraries: string | undefined;
  readonly version: string;
}

interface Seal {
  readonly version: string;
  /** By the path in the folder. */
  readonly files: Readonly<Record<string, SealedFile>>;
}

interface SealedFile {
  readonly sha256: string;
  /** Size, inode and change time when it was last hashed: while they stand still, so do the bytes. */
  readonly facts: string;
}

/** The folder of the package, or undefined when it is not installed or not made for this machine. */
export async function locateNpmBrowser(): Promise<{ folder: string; version: string } | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    const entry = createRequire(import.meta.url).resolve(PACKAGE);
    const folder = path.resolve(path.dirname(entry), '..');
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder, version: manifest.version };
  } catch {
    return undefined;
  }
}

/**
 * Unpacks into `<cacheDir>/browser/<version>` unless that is already there and whole: written aside, then renamed, so
 * that a killed unpacking leaves nothing that could be run. Takes about three seconds the first time.
 */
export async function unpackNpmBrowser(
  source: { folder: string; version: string },
  cacheDir: string,
): Promise<UnpackedBrowser> {
  const parent = path.join(cacheDir, 'browser');
  const folder = path.join(parent, `chromium-${source.version}`);
  const unpacked: UnpackedBrowser = {
    path: path.join(folder, BROWSER),
    libraries: (await systemHasLibraries()) ? undefined : path.join(folder, LIBRARIES),
    version: source.version,
  };
  if (await isWhole(folder, source.version)) return unpacked;

  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeAbandoned(parent);
  const aside = path.join(parent, `unpacking-${process.pid}-${randomUUID()}`);
  try {
    await mkdir(path.join(aside, LIBRARIES), { recursive: true, mode: 0o700 });
    const bin = path.join(source.folder, 'bin');
    const hashes: Record<string, string> = {};
    hashes[BROWSER] = await unpackFile(path.join(bin, 'chromium.br'), path.join(aside, BROWSER));
    const archive = await promisify(brotliDecompress)(await readFile(path.join(bin, 'al2023.tar.br')));
    for (const file of tarFiles(archive)) {
      const name = path.join(LIBRARIES, path.basename(file.name));
      await writeFile(path.join(aside, name), file.bytes, { mode: 0o500 });
      hashes[name] = createHash('sha256').update(file.bytes).digest('hex');
    }
    await writeSeal(aside, source.version, hashes);
    await replaceFolder(aside, folder, source.version);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return unpacked;
}

async function unpackFile(from: string, to: string): Promise<string> {
  const hash = createHash('sha256');
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(from, { highWaterMark: CHUNK }),
    createBrotliDecompress({ chunkSize: CHUNK }),
    tee,
    createWriteStream(to, { mode: 0o500, highWaterMark: CHUNK, flush: true }),
  );
  await chmod(to, 0o500);
  return hash.digest('hex');
}

/** Two processes may unpack at once: the loser finds the winner's folder and takes it. */
async function replaceFolder(aside: string, folder: string, version: string): Promise<void> {
  try {
    await rename(aside, folder);
    return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  if (await isWhole(folder, version)) return;
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
}

async function writeSeal(
  folder: string,
  version: string,
  hashes: Readonly<Record<string, string>>,
): Promise<void> {
  const files: Record<string, SealedFile> = {};
  for (const [name, sha256] of Object.entries(hashes)) {
    files[name] = { sha256, facts: await factsOf(path.join(folder, name)) };
  }
  const seal: Seal = { version, files };
  const aside = path.join(folder, `${SEAL}.${randomUUID()}`);
  await writeFile(aside, JSON.stringify(seal), { mode: 0o600 });
  await rename(aside, path.join(folder, SEAL));
}

/** What lies in the cache is run, so it must be what was put there: hashed again whenever a file seems touched. */
async function isWhole(folder: string, version: string): Promise<boolean> {
  let seal: Seal;
  try {
    seal = JSON.parse(await readFile(path.join(folder, SEAL), 'utf8')) as Seal;
    if (seal.version !== version || seal.files[BROWSER] === undefined) return false;
    const untouched = await Promise.all(
      Object.entries(seal.files).map(
        async ([name, file]) => (await factsOf(path.join(folder, name))) === file.facts,
      ),
    );
    if (untouched.every(Boolean)) return true;
    const hashes: Record<string, string> = {};
    for (const [name, file] of Object.entries(seal.files)) {
      if ((await hashFile(path.join(folder, name))) !== file.sha256) return false;
      hashes[name] = file.sha256;
    }
    await writeSeal(folder, version, hashes);
    return true;
  } catch {
    return false;
  }
}

async function factsOf(file: string): Promise<string> {
  const { size, ino, ctimeMs, uid } = await stat(file);
  return [size, ino, ctimeMs, uid].join(' ');
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: CHUNK }), hash);
  return hash.digest('hex');
}

const ABANDONED_MS = 10 * 60 * 1000;

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('unpacking-')) continue;
    const folder = path.join(parent, name);
    const age = await stat(folder).then(
      (facts) => Date.now() - facts.mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
  }
}

const LIBRARY_FOLDERS = [
  '/usr/lib64',
  '/lib64',
  '/usr/lib/x86_64-linux-gnu',
  '/lib/x86_64-linux-gnu',
  '/usr/lib',
];
const NEEDED_LIBRARIES = ['libnss3.so', 'libnssutil3.so', 'libsoftokn3.so', 'libnspr4.so', 'libexpat.so.1'];

/** Where the system has every library that the browser needs, it runs on those: the brought ones want a recent libc. */
async function systemHasLibraries(): Promise<boolean> {
  const found = await Promise.all(
    NEEDED_LIBRARIES.map(async (name) => {
      for (const folder of LIBRARY_FOLDERS) {
        try {
          await access(path.join(folder, name), constants.R_OK);
          return true;
        } catch {
          // Not in this folder.
        }
      }
      return false;
    }),
  );
  return found.every(Boolean);
}
