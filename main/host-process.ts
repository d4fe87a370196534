/**
 * The Node host as a child of the desktop app: started, awaited, stopped. It tells that it takes requests by one line of
 * JSON on its stdout, `{"event":"ready","url":"http://127.0.0.1:8787"}`.
 */
import { createInterface } from 'node:readline';

/** What is used of Electron's UtilityProcess. */
export interface HostChild {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  once(event: 'exit', listener: (code: number) => void): unknown;
  /** SIGTERM, which lets running jobs finish; on Windows the process ends at once. */
  kill(): boolean;
}

export interface HostLimits {
  /** Milliseconds from the start to the line that says ready. */
  readonly startMs: number;
  /** Milliseconds from `stop` to the forced end. */
  readonly stopMs: number;
}

export interface HostProcess {
  /** The origin of the studio's page, once requests are taken. Rejects with HostFailure when it comes to nothing. */
  readonly ready: Promise<string>;
  /** Resolves with the exit code, whoever caused the end. */
  readonly ended: Promise<number>;
  /** Asks it to end, and makes it end when it does not. */
  readonly stop: () => Promise<void>;
}

/** Why the host does not run, in words for the error page. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  /** The last lines that it printed. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

const KEPT_OUTPUT = 4000;

/** Only an address of this computer is ever shown in the window. */
function readyOrigin(line: string): string | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null || !('event' in event) || event.event !== 'ready')
    return undefined;
  if (!('url' in event) || typeof event.url !== 'string') return undefined;
  const url = URL.parse(event.url);
  return url?.protocol === 'http:' && url.hostname === '127.0.0.1' ? url.origin : undefined;
}

/** Follows a stream of text and keeps its end. */
function tail(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-KEPT_OUTPUT);
  });
  return () => text;
}

/** The origin from the line that says ready; HostFailure when the process ends or takes too long instead. */
function waitUntilReady(child: HostChild, ended: Promise<number>, startMs: number): Promise<string> {
  const errors = tail(child.stderr);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new HostFailure(`It did not get ready within ${startMs / 1000} seconds.`, errors()));
    }, startMs);
    void ended.then((code) => {
      clearTimeout(timer);
      reject(new HostFailure(`It ended while starting, with exit code ${code}.`, errors()));
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const origin = readyOrigin(line);
      if (origin === undefined) return;
      clearTimeout(timer);
      resolve(origin);
    });
  });
}

/** Starts the host. `killHard` ends a process that ignores SIGTERM. */
export function runHost(
  start: () => HostChild,
  limits: HostLimits,
  killHard: (pid: number) => void,
): HostProcess {
  const child = start();
  const ended = new Promise<number>((resolve) => {
    child.once('exit', resolve);
  });
  const stop = async (): Promise<void> => {
    // It is undefined after the end.
    const { pid } = child;
    if (pid === undefined) return;
    child.kill();
    const timer = setTimeout(() => killHard(pid), limits.stopMs);
    await ended;
    clearTimeout(timer);
  };
  return { ready: waitUntilReady(child, ended, limits.startMs), ended, stop };
}
