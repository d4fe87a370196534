/**
 * Profile folders and who uses them. A host that was killed leaves its folder behind, and at worst a browser; the next
 * start ends the browser if it can prove that it is that one, and removes the folder.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Logger } from '../../core/ports.ts';
import { processStart, sessionMembers } from './process-facts.ts';

const OWNER = 'influxion-owner.json';

interface Owner {
  readonly host: { readonly pid: number; readonly start: string | undefined };
  readonly browser?: { readonly pid: number; readonly start: string | undefined; readonly program: string };
}

const profilesFolder = (cacheDir: string): string => path.join(cacheDir, 'profiles');

/** A fresh profile folder that names this process as its owner. */
export async function makeProfile(cacheDir: string): Promise<string> {
  const profile = path.join(profilesFolder(cacheDir), randomUUID());
  await mkdir(profile, { recursive: true, mode: 0o700 });
  await writeOwner(profile, { host: { pid: process.pid, start: await processStart(process.pid) } });
  return profile;
}

/** Notes which browser runs on the profile, so that a later start can end it. */
export async function noteBrowser(profile: string, pid: number, program: string): Promise<void> {
  const [hostStart, start] = await Promise.all([processStart(process.pid), processStart(pid)]);
  await writeOwner(profile, {
    host: { pid: process.pid, start: hostStart },
    browser: { pid, start, program },
  });
}

async function writeOwner(profile: string, owner: Owner): Promise<void> {
  const aside = path.join(profile, `${OWNER}.${randomUUID()}`);
  await writeFile(aside, JSON.stringify(owner), { mode: 0o600 });
  await rename(aside, path.join(profile, OWNER));
}

/** A browser that is just leaving may still write: tried again a few times. */
export async function removeProfile(profile: string): Promise<void> {
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Ends the browsers and removes the profiles of hosts that are gone. Those of hosts that live are left alone. */
export async function cleanLeftovers(cacheDir: string, logger: Logger): Promise<void> {
  const folder = profilesFolder(cacheDir);
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const profile = path.join(folder, name);
      try {
        const owner = await readOwner(profile);
        if (owner && (await isAlive(owner.host))) return;
        if (owner?.browser) await endBrowser(owner.browser, logger);
        await removeProfile(profile);
        logger.info({ profile: name }, 'Removed what a killed host left behind');
      } catch (error) {
        logger.warn({ err: error, profile: name }, 'A profile of a killed host could not be removed');
      }
    }),
  );
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
  if ((await processStart(browser.pid)) !== undefined) return;
  for (const member of await sessionMembers(browser.pid)) {
    if (member.program === browser.program) process.kill(member.pid, 'SIGKILL');
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
