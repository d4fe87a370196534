/** The built `influxion` command as a user starts it: a process of its own over a data folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The unpacked browser is the same for every data folder of the tests. */
const CACHE = join(import.meta.dirname, '../../.cache/e2e');

const environment = (dataDir: string): NodeJS.ProcessEnv => ({
  ...process.env,
  INFLUXION_DATA_DIR: dataDir,
  INFLUXION_CACHE_DIR: CACHE,
  INFLUXION_BROWSER: 'npm',
});

/** Another build can be named, to test it beside the one that is in use. */
const DIST = process.env['INFLUXION_TEST_DIST'] ?? 'dist';
const COMMAND = join(import.meta.dirname, '../..', DIST, 'headless/influxion.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end. */
export async function influxion(args: readonly string[], dataDir: string, input = ''): Promise<Finished> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: environment(dataDir),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  child.stdin.end(input);
  await once(child, 'close');
  return { code: child.exitCode, ...output };
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'influxion-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The line of `serve --json`. */
interface Ready {
  readonly event: string;
  readonly url: string;
  readonly studio_url: string;
}

export class Host {
  readonly url: string;
  /** Signs a browser in, once. */
  readonly studioUrl: string;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.url = ready.url;
    this.studioUrl = ready.studio_url;
    this.pid = child.pid ?? 0;
  }

  /** Resolves when the host says that it takes requests. Port 0 is a free one. */
  static async start(dataDir: string, port = 0): Promise<Host> {
    const child = spawn(process.execPath, [COMMAND, 'serve', '--json', '--port', String(port)], {
      env: environment(dataDir),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const failed = once(child, 'exit').then(() => {
      throw new Error(`The host left before it was ready:\n${stderr}`);
    });
    const ready = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const event = JSON.parse(line) as Ready;
        if (event.event === 'ready') return event;
      }
      return failed;
    })();
    const event = await Promise.race([ready, failed]);
    failed.catch(() => undefined); // from here on its end is what a test asks for
    child.stdout.resume();
    return new Host(child, event);
  }

  /** SIGTERM, then the exit code. */
  async stop(): Promise<number | null> {
    const exited = once(this.#child, 'exit');
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await exited;
    }
    return this.#child.exitCode;
  }

  /** SIGKILL of the host and all it started, at once: what a power cut leaves. */
  async killTree(): Promise<void> {
    const exited = once(this.#child, 'exit');
    for (const pid of [this.pid, ...descendants(this.pid)]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It left by itself.
      }
    }
    await exited;
  }
}

/** Pids below a process. */
export function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended between the listing and the read.
    }
  }
  const found = [root];
  for (const parent of found) {
    for (const [pid, itsParent] of parents) if (itsParent === parent) found.push(pid);
  }
  return found.slice(1);
}

/** Browsers of these tests that are still there: their profiles lie in the cache. */
export function leftoverBrowsers(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command.includes(CACHE) ? [`${name} ${command.slice(0, 120)}`] : [];
    } catch {
      return [];
    }
  });
}
