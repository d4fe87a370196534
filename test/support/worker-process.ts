/** `influxion worker` as a process of its own, from its sources. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startCli } from './cli-run.ts';

export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Of the node. */
  readonly name: string;
  readonly log: () => string;
  signal(name: NodeJS.Signals): void;
  /** Sends a signal; the exit code, or null when the signal ended it. */
  end(name?: NodeJS.Signals): Promise<number | null>;
}

/** Resolves when it takes jobs. */
export async function startWorker(
  broker: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  const child = startCli(['worker', '--json', '--browser', 'npm', ...args], {
    env: { INFLUXION_CELERY_BROKER_URL: broker, ...env },
  });
  child.stdin.end();
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  if (done === true) throw new Error(`The worker ended before it was ready:\n${log}`);
  child.stdout.resume();
  const end = async (name: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(name);
      await gone;
    }
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    name: (JSON.parse(value) as { name: string }).name,
    log: () => log,
    signal: (name) => void child.kill(name),
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
    },
  };
}
