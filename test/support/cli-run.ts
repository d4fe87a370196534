/** The `influxion` command as a user starts it, from its sources: a process of its own over a data folder. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

export const CLI = join(import.meta.dirname, '../../headless/influxion.ts');

/** Shared by all tests, so that a browser is unpacked once; unset it goes into each data folder. */
const CACHE = join(tmpdir(), 'influxion-test-cache');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly data?: string;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export function startCli(args: readonly string[], options: CliOptions = {}): Child {
  const inherited = { ...process.env };
  delete inherited['NO_COLOR'];
  delete inherited['FORCE_COLOR'];
  return spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd,
    env: {
      ...inherited,
      INFLUXION_CACHE_DIR: CACHE,
      NODE_COMPILE_CACHE: join(CACHE, 'compiled'),
      ...(options.data === undefined ? {} : { INFLUXION_DATA_DIR: options.data }),
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export async function finished(child: Child): Promise<Finished> {
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}

/** Runs one command to its end. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<Finished> {
  const child = startCli(args, options);
  // A command that does not read its input closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return finished(child);
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'influxion-cli-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface ReadyLine {
  readonly event: string;
  readonly url: string;
  readonly studio_url: string;
  readonly lan_urls?: readonly string[];
  readonly fingerprint?: string;
}

/** A running `influxion serve --json --port 0`. */
export class ServeProcess implements AsyncDisposable {
  readonly url: string;
  /** What the line that says ready tells beside it. */
  readonly ready: ReadyLine;
  readonly child: Child;
  private log = '';

  private constructor(child: Child, ready: ReadyLine) {
    this.child = child;
    this.ready = ready;
    this.url = ready.url;
  }

  static async start(options: CliOptions, args: readonly string[] = []): Promise<ServeProcess> {
    const child = startCli(['serve', '--json', '--port', '0', ...args], options);
    child.stdin.end();
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      const started = new ServeProcess(child, JSON.parse(line) as ReadyLine);
      child.stderr.on('data', () => (started.log = log));
      started.log = log;
      child.stdout.resume();
      return started;
    }
    throw new Error(`serve ended before it was ready:\n${log}`);
  }

  get stderr(): string {
    return this.log;
  }

  /** Sends a signal and resolves with the exit code when the process is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'exit');
      this.child.kill(signal);
      await closed;
    }
    return this.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
