/**
 * Profile folders and who uses them. A host that was killed leaves its folder behind, and at worst a browser; the next
 * start ends the browser if it can prove that it is that one, and removes the folder.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Logger } from '../../core/ports.ts';
import { processProgram, processStart, sessionMembers } from './process-facts.ts';

const OWNER = 'influxion-owner.json';
/** A folder of this name is being made; nobody's yet. */
const UNFINISHED = '.new-';
const UNFINISHED_MS = 60_000;
const TEMP_PREFIX = 'influxion-temp-';
/** Chromium binds a socket in its temp folder, and the path of a socket has 107 bytes at most (unix(7)). */
const LONGEST_TEMP = 60;

/** Where a browser may write. Both folders are gone when it is. */
export interface Profile {
  readonly folder: string;
  readonly temp: string;
}

interface Owner {
  readonly host: { readonly pid: number; readonly start: string | undefined };
  readonly temp: string;
  readonly browser?: { readonly pid: number; readonly start: string | undefined; readonly program: string };
}

const profilesFolder = (cacheDir: string): string => path.join(cacheDir, 'profiles');

/** A fresh profile that names this process as its owner. */
export async function makeProfile(cacheDir: string): Promise<Profile> {
  const name = randomBytes(6).toString('hex');
  const folder = path.join(profilesFolder(cacheDir), name);
  const unfinished = path.join(profilesFolder(cacheDir), `${UNFINISHED}${name}`);
  const inside = path.join(folder, 't');
  const temp = inside.length <= LONGEST_TEMP ? inside : path.join(os.tmpdir(), `${TEMP_PREFIX}${name}`);
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await writeOwner(unfinished, { host: await thisHost(), temp });
  await rename(unfinished, folder);
  await mkdir(temp, { mode: 0o700 });
  return { folder, temp };
}

/** Notes which browser runs on the profile, so that a later start can end it. */
export async function noteBrowser(profile: Profile, pid: number, program: string): Promise<void> {
  const [host, start, real] = await Promise.all([thisHost(), processStart(pid), processProgram(pid)]);
  await writeOwner(profile.folder, {
    host,
    temp: profile.temp,
    browser: { pid, start, program: real ?? program },
  });
}

async function thisHost(): Promise<Owner['host']> {
  return { pid: process.pid, start: await processStart(process.pid) };
}

async function writeOwner(folder: string, owner: Owner): Promise<void> {
  const aside = path.join(folder, `${OWNER}.${randomBytes(6).toString('hex')}`);
  await writeFile(aside, JSON.stringify(owner), { mode: 0o600 });
  await rename(aside, path.join(folder, OWNER));
}

/** A browser that is just leaving may still write: tried again a few times. */
export async function removeProfile(profile: Profile): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 };
  await rm(profile.temp, options);
  await rm(profile.folder, options);
}

/** Ends the browsers and removes the profiles of hosts that are gone. Those of hosts that live are left alone. */
export async function cleanLeftovers(cacheDir: string, logger: Logger): Promise<void> {
  const folder = profilesFolder(cacheDir);
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const profile = path.join(folder, name);
      try {
        if (name.startsWith(UNFINISHED) && (await ageOf(profile)) < UNFINISHED_MS) return;
        const owner = await readOwner(profile);
        if (owner && (await isAlive(owner.host))) return;
        if (owner?.browser) await endBrowser(owner.browser, logger);
        await removeProfile({ folder: profile, temp: tempOf(owner, profile) });
        logger.info({ profile: name }, 'Removed what a killed host left behind');
      } catch (error) {
        logger.warn({ err: error, profile: name }, 'A profile of a killed host could not be removed');
      }
    }),
  );
}

async function ageOf(folder: string): Promise<number> {
  return Date.now() - (await stat(folder)).mtimeMs;
}

/** The temp folder that is noted, if it is one that this module makes. */
function tempOf(owner: Owner | undefined, profile: string): string {
  const outside = path.join(os.tmpdir(), `${TEMP_PREFIX}${path.basename(profile)}`);
  return owner?.temp === outside ? outside : path.join(profile, 't');
}

async function readOwner(profile: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path.join(profile, OWNER), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

async function isAlive(owner: { pid: number; start: string | undefined }): Promise<boolean> {
  return owner.start !== undefined && (await processStart(owner.pid)) === owner.start;
}

/**
 * Ours is a process with the noted id and start time, and, once that is gone, what runs the noted program in the
 * session that it led: its id cannot be another session's while members of it live (setsid(2)).
 */
async function endBrowser(browser: NonNullable<Owner['browser']>, logger: Logger): Promise<void> {
  if (await isAlive(browser)) {
    logger.warn({ pid: browser.pid }, 'Ending the browser of a killed host');
    killGroup(browser.pid);
    return;
  }
  if ((await processStart(browser.pid)) === undefined) await endOrphans(browser.pid, browser.program);
}

/** Ends what a browser that is gone has left running: its program, in the session that it led. */
async function endOrphans(leader: number, program: string): Promise<void> {
  for (const member of await sessionMembers(leader)) {
    if (member.program === program) process.kill(member.pid, 'SIGKILL');
  }
}

/** SIGKILL for a process and all that it started; no error when they are gone. */
export function killGroup(pid: number): void {
  if (process.platform === 'win32') {
    killTreeOnWindows(pid);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function killTreeOnWindows(pid: number): void {
  spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
    'error',
    () => {
      process.kill(pid, 'SIGKILL');
    },
  );
}
