/** The processes of a browser, as the system lists them. Linux. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface BrowserProcessFacts {
  readonly pid: number;
  /** `browser`, `renderer`, `utility`, `zygote`, `gpu-process`. */
  readonly type: string;
  readonly command: string;
}

/** Processes whose browser runs on a profile in this cache folder. */
export function browserProcesses(cacheDir: string): BrowserProcessFacts[] {
  const all: { pid: number; session: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      all.push({ pid: Number(name), session: Number(fields[3]), command });
    } catch {
      // It ended while we looked.
    }
  }
  const sessions = new Set(leaders(cacheDir));
  for (const { pid, command } of all) {
    if (command.includes(`--user-data-dir=${cacheDir}${path.sep}`)) sessions.add(pid);
  }
  return all
    .filter(({ session }) => sessions.has(session))
    .map(({ pid, command }) => ({ pid, command, type: /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser' }));
}

/** Browsers that the profiles of the folder name. */
function leaders(cacheDir: string): number[] {
  return profiles(cacheDir).flatMap((name) => {
    try {
      const owner = readFileSync(path.join(cacheDir, 'profiles', name, 'influxion-owner.json'), 'utf8');
      const { browser } = JSON.parse(owner) as { browser?: { pid: number } };
      return browser ? [browser.pid] : [];
    } catch {
      return [];
    }
  });
}

export function profiles(cacheDir: string): string[] {
  try {
    return readdirSync(path.join(cacheDir, 'profiles'));
  } catch {
    return [];
  }
}

const POLL_MS = 20;

/** Resolves once the condition holds; rejects after ten seconds with what was waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`In vain waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export interface EngineHost {
  readonly process: ChildProcess;
  /** Resolves when the host has a hanging print under way. */
  readonly hanging: Promise<void>;
}

/** A process of its own that prints one document and hangs on the next. */
export function startEngineHost(cacheDir: string): EngineHost {
  const script = new URL('./engine-host.ts', import.meta.url);
  const host = spawn(process.execPath, [script.pathname, cacheDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const hanging = new Promise<void>((resolve, reject) => {
    host.stdout.once('data', () => {
      resolve();
    });
    host.once('exit', (code) => {
      reject(new Error(`The host left with ${String(code)}`));
    });
  });
  return { process: host, hanging };
}
