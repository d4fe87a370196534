/** The built product as the bench starts it: `influxion serve` over a data folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { benchCache } from './floor-browser.ts';
import { BenchClient } from './http-client.ts';

/** The key of the signed documents. */
export const BENCH_KEY = 'bench';

export const COMMAND = join(import.meta.dirname, '../../dist/headless/influxion.js');

/** A client of the API, by the command line. */
export function addClient(env: NodeJS.ProcessEnv): { readonly id: string; readonly secret: string } {
  const added = spawnSync(process.execPath, [COMMAND, 'client', 'add', 'bench', '--json'], { env });
  const { client_id, client_secret } = JSON.parse(added.stdout.toString()) as Record<string, string>;
  return { id: client_id ?? '', secret: client_secret ?? '' };
}

export class HostProcess {
  readonly pid: number;
  readonly client: BenchClient;
  /** Milliseconds from the start of the process until it took requests. */
  readonly readyMs: number;
  /** For commands that reach the same data folder. */
  readonly env: NodeJS.ProcessEnv;
  readonly #child: ChildProcess;
  readonly #data: string;

  private constructor(
    child: ChildProcess,
    { data, env }: { readonly data: string; readonly env: NodeJS.ProcessEnv },
    url: string,
    readyMs: number,
  ) {
    this.#child = child;
    this.#data = data;
    this.env = env;
    this.pid = child.pid ?? 0;
    this.client = new BenchClient(url);
    this.readyMs = readyMs;
  }

  static async start(more: Readonly<Record<string, string>> = {}): Promise<HostProcess> {
    const data = await mkdtemp(join(tmpdir(), 'influxion-bench-'));
    const env = { ...process.env, INFLUXION_DATA_DIR: data, INFLUXION_CACHE_DIR: benchCache, ...more };
    const added = addClient(env);
    spawnSync(process.execPath, [COMMAND, 'key', 'create', BENCH_KEY, '--type', 'ec'], { env });
    const started = performance.now();
    const child = spawn(process.execPath, [COMMAND, 'serve', '--json', '--port', '0'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const host = new HostProcess(child, { data, env }, url, performance.now() - started);
    await host.client.signIn(added.id, added.secret);
    return host;
  }

  async stop(): Promise<void> {
    this.client.close();
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
    await rm(this.#data, { recursive: true, force: true });
  }
}
